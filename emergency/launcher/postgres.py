"""The embedded PostgreSQL: real server, private socket, no network."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from emergency.launcher.messages import LauncherError
from emergency.launcher.server import Server
from emergency.launcher.shelter import Shelter

MAJOR = "18"
OWNER = "emergency"
# The kernel allows 107 bytes for a socket's path; its lock file is the longest name.
LONGEST_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


class Postgres(Server):
    """One PostgreSQL cluster with the database ``emergency``.

    Whoever may enter the socket's folder is trusted: it is closed to all but the
    server's own account (and root).
    """

    name = "postgres"
    program = "postgres"
    gentle = signal.SIGINT
    firm = signal.SIGQUIT

    def __init__(self, folder: Path, shelter: Shelter, *, fsync: bool) -> None:
        super().__init__(folder, shelter)
        self.fsync = fsync
        self.link = folder.with_name("sockets")
        self.sockets = _socket_folder(shelter, self.link)

    @property
    def url(self) -> str:
        return f"postgres://{OWNER}@{quote(str(self.sockets), safe='')}/{OWNER}"

    @property
    def pid_file(self) -> Path:
        return self.folder / "postmaster.pid"

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "log_checkpoints": "off",
            "log_min_messages": "warning",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.fsync:
            # Commits still reach the kernel: only a crash of the machine loses them.
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for k, v in settings.items() for part in ("-c", f"{k}={v}")]
        return [self._program("postgres"), "-D", str(self.folder), *options]

    def answers(self) -> bool:
        answer = subprocess.run(
            [
                *(self._program("pg_isready"), "-q", "-t", "1"),
                *("-h", str(self.sockets), "-U", OWNER, "-d", OWNER),
            ],
            check=False,
            capture_output=True,
        )
        return answer.returncode == 0

    def prepare(self) -> None:
        if not self.sockets.exists():
            self.sockets.mkdir(mode=0o700)
            self.shelter.folder(self.sockets)
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        version = (self.folder / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise LauncherError(
                f"{self.folder} was written by PostgreSQL {version}, the embedded one"
                f" is {MAJOR}: dump it with {version} first, or `make reset`."
            )
        super().prepare()
        # A number in it that now belongs to another program would block the start.
        self.pid_file.unlink(missing_ok=True)
        self._clear_sockets()

    def close(self) -> None:
        super().close()
        if self.sockets.exists():
            self._clear_sockets()
            self.sockets.rmdir()
        self.link.unlink(missing_ok=True)

    def _clear_sockets(self) -> None:
        for leftover in self.sockets.glob(".s.PGSQL.*"):
            leftover.unlink()

    def _create(self) -> None:
        """The cluster appears whole or not at all: it is made beside and moved."""
        draft = self.folder.resolve().with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        self.shelter.folder(draft)
        self._once(
            [
                *(self._program("initdb"), "-D", str(draft), "-U", OWNER),
                *("--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"),
                *("--locale=C", "--locale-provider=builtin"),
                *("--builtin-locale=C.UTF-8", "--no-instructions"),
                *(() if self.fsync else ("--no-sync",)),
            ],
            draft,
        )
        self._once(
            [self._program("postgres"), "--single", "-D", str(draft), "postgres"],
            draft,
            f"CREATE DATABASE {OWNER};\n",
        )
        target = self.folder.resolve()
        if target.exists():
            # Only an empty folder may be replaced: rmdir refuses any other.
            target.rmdir()
        draft.rename(target)

    def _once(self, command: list[str], folder: Path, text: str = "") -> None:
        account = self.shelter.account
        done = subprocess.run(
            [*account.prefix, *command],
            cwd=folder,
            input=text,
            user=account.user,
            group=account.group,
            extra_groups=None if account.user is None else [],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason"]
            raise LauncherError(f"PostgreSQL cannot make its data: {said[-1]}")

    def _program(self, name: str) -> str:
        return str(self.shelter.binaries.postgres / name)


def _socket_folder(shelter: Shelter, link: Path) -> Path:
    """A folder with a path short enough for a socket, closed to others.

    ``link`` leads to it; one that a killed launcher left behind is used again.
    """
    account = shelter.account
    if link.is_symlink():
        left = link.readlink()
        if left.is_dir() and not left.is_symlink() and account.owns(left):
            left.chmod(0o700)
            return left
        link.unlink()
    for space in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes it
        if len(os.fsencode(space)) + len("/emergency-12345678") <= LONGEST_FOLDER:
            made = Path(tempfile.mkdtemp(prefix="emergency-", dir=space))
            link.symlink_to(shelter.folder(made))
            return made
    raise LauncherError("No temporary folder has a path short enough for a socket.")
