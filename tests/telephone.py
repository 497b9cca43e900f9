"""Telephones of the simulated network, as a person holds them."""

import json
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

PATIENCE = 20.0
ROOT = Path(__file__).parents[1]

T = TypeVar("T")


def eventually(read: Callable[[], T], *, within: float = PATIENCE, why: str = "") -> T:
    """What ``read`` gives as soon as it is true. Fails after ``within`` seconds."""
    end = time.monotonic() + within
    while True:
        value = read()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"it did not happen in time: {why or read}")
        time.sleep(0.02)


@dataclass
class TelephoneNetwork:
    """One running simulator."""

    url: str
    directory: Path

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            return json.load(answer)

    def act(self, path: str, **fields: str) -> Any:
        data = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(
            f"{self.url}{path}", data=data, timeout=10
        ) as answer:
            return json.load(answer)

    def requests(self) -> list[dict[str, Any]]:
        """Every request the provider received, oldest first."""
        log = self.directory / "requests.jsonl"
        if not log.exists():
            return []
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()]

    def phone(self, number: str) -> "Telephone":
        return Telephone(network=self, number=number)

    def state(self) -> list[dict[str, Any]]:
        return list(self.ask("/sim/state.json")["phones"])

    def has_no_callback_under_way(self) -> bool:
        """Nobody is being told anything."""
        return bool(self.ask("/sim/state.json")["callbacks_under_way"] == 0)


@dataclass
class Telephone:
    """One telephone, told apart by its number."""

    network: TelephoneNetwork
    number: str

    def _record(self) -> dict[str, Any]:
        return next(
            (p for p in self.network.state() if p["number"] == self.number),
            {"calls": [], "messages": []},
        )

    def calls(self) -> list[dict[str, Any]]:
        """Newest first."""
        return list(self._record()["calls"])

    def texts(self) -> list[str]:
        """Texts received, newest first."""
        return [
            message["body"]
            for message in self._record()["messages"]
            if message["to"] == self.number
        ]

    def is_ringing(self) -> bool:
        return any(call["status"] == "ringing" for call in self.calls())

    def ringing(self) -> dict[str, Any]:
        """The call that rings, waited for."""
        return eventually(
            lambda: [call for call in self.calls() if call["status"] == "ringing"],
            why=f"{self.number} rings",
        )[0]

    def answer(self) -> "Conversation":
        sid = self.ringing()["sid"]
        self.network.act(f"/sim/calls/{sid}/answer")
        return Conversation(self, sid)

    def decline(self) -> None:
        self.network.act(f"/sim/calls/{self.ringing()['sid']}/reject")

    def behave(self, behaviour: str) -> None:
        self.network.act(
            f"/sim/phones/{urllib.parse.quote(self.number)}/behaviour",
            behaviour=behaviour,
        )

    def write(self, text: str, to: str) -> None:
        self.network.act(
            f"/sim/phones/{urllib.parse.quote(self.number)}/sms", body=text, to=to
        )

    def text(self, containing: str) -> str:
        """A received text with these words, waited for."""
        return eventually(
            lambda: next((t for t in self.texts() if containing in t), ""),
            why=f"{self.number} gets a text with {containing!r}",
        )


@dataclass
class Conversation:
    """An answered call."""

    telephone: Telephone
    sid: str

    def _call(self) -> dict[str, Any]:
        return next(c for c in self.telephone.calls() if c["sid"] == self.sid)

    def heard(self) -> str:
        return " ".join(
            line["text"] for line in self._call()["transcript"] if line["text"]
        )

    def hears(self, *words: str) -> str:
        """What was said so far, once all these words were said."""
        return eventually(
            lambda: self.heard() if all(word in self.heard() for word in words) else "",
            why=f"{self.telephone.number} hears {words}, heard {self.heard()!r}",
        )

    def press(self, digit: str) -> None:
        self.telephone.network.act(f"/sim/calls/{self.sid}/press", digits=digit)

    def hang_up(self) -> None:
        self.telephone.network.act(f"/sim/calls/{self.sid}/hangup")


def start_network(
    directory: Path, environment: dict[str, str]
) -> tuple[subprocess.Popen[str], TelephoneNetwork]:
    """A simulator process on a free port, ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "emergency.simulator"],
        env={
            "SIMULATOR_PORT": "0",
            "SIMULATOR_SPEECH_SECONDS_PER_WORD": "0.002",
            **environment,
            "SIMULATOR_DIR": str(directory),
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "ready" in line, line
    return process, TelephoneNetwork(line.split()[-1].rstrip("/"), directory)
