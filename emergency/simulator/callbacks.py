"""Requests the network sends: with a short patience, in order per sender."""

import contextlib
import http.client
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from emergency.simulator.faults import Faults
from emergency.simulator.letters import Letter

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LONGEST_ANSWER = 64 * 1024
REMEMBERED = 500
LOST = "lost"


class Unreachable(Exception):
    """No complete answer came back within the time allowed."""


class _NoConnection(Unreachable):
    """Not even a connection; the only failure that is tried again."""


@dataclass(frozen=True)
class Answer:
    """What the other side answered."""

    status: int
    content_type: str
    text: str

    @property
    def ok(self) -> bool:
        """True for a 2xx status."""
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Delivery:
    """A finished request; `problem` is empty when it was answered with 2xx."""

    at: float
    sid: str
    url: str
    fields: Mapping[str, str]
    status: int | None
    problem: str


Then = Callable[[Answer | None], None]
Sending = Callable[[], object]


class Courier:
    """Sends letters, in order per call or message, and remembers how they ended.

    Status reports meet the trouble that was ordered: lost, doubled, late, reordered.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[Sending]] = {}
        self._held: dict[str, Sending] = {}
        self._asking = 0
        self._deliveries: deque[Delivery] = deque(maxlen=REMEMBERED)

    def recent(self) -> list[Delivery]:
        """Return how the last letters ended, newest first."""
        with self._changed:
            return list(reversed(self._deliveries))

    def under_way(self) -> int:
        """How many requests wait for their turn or for an answer."""
        with self._changed:
            return self._asking + len(self._waiting) + len(self._held)

    def wait_until_told(self, about: str, seconds: float) -> None:
        """Return once somebody was told of this call or message, or time is over."""
        with self._changed:
            self._changed.wait_for(
                lambda: any(entry.sid == about for entry in self._deliveries), seconds
            )

    def forget(self) -> None:
        """Send nothing of what still waits, and remember nothing."""
        with self._changed:
            for sendings in self._waiting.values():
                sendings.clear()
            self._held.clear()
            self._deliveries.clear()

    def ask(self, letter: Letter) -> Answer:
        """Send now and return the answer, whatever its status; raise Unreachable.

        A failed connection is tried once more, nothing else is.
        """
        with self._changed:
            self._asking += 1
        try:
            return self._ask(letter)
        finally:
            with self._changed:
                self._asking -= 1

    def _ask(self, letter: Letter) -> Answer:
        try:
            try:
                answer = _exchange(letter)
            except _NoConnection:
                answer = _exchange(letter)
        except Unreachable as error:
            self._remember(letter, None, str(error))
            raise
        problem = "" if answer.ok else f"HTTP {answer.status}"
        self._remember(letter, answer.status, problem)
        return answer

    def tell(self, letter: Letter, then: Then | None = None) -> None:
        """Send soon, after everything told earlier about the same thing.

        `then` is called with the answer, or None when nobody answered.
        """

        def send() -> None:
            answer: Answer | None = None
            with contextlib.suppress(Unreachable):
                answer = self.ask(letter)
            if then is not None:
                then(answer)

        about = letter.about
        with self._changed:
            overtaken = self._held.pop(about, None)
        if overtaken is not None:
            self._line_up(about, send, overtaken)
            return
        fault = None
        if letter.report:
            fault = self._faults.of_report(letter.network, letter.report)
        if fault is None:
            self._line_up(about, send)
        elif fault.kind == "lost":
            self._remember(letter, None, LOST)
        elif fault.kind == "doubled":
            self._line_up(about, send, send)
        elif fault.kind == "late":
            self._line_up(about, partial(time.sleep, fault.seconds), send)
        else:
            self._hold(about, send, fault.seconds)

    def _line_up(self, about: str, *sendings: Sending) -> None:
        with self._changed:
            if about in self._waiting:
                self._waiting[about].extend(sendings)
                return
            self._waiting[about] = deque(sendings)
        threading.Thread(target=self._drain, args=(about,), daemon=True).start()

    def _hold(self, about: str, send: Sending, seconds: float) -> None:
        """Keep it until the next one has overtaken it; not for ever."""

        def release() -> None:
            with self._changed:
                if self._held.get(about) is not send:
                    return
                del self._held[about]
            self._line_up(about, send)

        with self._changed:
            self._held[about] = send
        timer = threading.Timer(seconds, release)
        timer.daemon = True
        timer.start()

    def _drain(self, about: str) -> None:
        while True:
            with self._changed:
                if not self._waiting[about]:
                    del self._waiting[about]
                    return
                send = self._waiting[about].popleft()
            send()

    def _remember(self, letter: Letter, status: int | None, problem: str) -> None:
        entry = Delivery(
            *(time.time(), letter.about, letter.url, letter.fields, status, problem)
        )
        with self._changed:
            self._deliveries.append(entry)
            self._changed.notify_all()
        if problem not in ("", LOST):
            print(f"simulator: {letter.url}: {problem}", file=sys.stderr, flush=True)


def _exchange(letter: Letter) -> Answer:
    parts = urlsplit(letter.url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        connection.connect()
    except (OSError, ValueError) as error:
        raise _NoConnection(f"no connection: {error}") from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    agent = "TwilioProxy/1.1" if letter.network == "twilio" else "gateway/1"
    headers = {**letter.headers, "User-Agent": agent, "Accept": "*/*"}
    try:
        _patience(connection, deadline)
        connection.request(letter.method, target, letter.body or None, headers)
        response = connection.getresponse()
        content = bytearray()
        while len(content) < LONGEST_ANSWER:
            _patience(connection, deadline)
            piece = response.read1(8192)
            if not piece:
                break
            content += piece
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable(f"no answer: {error!r}") from error
    finally:
        connection.close()
    content_type = (response.getheader("Content-Type") or "").split(";")[0].strip()
    text = content.decode("utf-8", errors="replace")
    return Answer(response.status, content_type.lower(), text)


def _patience(connection: http.client.HTTPConnection, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"no answer within {TOTAL_SECONDS:.0f} s")
    # The socket is gone once a short answer has been read to its end.
    if connection.sock is not None:
        connection.sock.settimeout(left)
