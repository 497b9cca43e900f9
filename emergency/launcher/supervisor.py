"""Keeps the processes running, relays what they say, and ends them all."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from emergency.launcher.messages import LauncherError
from emergency.launcher.processes import signal_group
from emergency.launcher.register import Register
from emergency.launcher.stream import Stream

Start = Callable[[int], subprocess.Popen[bytes]]

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
# Whoever ran this long and then ended starts again without a growing pause.
SETTLED_AFTER = 30.0
PATIENCE = 8.0
HEARTBEAT = 0.1
CHUNK = 65_536


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Child:
    """One supervised process: ``start`` begins it with its output to a descriptor.

    ``afterwards`` clears away what it leaves on disk once it has ended for good.
    """

    name: str
    start: Start
    once: bool = False
    farewell: signal.Signals = signal.SIGTERM
    afterwards: Callable[[], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    pipe: int | None = None
    rest: bytes = b""
    pause: float = FIRST_PAUSE
    started: float = 0.0
    due: float | None = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """All children of one launcher, driven by one thread.

    One thread only, because Linux ties a child's farewell to the thread that started
    it, and because starting processes from several threads is not safe.
    """

    stream: Stream
    register: Register
    children: dict[str, Child] = field(default_factory=dict)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    stop_requested: float | None = None
    hurry: bool = False

    def listen_to_signals(self) -> None:
        """SIGINT, SIGTERM and SIGHUP ask for a clean end; a second SIGINT hurries."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: object) -> None:
        now = time.monotonic()
        if self.stop_requested is None:
            self.stop_requested = now
        # One key press may arrive twice, from the terminal and through make.
        elif number == signal.SIGINT and now - self.stop_requested > 0.5:
            self.hurry = True

    def add(self, child: Child) -> None:
        """``child`` runs and is kept running (or, with ``once``, runs to its end)."""
        self.children[child.name] = child
        self._begin(child)

    def pump(self, until: Callable[[], bool], *, patience: float | None = None) -> bool:
        """Whether ``until`` came true within ``patience`` seconds (None: no limit).

        Meanwhile lines are relayed and children that ended are started again. Raises
        Stopped as soon as somebody asked for the end.
        """
        deadline = None if patience is None else time.monotonic() + patience
        while True:
            if self.stop_requested is not None:
                raise Stopped
            if until():
                return True
            if deadline is not None and time.monotonic() > deadline:
                return False
            self._relay(HEARTBEAT)
            for child in list(self.children.values()):
                self._look_after(child)

    def end(self, names: list[str]) -> None:
        """None of ``names`` runs any more, nor anything they started."""
        leaving = [self.children.pop(name) for name in names if name in self.children]
        for child in leaving:
            child.due = None
            if child.is_running() and child.process is not None:
                child.process.send_signal(child.farewell)
        deadline = time.monotonic() + PATIENCE
        while any(child.is_running() for child in leaving):
            if self.hurry or time.monotonic() > deadline:
                break
            self._relay(HEARTBEAT)
        for child in leaving:
            if child.is_running():
                self.stream.line("launcher", f"{child.name} is killed: it did not end")
            self._bury(child)
            if child.afterwards is not None:
                child.afterwards()
        self.register.write(self._pids())

    def _begin(self, child: Child) -> None:
        reading, writing = os.pipe()
        try:
            child.process = child.start(writing)
        finally:
            os.close(writing)
        os.set_blocking(reading, False)
        child.pipe, child.rest = reading, b""
        child.started, child.due = time.monotonic(), None
        self.selector.register(reading, selectors.EVENT_READ, child)
        self.register.write(self._pids())

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.due is not None:
            if now >= child.due:
                self._retry(child)
            return
        if child.process is None or child.process.poll() is None:
            return
        self._bury(child)
        if child.once:
            return
        if now - child.started > SETTLED_AFTER:
            child.pause = FIRST_PAUSE
        self._postpone(child, _how_it_ended(child.process.returncode))

    def _retry(self, child: Child) -> None:
        try:
            self._begin(child)
        except (OSError, LauncherError) as error:
            self._postpone(child, f"could not start ({error})")

    def _postpone(self, child: Child, reason: str) -> None:
        pause = child.pause
        self.stream.line("launcher", f"{child.name} {reason}; again in {pause:g} s")
        child.due = time.monotonic() + pause
        child.pause = min(pause * 2, LONGEST_PAUSE)
        self.register.write(self._pids())

    def _bury(self, child: Child) -> None:
        """The child is reaped, and what it left in its process group is gone."""
        if child.process is None:
            return
        signal_group(child.process.pid, signal.SIGKILL)
        child.process.wait()
        if child.pipe is not None:
            self._read(child)
            self.selector.unregister(child.pipe)
            os.close(child.pipe)
            child.pipe = None
        if child.rest:
            self._say(child, child.rest)
            child.rest = b""

    def _relay(self, patience: float) -> None:
        if not self.selector.get_map():
            time.sleep(patience)
            return
        for key, _events in self.selector.select(patience):
            self._read(key.data)

    def _read(self, child: Child) -> None:
        if child.pipe is None:
            return
        try:
            data = os.read(child.pipe, CHUNK)
        except BlockingIOError:
            return
        if not data and child.is_running():
            # It closed its output and lives on: an empty pipe would wake us for ever.
            self.selector.unregister(child.pipe)
            os.close(child.pipe)
            child.pipe = None
        *lines, child.rest = (child.rest + data).split(b"\n")
        for line in lines:
            self._say(child, line)

    def _say(self, child: Child, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        if text:
            self.stream.line(child.name, text)

    def _pids(self) -> dict[str, int]:
        return {
            child.name: child.process.pid
            for child in self.children.values()
            if child.process is not None and child.process.returncode is None
        }


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
