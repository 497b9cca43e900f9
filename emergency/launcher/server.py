"""What the two embedded servers have in common: one process, watched by us."""

import signal
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from emergency.launcher.messages import LauncherError
from emergency.launcher.processes import Output, end_strangers, spawn, wait_until
from emergency.launcher.processes import working_in as processes_working_in
from emergency.launcher.shelter import Shelter

START_PATIENCE = 30.0
STOP_PATIENCE = 8.0


class Server(ABC):
    """One server process over the data in ``folder``.

    ``gentle`` is the signal that stops it cleanly, ``firm`` the one that stops it at
    once and still loses nothing committed.
    """

    name: ClassVar[str]
    program: ClassVar[str]
    gentle: ClassVar[signal.Signals] = signal.SIGTERM
    firm: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path, shelter: Shelter) -> None:
        self.folder = folder
        self.shelter = shelter
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address a client uses, password included."""

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """Where the server notes its own process."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that starts it in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether a client gets an answer now; never waits more than a second."""

    def settings(self) -> bytes | None:
        """What the server reads from its standard input."""
        return None

    def prepare(self) -> None:
        """The data folder exists and nobody else works in it."""
        self.shelter.folder(self.folder)
        self.evict()

    def evict(self) -> None:
        """What an earlier, killed launcher left running in the folder is stopped."""
        left = processes_working_in(self.folder, self.program, self.pid_file)
        end_strangers(left, (self.gentle, 5.0), (self.firm, 3.0))

    def spawn(self, output: Output = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """The server's process; it need not answer yet.

        Also the way back after a crash: leftovers of the last process are removed.
        """
        self.prepare()
        self.process = spawn(
            self.command(),
            cwd=self.folder,
            output=output,
            account=self.shelter.account,
            feed=self.settings(),
            farewell=self.gentle,
        )
        return self.process

    def wait_until_ready(self, patience: float = START_PATIENCE) -> None:
        """The server answers. Raises LauncherError when it died or took too long."""

        def settled() -> bool:
            return self.answers() or not self.is_running()

        if not wait_until(settled, patience=patience) or not self.is_running():
            raise LauncherError(f"{self.name} does not answer; its data: {self.folder}")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """The server is gone as after ``kill -9``; its data stays as it was."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def restart(self, output: Output = subprocess.DEVNULL) -> None:
        """The server answers again on its old address, whatever happened before."""
        self.stop()
        self.spawn(output)
        self.wait_until_ready()

    def stop(self, patience: float = STOP_PATIENCE) -> None:
        """The server does not run; cleanly if it could be done in ``patience`` s."""
        if self.process is None:
            return
        for number in (self.gentle, self.firm, signal.SIGKILL):
            if not self.is_running():
                break
            self.process.send_signal(number)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait()

    def close(self) -> None:
        """The server is stopped for good; nothing but its data is left."""
        self.stop()
