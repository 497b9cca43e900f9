"""Telephones of the simulated network, as a person holds them."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

PATIENCE = 20.0
ROOT = Path(__file__).parents[1]

T = TypeVar("T")


def eventually(
    read: Callable[[], T],
    *,
    within: float = PATIENCE,
    every: float = 0.02,
    why: str = "",
) -> T:
    """What ``read`` gives as soon as it is true. Fails after ``within`` seconds."""
    end = time.monotonic() + within
    while True:
        value = read()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"it did not happen in time: {why or read}")
        time.sleep(every)


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

    def trouble(self, kind: str, **fields: object) -> int:
        """Something goes wrong on a network from now on; the number of the fault.

        Fields as in docs/simulator.md: network, only, method, count, share, seed,
        seconds, status.
        """
        texts = {name: str(value) for name, value in fields.items()}
        return int(self.act("/sim/faults", kind=kind, **texts)["id"])

    def troubles(self) -> list[dict[str, Any]]:
        """Every fault that was not cleared; ``met`` says how often it happened."""
        return list(self.ask("/sim/state.json")["faults"])

    def calm(self, network: str = "") -> None:
        """All trouble ends, or that of one network."""
        self.act("/sim/faults/clear", network=network)

    def reset(self) -> None:
        """No call, message, script, push or trouble is left; nobody is told."""
        self.act("/sim/reset")

    def pushes(self, name: str = "") -> list[dict[str, Any]]:
        """What was pushed under this name, or any; the JSON, newest first."""
        return [
            push["content"]
            for push in self.ask("/sim/state.json")["pushes"]
            if name in ("", push["name"])
        ]

    def push(self, name: str, containing: str) -> dict[str, Any]:
        """A notification with these words, waited for."""
        return eventually(
            lambda: next(
                (p for p in self.pushes(name) if containing in json.dumps(p)), {}
            ),
            why=f"a push to {name} with {containing!r}",
        )

    def gateway_messages(self, reference: str = "") -> list[dict[str, Any]]:
        """What the SMS gateway took, of this reference or any; newest first."""
        return [
            message
            for phone in self.state()
            for message in phone["messages"]
            if message["network"] == "gateway"
            and message["direction"] == "outbound-api"
            and reference in ("", message["reference"])
        ]

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

    @property
    def _path(self) -> str:
        return f"/sim/phones/{urllib.parse.quote(self.number)}"

    def _record(self) -> dict[str, Any]:
        try:
            return dict(self.network.ask(f"{self._path}.json"))
        except urllib.error.HTTPError as error:
            with error:
                if error.code != HTTPStatus.NOT_FOUND:
                    raise
            return {"calls": [], "messages": []}

    def calls(self) -> list[dict[str, Any]]:
        """Newest first."""
        return list(self._record()["calls"])

    def texts(self, network: str = "") -> list[str]:
        """Texts received, newest first; of one network (twilio, gateway) or any."""
        return [
            message["body"]
            for message in self._record()["messages"]
            if message["to"] == self.number and network in ("", message["network"])
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
        """It reacts so from now on, to calls and to texts."""
        self.network.act(f"{self._path}/behaviour", behaviour=behaviour)

    def script(self, *behaviours: str, calls: str = "", messages: str = "") -> None:
        """It plays these, one per call and one per text; the last one stays.

        ``calls`` and ``messages`` (with commas) script one kind alone.
        """
        fields = {
            "script": ",".join(behaviours),
            "calls": calls,
            "messages": messages,
        }
        self.network.act(f"{self._path}/script", **fields)

    def write(self, text: str, to: str) -> None:
        """It answers over the network on which ``to`` last reached it."""
        self.network.act(f"{self._path}/sms", body=text, to=to)

    def stop(self, to: str) -> None:
        """Its owner wants no more texts from this number."""
        self.write("STOP", to)

    def start(self, to: str) -> None:
        """Its owner wants texts from this number again."""
        self.write("START", to)

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
