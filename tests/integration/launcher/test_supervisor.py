"""Children are kept running, heard, and ended without a remainder."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emergency.launcher import supervisor as supervising
from emergency.launcher.messages import LauncherError
from emergency.launcher.places import Places
from emergency.launcher.processes import birth, group_members, spawn, wait_until
from emergency.launcher.register import Register, only_one
from emergency.launcher.stream import Stream
from emergency.launcher.supervisor import Child, Stopped, Supervisor

pytestmark = pytest.mark.no_servers

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print('up', flush=True); time.sleep(60)"
)


class Watched:
    """A supervisor with its log to read."""

    def __init__(self, folder: Path) -> None:
        self.places = Places.of({}, folder)
        self.places.run.mkdir(parents=True)
        self.log = folder / "log"
        self.file = self.log.open("wb")
        self.register = Register(self.places)
        self.supervisor = Supervisor(Stream(self.file.fileno()), self.register)

    def add(self, name: str, code: str) -> Child:
        def start(output: int) -> subprocess.Popen[bytes]:
            return spawn(
                [sys.executable, "-c", code], cwd=self.places.root, output=output
            )

        child = Child(name, start)
        self.supervisor.add(child)
        return child

    def said(self, text: str) -> bool:
        return text in self.log.read_text()

    def until(self, condition: Callable[[], bool]) -> None:
        assert self.supervisor.pump(condition, patience=15), self.log.read_text()


@pytest.fixture
def watched(folder: Path) -> Iterator[Watched]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.getsignal(number) for number in numbers}
    made = Watched(folder)
    yield made
    made.supervisor.end(list(made.supervisor.children))
    made.file.close()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_what_a_child_says_stands_in_the_log_with_time_and_name(
    watched: Watched,
) -> None:
    watched.add("speaker", "print('one', flush=True); print('two', end='')")
    watched.until(lambda: watched.said("speaker ended"))
    lines = watched.log.read_text().splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d speaker   \| one", lines[0])
    assert re.fullmatch(r"\d\d:\d\d:\d\d speaker   \| two", lines[1])


def test_a_killed_child_is_started_again_and_a_line_says_so(watched: Watched) -> None:
    child = watched.add("sleeper", SLEEPER)
    watched.until(lambda: watched.said("up"))
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    watched.until(lambda: watched.log.read_text().count("| up") == 2)
    assert pid_of(child) != first
    assert watched.said("sleeper was ended by SIGKILL; again in 0.5 s")
    pids = json.loads(watched.places.processes_file.read_text())
    assert pids == {"sleeper": pid_of(child)}


def test_what_a_killed_child_had_started_is_gone_before_its_successor(
    watched: Watched,
) -> None:
    child = watched.add("parent", PARENT)
    watched.until(lambda: watched.said("up"))
    first = pid_of(child)
    assert len(group_members(first)) == 2
    os.kill(first, signal.SIGKILL)
    watched.until(lambda: watched.log.read_text().count("| up") == 2)
    assert group_members(first) == []


def test_a_child_that_keeps_ending_is_tried_ever_less_often(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(supervising, "LONGEST_PAUSE", 0.2)
    child = watched.add("broken", "raise SystemExit(3)")
    child.pause = 0.05
    watched.until(lambda: watched.log.read_text().count("exit code 3") == 5)
    pauses = re.findall(r"again in ([\d.]+) s", watched.log.read_text())
    assert pauses == ["0.05", "0.1", "0.2", "0.2", "0.2"]


def test_a_child_that_cannot_start_does_not_stop_the_others(watched: Watched) -> None:
    other = watched.add("sleeper", SLEEPER)
    child = watched.add("broken", "raise SystemExit(3)")

    def refuse(_output: int) -> subprocess.Popen[bytes]:
        raise OSError("no more processes")

    child.start = refuse
    watched.until(lambda: watched.said("could not start (no more processes)"))
    assert other.is_running()


def test_the_end_leaves_nobody_not_even_who_ignores_it(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "PATIENCE", 0.5)
    children = [
        watched.add("sleeper", SLEEPER),
        watched.add("stubborn", STUBBORN),
        watched.add("parent", PARENT),
    ]
    watched.until(lambda: watched.log.read_text().count("| up") == 3)
    groups = [pid_of(child) for child in children]
    watched.supervisor.end(["sleeper", "stubborn", "parent"])
    assert [group_members(group) for group in groups] == [[], [], []]
    assert watched.said("stubborn is killed: it did not end")
    assert json.loads(watched.places.processes_file.read_text()) == {}


def test_who_is_in_a_hurry_waits_for_nobody(watched: Watched) -> None:
    child = watched.add("stubborn", STUBBORN)
    watched.until(lambda: watched.said("up"))
    watched.supervisor.listen_to_signals()
    watched.supervisor.stop_requested = time.monotonic() - 1
    signal.raise_signal(signal.SIGINT)
    started = time.monotonic()
    watched.supervisor.end(["stubborn"])
    assert time.monotonic() - started < supervising.PATIENCE / 2
    assert group_members(pid_of(child)) == []


def test_a_key_press_that_arrives_twice_is_no_hurry(watched: Watched) -> None:
    watched.supervisor.listen_to_signals()
    for _ in range(2):
        signal.raise_signal(signal.SIGINT)
    assert watched.supervisor.stop_requested is not None
    assert not watched.supervisor.hurry


def test_a_request_to_stop_ends_the_waiting(watched: Watched) -> None:
    watched.supervisor.listen_to_signals()
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        watched.supervisor.pump(lambda: False, patience=5)


def test_orphans_are_known_by_number_and_birth(folder: Path) -> None:
    places = Places.of({}, folder)
    places.run.mkdir(parents=True)
    register = Register(places)
    orphan, stranger = (
        subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"],
            start_new_session=True,
        )
        for _ in range(2)
    )
    try:
        register.write({"web": orphan.pid, "worker": stranger.pid})
        content = json.loads(register.births.read_text())
        content["worker"][1] = "another birth"
        register.births.write_text(json.dumps(content))
        assert register.end_orphans() == ["web"]
        assert wait_until(lambda: orphan.poll() is not None, patience=5)
        assert birth(stranger.pid)
        assert not places.processes_file.exists()
    finally:
        for process in (orphan, stranger):
            process.kill()
            process.wait()


def test_a_second_launcher_is_refused_and_told_who_runs(folder: Path) -> None:
    places = Places.of({}, folder)
    with only_one(places, "start"):
        second = only_one(places, "reset")
        with pytest.raises(LauncherError, match=str(os.getpid())) as refusal:
            second.__enter__()
        assert refusal.value.exit_code == 2
    with only_one(places, "start"):
        pass


def test_a_reader_that_stops_reading_does_not_stop_the_log() -> None:
    reading, writing = os.pipe()
    try:
        stream = Stream(writing)
        while not stream.dropped:
            stream.line("web", "x" * 3000)
        assert os.read(reading, 1_000_000)
        stream.line("web", "and on")
        assert "1 lines were not read in time" in os.read(reading, 1_000_000).decode()
    finally:
        os.close(reading)
        stream.line("web", "nobody listens any more")
        os.close(writing)
