"""Set-up: the environment in ``.venv``, what it holds, and the compiled texts."""

import fcntl
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emergency.launcher import packages
from emergency.launcher.messages import LauncherError, say
from emergency.launcher.places import Places

OLDEST = (3, 11)
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"
PINNED = re.compile(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?==[^ ;\\]+)", re.MULTILINE)
COMPILE_TEXTS = """
import os, sys, polib
for name in sys.argv[1:]:
    target, draft = name[:-2] + "mo", f"{name[:-2]}mo.{os.getpid()}"
    polib.pofile(name).save_as_mofile(draft)
    seen = os.stat(name)
    os.utime(draft, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    os.replace(draft, target)
"""


def set_up(places: Places, *, dev: bool = False) -> None:
    """``.venv`` holds the locked packages and every translation is compiled.

    With ``dev`` also what tests, lint and pictures need, system packages included;
    LauncherError when they are missing and may not be installed. Costs next to
    nothing when everything is there already.
    """
    if sys.version_info < OLDEST:
        raise LauncherError(
            "Python 3.11 or newer is needed; this is"
            f" {sys.version_info.major}.{sys.version_info.minor}."
            " Name another: PYTHON=python3.13 make run",
            exit_code=2,
        )
    if dev:
        packages.provide_for_tests()
    else:
        packages.provide_for_run()
    with _one_at_a_time(places):
        install_packages(places, dev=dev)
        compile_texts(places)


@contextmanager
def _one_at_a_time(places: Places) -> Iterator[None]:
    """Two set-ups of one project wait for each other."""
    places.run.mkdir(parents=True, exist_ok=True)
    with (places.run / "setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_packages(places: Places, *, dev: bool) -> None:
    """``.venv`` holds what the lock file says, checked against its hashes."""
    stamp = places.venv / "installed.json"
    locks = {name: places.root / name for name in (RUN_LOCK, DEV_LOCK)}
    wanted = DEV_LOCK if dev else RUN_LOCK
    digest = hashlib.sha256(locks[wanted].read_bytes()).hexdigest()
    installed = _read_stamp(stamp) if places.python.exists() else {}
    if installed.get(wanted) == digest:
        return
    started = time.monotonic()
    say(f"setup: installing {wanted} into .venv")
    if not _has_pip(places):
        create_venv(places)
    stamp.unlink(missing_ok=True)
    _pip_install(places, locks[wanted])
    installed = {wanted: digest}
    if dev and _covers(locks[DEV_LOCK], locks[RUN_LOCK]):
        installed[RUN_LOCK] = hashlib.sha256(locks[RUN_LOCK].read_bytes()).hexdigest()
    stamp.write_text(json.dumps(installed))
    say(f"setup: done in {time.monotonic() - started:.0f} s")


def _read_stamp(stamp: Path) -> dict[str, str]:
    try:
        content = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _covers(whole: Path, part: Path) -> bool:
    """Whether every pinned version of ``part`` is pinned the same in ``whole``."""
    return set(PINNED.findall(part.read_text())) <= set(
        PINNED.findall(whole.read_text())
    )


def _has_pip(places: Places) -> bool:
    if not places.python.exists():
        return False
    found = subprocess.run(
        [places.python, "-c", "import pip"], capture_output=True, check=False
    )
    return found.returncode == 0


def create_venv(places: Places) -> None:
    """An empty environment stands in ``.venv``.

    Raises LauncherError naming the package where the system keeps that part of Python
    in one of its own.
    """
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        wanted = [f"python{version}-venv"]
        if not (packages.may_install() and packages.install(wanted)):
            raise LauncherError(
                f"This Python cannot make environments. Install {wanted[0]} first:"
                f" {packages.apt_line(wanted)}"
            )
    _run([sys.executable, "-m", "venv", "--clear", places.venv], "make .venv")


def _pip_install(places: Places, lock: Path) -> None:
    # The lock names every package with its hash, so nothing is left to resolve.
    command = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    options = ["--no-compile", "--disable-pip-version-check", "--no-input"]
    _run([places.python, *command, *options, "-r", lock], "install the packages")
    site = next(places.venv.glob("lib/python3*/site-packages"))
    # Without bytecode the first page after a start is slower by half a second.
    subprocess.run(
        [places.python, "-m", "compileall", "-q", "-j", "0", site],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _run(command: list[str | Path], purpose: str) -> None:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout.strip().splitlines()[-8:]
        raise LauncherError("\n".join([f"Could not {purpose}:", *said]))


def compile_texts(places: Places) -> None:
    """Beside every ``.po`` stands its ``.mo``, as old as the text it was made of."""
    stale = [
        text
        for text in places.root.glob("*/locale/*/LC_MESSAGES/*.po")
        if not _same_age(text, text.with_suffix(".mo"))
    ]
    if stale:
        _run([places.python, "-c", COMPILE_TEXTS, *stale], "compile the translations")


def _same_age(text: Path, compiled: Path) -> bool:
    try:
        return text.stat().st_mtime_ns == compiled.stat().st_mtime_ns
    except FileNotFoundError:
        return False
