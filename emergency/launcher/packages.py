"""System packages: which are missing, and installing them where we may."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emergency.launcher.messages import LauncherError, complain, say


def _loads(library: str) -> Callable[[], bool]:
    def loads() -> bool:
        try:
            ctypes.CDLL(library)
        except OSError:
            return False
        return True

    return loads


def _runs(*programs: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(program) for program in programs)


def _has_a_font() -> bool:
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")
    return any(
        next(Path(folder).glob("**/*.[to]tf"), None) is not None for folder in folders
    )


@dataclass(frozen=True)
class Need:
    """A Debian package and how to see without asking apt that it is there."""

    package: str
    present: Callable[[], bool]


def _pango(name: str) -> str:
    return f"lib{name}.dylib" if sys.platform == "darwin" else f"lib{name}.so.0"


INVOICES = (
    Need("libpango-1.0-0", _loads(_pango("pango-1.0"))),
    Need("libpangoft2-1.0-0", _loads(_pango("pangoft2-1.0"))),
    Need("libharfbuzz-subset0", _loads(_pango("harfbuzz-subset"))),
)
BROWSER = (
    Need("chromium", _runs("chromium", "chromium-browser", "google-chrome")),
    # Pages of the tests need a font; documents bring their own.
    Need("fonts-dejavu-core", _has_a_font),
)
EXTRACTION = (Need("gettext", _runs("xgettext")),)


def missing(needs: tuple[Need, ...]) -> list[str]:
    """The names of the packages that are not there."""
    return [need.package for need in needs if not need.present()]


def apt_line(packages: list[str]) -> str:
    """The command a person with the right to install types."""
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> bool:
    """Whether the packages are installed now; what apt said is shown if not."""
    if not packages:
        return True
    say(f"setup: installing {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    # The package lists may be missing or old: the update is worth its time only then.
    for step in (command, ["apt-get", "update", "-qq"], command):
        done = subprocess.run(
            step,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if step is command and done.returncode == 0:
            return True
    complain("\n".join(done.stderr.strip().splitlines()[-3:]))
    return False


def provide_for_run() -> None:
    """Invoices can be made, or a line says which packages they wait for."""
    lacking = missing(INVOICES)
    if lacking and may_install() and install(lacking):
        return
    if lacking:
        say(
            f"setup: invoices wait for the system packages {', '.join(lacking)};"
            f" all else works. To install them: {apt_line(lacking)}"
        )


def provide_for_tests() -> None:
    """Everything the tests need is there. Raises LauncherError naming what is not."""
    if may_install():
        install(missing((*INVOICES, *BROWSER, *EXTRACTION)))
    lacking = missing((*INVOICES, *BROWSER))
    if lacking:
        raise LauncherError(
            f"Missing system packages: {', '.join(lacking)}."
            f" The tests need them: {apt_line(lacking)}"
        )
