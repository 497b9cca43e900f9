"""Processes that hang, as on a machine that does: stopped, and never told why."""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def children(parent: int) -> list[int]:
    """The processes that this one has started and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


@contextmanager
def frozen(*pids: int) -> Iterator[None]:
    """They hang inside the block and go on after it; one may have ended meanwhile."""
    try:
        tell(pids, signal.SIGSTOP)
        yield
    finally:
        tell(pids, signal.SIGCONT)


def tell(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        # A backend may have ended meanwhile.
        with suppress(ProcessLookupError):
            os.kill(pid, number)
