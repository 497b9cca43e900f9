"""One readable stream of what every process says: ``HH:MM:SS name | line``."""

import os
import select
import sys
from datetime import datetime

COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
WIDTH = 9
# A pipe that reports room takes at least this many bytes without blocking (POSIX).
PIPE_ROOM = 512 if sys.platform == "darwin" else 4096


class Stream:
    """Standard output as one log.

    A reader that stopped reading never stops us: lines it does not take are counted
    and dropped, because supervising matters more than telling about it.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self.descriptor = sys.stdout.fileno() if descriptor is None else descriptor
        self.colourful = os.isatty(self.descriptor) and "NO_COLOR" not in os.environ
        self.colours: dict[str, int] = {}
        self.dropped = 0
        self.closed = False

    def line(self, name: str, text: str) -> None:
        """``text`` stands in the log under the name of who said it, with the time."""
        clock = datetime.now().astimezone().strftime("%H:%M:%S")
        label = f"{name:<{WIDTH}} |"
        if self.colourful:
            colour = self.colours.setdefault(
                name, COLOURS[len(self.colours) % len(COLOURS)]
            )
            label = f"\x1b[{colour}m{label}\x1b[0m"
        self.plain(f"{clock} {label} {text}")

    def plain(self, text: str) -> None:
        """``text`` stands in the log as it is."""
        if self.dropped and self._has_room():
            count, self.dropped = self.dropped, 0
            self._write(f"({count} lines were not read in time and are left out)")
        self._write(text)

    def _write(self, text: str) -> None:
        data = text.encode(errors="replace") + b"\n"
        if len(data) > PIPE_ROOM:
            data = data[: PIPE_ROOM - 5] + b" ...\n"
        if self.closed:
            return
        if not self._has_room():
            self.dropped += 1
            return
        try:
            os.write(self.descriptor, data)
        except OSError:
            self.closed = True

    def _has_room(self) -> bool:
        try:
            return bool(select.select([], [self.descriptor], [], 0.2)[1])
        except (OSError, ValueError):
            return False
