"""A provider that answers as it is told, to show what the product makes of it."""

import json
import socket
import threading
import urllib.parse
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, Any] | str]

TAKEN: Answer = (201, {"sid": "CA" + "1" * 32, "status": "queued"})
BAD_NUMBER: Answer = (
    400,
    {"code": 21217, "message": "not valid", "more_info": "", "status": 400},
)
WRONG_TOKEN: Answer = (
    401,
    {"code": 20003, "message": "Authenticate", "more_info": "", "status": 401},
)
THROTTLED: Answer = (
    429,
    {"code": 20429, "message": "Too many", "more_info": "", "status": 429},
)
NOT_KNOWN: Answer = (
    404,
    {"code": 20404, "message": "not found", "more_info": "", "status": 404},
)
BROKEN: Answer = (503, "<html>Service Unavailable</html>")
NONSENSE: Answer = (201, "<html>captive portal</html>")
SILENT: Answer = (0, "silent")
HANGS_UP: Answer = (0, "hangs up")


@dataclass
class Provider:
    """Listens on loopback. ``answers`` are given in turn, the last one for ever."""

    answers: deque[Answer] = field(default_factory=lambda: deque([TAKEN]))
    received: list[tuple[str, str]] = field(default_factory=list)
    letters: list[tuple[dict[str, str], str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        provider = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                letter = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                provider.letters.append((dict(self.headers), letter.decode()))
                provider.received.append((self.command, self.path))
                status, body = provider.next_answer(self.command, self.path)
                if (status, body) == SILENT:
                    provider.released.wait(20)
                if status == 0:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                text = body if isinstance(body, str) else json.dumps(body)
                self.send_response(status)
                for name, value in provider.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, args=(0.02,), daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def next_answer(self, method: str, path: str) -> Answer:
        """The next in turn; lists of what it has are empty."""
        if method == "GET" and self.answers[0][0] == 201:
            kind = urllib.parse.urlsplit(path).path.rpartition("/")[2]
            return 200, {kind.removesuffix(".json").lower(): []}
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]

    def will(self, *answers: Answer) -> None:
        """It answers with these from now on."""
        self.answers = deque(answers)

    def orders(self) -> int:
        """How often it was asked for a call or a message."""
        return sum(method == "POST" for method, _ in self.received)

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
