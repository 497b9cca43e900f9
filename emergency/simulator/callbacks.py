"""Requests the network sends: signed, with a short patience, in order per sender."""

import contextlib
import http.client
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode, urlsplit

from emergency.simulator.signing import signature

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LONGEST_ANSWER = 64 * 1024
REMEMBERED = 500


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


class Courier:
    """Sends signed requests and remembers how the last ones ended."""

    def __init__(self, auth_token: str) -> None:
        self._token = auth_token
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Callable[[], None]]] = {}
        self._asking = 0
        self.deliveries: deque[Delivery] = deque(maxlen=REMEMBERED)

    def under_way(self) -> int:
        """How many requests wait for their turn or for an answer."""
        with self._lock:
            return self._asking + len(self._waiting)

    def ask(self, url: str, method: str, fields: Mapping[str, str]) -> Answer:
        """Send now and return the answer, whatever its status; raise Unreachable.

        A failed connection is tried once more, nothing else is.
        """
        with self._lock:
            self._asking += 1
        try:
            return self._ask(url, method, fields)
        finally:
            with self._lock:
                self._asking -= 1

    def _ask(self, url: str, method: str, fields: Mapping[str, str]) -> Answer:
        url = urldefrag(url).url
        body, headers = b"", {"I-Twilio-Idempotency-Token": secrets.token_hex(16)}
        if method == "GET":
            joint = "&" if urlsplit(url).query else "?"
            url = url + joint + urlencode(fields)
            headers["X-Twilio-Signature"] = signature(self._token, url)
        else:
            body = urlencode(fields).encode()
            signed = signature(self._token, url, fields.items())
            headers["X-Twilio-Signature"] = signed
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        sid = fields.get("CallSid") or fields.get("MessageSid") or ""
        try:
            try:
                answer = _exchange(url, method, body, headers)
            except _NoConnection:
                answer = _exchange(url, method, body, headers)
        except Unreachable as error:
            self._remember(sid, url, fields, None, str(error))
            raise
        problem = "" if answer.ok else f"HTTP {answer.status}"
        self._remember(sid, url, fields, answer.status, problem)
        return answer

    def tell(
        self,
        sid: str,
        url: str,
        method: str,
        fields: Mapping[str, str],
        then: Then | None = None,
    ) -> None:
        """Send soon, after everything told earlier under the same `sid`.

        `then` is called with the answer, or None when nobody answered.
        """

        def send() -> None:
            answer: Answer | None = None
            with contextlib.suppress(Unreachable):
                answer = self.ask(url, method, fields)
            if then is not None:
                then(answer)

        with self._lock:
            if sid in self._waiting:
                self._waiting[sid].append(send)
                return
            self._waiting[sid] = deque([send])
        threading.Thread(target=self._drain, args=(sid,), daemon=True).start()

    def _drain(self, sid: str) -> None:
        while True:
            with self._lock:
                if not self._waiting[sid]:
                    del self._waiting[sid]
                    return
                send = self._waiting[sid].popleft()
            send()

    def _remember(
        self,
        sid: str,
        url: str,
        fields: Mapping[str, str],
        status: int | None,
        problem: str,
    ) -> None:
        entry = Delivery(time.time(), sid, url, dict(fields), status, problem)
        self.deliveries.append(entry)
        if problem:
            print(f"simulator: {url}: {problem}", file=sys.stderr, flush=True)


def _exchange(url: str, method: str, body: bytes, headers: dict[str, str]) -> Answer:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        connection.connect()
    except (OSError, ValueError) as error:
        raise _NoConnection(f"no connection: {error}") from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {**headers, "User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}
    try:
        _patience(connection, deadline)
        connection.request(method, target, body=body or None, headers=headers)
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
