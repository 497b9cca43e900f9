"""What runs now, on disk: for the fault tests, and to find what a killed launcher left.

``processes.json`` maps names to process numbers. ``births.json`` adds to each number
the mark that tells it from a later process with the same number.
"""

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from emergency.launcher.messages import LauncherError
from emergency.launcher.places import Places, write_private
from emergency.launcher.processes import birth, end_strangers, group_members


class Register:
    """The process numbers of one installation."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.births = places.run / "births.json"

    def write(self, pids: Mapping[str, int]) -> None:
        """Both files tell exactly ``pids``."""
        marks = {name: (pid, birth(pid)) for name, pid in pids.items()}
        write_private(self.births, json.dumps(marks))
        write_private(self.places.processes_file, json.dumps(dict(pids), indent=2))

    def clear(self) -> None:
        """Nothing runs: the files that would tell otherwise are gone."""
        for file in (self.births, self.places.processes_file, self.places.env_file):
            file.unlink(missing_ok=True)

    def end_orphans(self) -> list[str]:
        """The names of what an earlier, killed launcher had left; none runs any more.

        Call it only with the lock held: whoever is registered then is an orphan.
        """
        left: dict[str, list[int]] = {}
        for name, (pid, mark) in self._read().items():
            if birth(pid) in (None, mark):
                left[name] = group_members(pid)
        # All at once: the database waits for its clients, and they end here too.
        members = [pid for pids in left.values() for pid in pids]
        end_strangers(members, (signal.SIGTERM, 5.0))
        self.clear()
        return [name for name, pids in left.items() if pids]

    def _read(self) -> dict[str, tuple[int, str | None]]:
        try:
            content = json.loads(self.births.read_text())
        except (OSError, ValueError):
            return {}
        return {name: (int(pid), mark) for name, (pid, mark) in content.items()}


@contextmanager
def only_one(places: Places, purpose: str) -> Iterator[None]:
    """Inside, no other launcher works on the same data.

    Raises LauncherError (exit code 2) naming the process that does.
    """
    _require_ours(places)
    places.run.mkdir(parents=True, exist_ok=True)
    with places.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise LauncherError(
                f"Cannot {purpose}: it is running already (process {holder}). Stop it"
                f" with Ctrl-C in its terminal or: kill {holder}",
                exit_code=2,
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.truncate(0)


def _require_ours(places: Places) -> None:
    """LauncherError where another account made the folder we would write to."""
    folder: Path = places.var
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK) and (
        not places.run.exists() or os.access(places.run, os.W_OK)
    ):
        return
    raise LauncherError(
        f"{folder} belongs to another account. Run as that account, or choose another"
        " folder: DATA_DIR=/path make run"
    )
