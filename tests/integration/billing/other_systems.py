"""Other systems on loopback: the authority's VIES, and whoever takes signed requests.

The little VIES speaks as the Commission's REST interface does: its fields, its errors
in wrappers, dashes for what a member state does not tell, and a consultation number for
requesters only.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

Reply = tuple[int, bytes]
S = TypeVar("S", bound="System")


class _Handler(BaseHTTPRequestHandler):
    server: "System"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, reply = self.server.answer(self.path, dict(self.headers), body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_args: Any) -> None:
        """Nothing on the test's output."""


class System(ThreadingHTTPServer):
    """Answers requests by a function and remembers them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        raise NotImplementedError


class Vies(System):
    """Knows some ids; says that member states are away when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.names = {"ATU12345675": "BÄCKEREI SONNE GMBH", "DE136695976": "---"}
        self.away: set[str] = set()
        self.broken = False
        self.asked: list[dict[str, str]] = []

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if self.broken:
            return 503, b"<html>Service Unavailable</html>"
        if path != "/check-vat-number":
            return 404, b"{}"
        question = json.loads(body)
        self.asked.append(question)
        country, number = question["countryCode"], question["vatNumber"]
        if not number.isalnum():
            return 400, self._error("INVALID_INPUT")
        if country in self.away:
            return 500, self._error("MS_UNAVAILABLE")
        name = self.names.get(country + number)
        by_somebody = "requesterNumber" in question
        return 200, json.dumps(
            {
                "countryCode": country,
                "vatNumber": number,
                "requestDate": datetime.now(UTC).isoformat(),
                "valid": name is not None,
                "requestIdentifier": "WAPIAAAAZ0123456" if by_somebody and name else "",
                "name": name or "---",
                "address": "HAUPTPLATZ 1\n4600 WELS"
                if name not in (None, "---")
                else "---",
                "traderName": "---",
            }
        ).encode()

    @staticmethod
    def _error(code: str) -> bytes:
        wrapped = {"actionSucceed": False, "errorWrappers": [{"error": code}]}
        return json.dumps(wrapped).encode()


class Taker(System):
    """Takes documents; keeps one per key, as whoever receives repeated ones must."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: list[Reply] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.kept: dict[str, bytes] = {}

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        self.requests.append((headers, body))
        reply = self.replies.pop(0) if self.replies else (200, b"")
        if reply[0] < 300:
            self.kept.setdefault(headers["Idempotency-Key"], body)
        return reply


@contextmanager
def running(make: Callable[[], S]) -> Iterator[S]:
    """The system answers until the block ends."""
    system = make()
    thread = threading.Thread(target=system.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield system
    finally:
        system.shutdown()
        thread.join()
        system.server_close()
