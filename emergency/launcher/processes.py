"""Starting, recognising and ending processes, without leaving any behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Output = int | IO[bytes]


@dataclass(frozen=True)
class Account:
    """Under whose name a process runs: ``prefix`` is put before its command."""

    user: int | None = None
    group: int | None = None
    prefix: tuple[str, ...] = ()

    def owns(self, path: Path) -> bool:
        """Whether ``path`` belongs to whom the process will be for the kernel."""
        expected = os.geteuid() if self.user is None else self.user
        return path.lstat().st_uid == expected

    def adopt(self, path: Path) -> None:
        """``path`` and everything below it belong to this account."""
        if not path.exists() or self.owns(path):
            return
        user = os.geteuid() if self.user is None else self.user
        group = os.getegid() if self.group is None else self.group
        for folder, _folders, files in os.walk(path):
            os.chown(folder, user, group)
            for name in files:
                os.chown(Path(folder, name), user, group, follow_symlinks=False)


MYSELF = Account()


def spawn(
    command: Sequence[str],
    *,
    cwd: Path,
    output: Output,
    env: Mapping[str, str] | None = None,
    account: Account = MYSELF,
    feed: bytes | None = None,
    farewell: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """A child in a session of its own that gets ``farewell`` should we be killed.

    Call it from a thread that lives as long as the child shall: Linux ties the
    farewell to the starting thread, not to the process.
    """
    child = subprocess.Popen(
        [*account.prefix, *command],
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        user=account.user,
        group=account.group,
        extra_groups=None if account.user is None else [],
        start_new_session=True,
        preexec_fn=_tie_to_parent(farewell),
    )
    if feed is not None and child.stdin is not None:
        with contextlib.suppress(BrokenPipeError), child.stdin:
            child.stdin.write(feed)
    return child


def _tie_to_parent(farewell: signal.Signals) -> Callable[[], None] | None:
    if LIBC is None:
        return None
    prctl, number, parent = LIBC.prctl, int(farewell), os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def follow_parent() -> None:
    """SIGTERM reaches us should our parent be killed, where the system offers that."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def birth(pid: int) -> str | None:
    """A mark that tells this process from a later one with the same number.

    None when no such process runs (a zombie does not run).
    """
    if Path("/proc/self/stat").exists():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        # Counted since the machine started, so the start itself belongs to the mark.
        return None if fields[0] in "ZX" else f"{_machine_start()}-{fields[19]}"
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or None


@cache
def _machine_start() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def group_members(group: int) -> list[int]:
    """The living processes of the process group ``group``."""
    answer: list[int] = []
    for pid in _all_pids():
        with contextlib.suppress(OSError):
            if os.getpgid(pid) == group and birth(pid):
                answer.append(pid)
    return answer


def _all_pids() -> list[int]:
    if Path("/proc/self/stat").exists():
        return [int(e.name) for e in Path("/proc").iterdir() if e.name.isdigit()]
    answer = subprocess.run(
        ["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=False
    )
    return [int(line) for line in answer.stdout.split()]


def signal_group(pid: int, number: signal.Signals) -> bool:
    """Whether anybody was left in the process group ``pid`` to receive the signal."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def wait_until(
    condition: Callable[[], bool], *, patience: float, pause: float = 0.02
) -> bool:
    """Whether ``condition`` came true within ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def end_strangers(pids: Sequence[int], *steps: tuple[signal.Signals, float]) -> None:
    """None of ``pids`` (not our children) runs any more.

    Each step is a signal and the seconds they get to follow it; SIGKILL comes last.
    """
    marks = {pid: birth(pid) for pid in pids}

    def alive() -> list[int]:
        return [p for p, mark in marks.items() if mark and birth(p) == mark]

    for number, patience in (*steps, (signal.SIGKILL, 5.0)):
        for pid in alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not alive(), patience=patience):
            return


def working_in(folder: Path, program: str, pid_file: Path) -> list[int]:
    """The processes of ``program`` whose working directory is ``folder``.

    Where the system does not tell working directories, the one ``pid_file`` names.
    """
    if Path("/proc/self/cwd").exists():
        here = os.path.realpath(folder)
        return [p for p in _all_pids() if _works_in(Path(f"/proc/{p}"), here, program)]
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return []
    answer = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [pid] if program in answer.stdout else []


def _works_in(entry: Path, folder: str, program: str) -> bool:
    try:
        if str((entry / "cwd").readlink()) != folder:
            return False
        return (entry / "exe").readlink().name.startswith(program)
    except OSError:
        return False
