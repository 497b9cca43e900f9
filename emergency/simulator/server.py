"""HTTP on loopback: the networks, the control API and the page of phones."""

import json
import os
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from emergency.simulator import control, pages, push
from emergency.simulator.api import Api, Request
from emergency.simulator.faults import BEFORE, UNANSWERED, Fault
from emergency.simulator.gateway import Gateway
from emergency.simulator.network import Network
from emergency.simulator.providers import network_of, refusal
from emergency.simulator.requestlog import RequestLog
from emergency.simulator.resources import Json

LARGEST_BODY = 1024 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_AT_ONCE = struct.pack("ii", 1, 0)
_FOLDER = Path(__file__).parent / "assets"
ASSETS = {
    "/assets/phones.css": "text/css; charset=utf-8",
    "/assets/phones.js": "text/javascript; charset=utf-8",
}
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; img-src data:; base-uri 'none'; frame-ancestors "
)


class Server(ThreadingHTTPServer):
    """Serves one network on one loopback port."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, network: Network) -> None:
        self.network = network
        self.refusing = False
        self.api = Api(network)
        self.gateway = Gateway(network)
        self.log = RequestLog(network.configuration.directory)
        super().__init__(("127.0.0.1", network.configuration.port), Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def refuse_for(self, seconds: float) -> None:
        """Refuse every new connection for that time, and break the old ones."""
        self.refusing = True
        with socket.socket() as silent:
            # Bound but not listening, it refuses whoever comes and keeps the port.
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.shutdown(socket.SHUT_RD)
            silent.bind(self.server_address)
            # The loop goes on to look at the same number.
            os.dup2(silent.fileno(), self.socket.fileno())

        def listen_again() -> None:
            self.socket.listen(self.request_queue_size)
            self.refusing = False

        timer = threading.Timer(seconds, listen_again)
        timer.daemon = True
        timer.start()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection; while nobody is let in, there is none."""
        if self.refusing:
            threading.Event().wait(0.02)
            raise ConnectionAbortedError
        return super().get_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay calm about clients that went away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "simulator"
    disable_nagle_algorithm = True
    wbufsize = 65536
    timeout = 60

    def do_GET(self) -> None:
        """Answer a page, an asset, the state, or the API."""
        self._route("")

    def do_POST(self) -> None:
        """Answer an act of a person, or the API."""
        body = self._read_body()
        if body is not None:
            self._route(body)

    do_HEAD = do_GET
    do_PUT = do_DELETE = do_PATCH = do_POST

    def _route(self, body: str) -> None:
        url = urlsplit(self.path)
        if self.server.refusing:
            self._reset()
        elif not _is_own(url.path):
            self._answer_provider(body)
        elif not self._from_here():
            self._send_json(403, {"error": "only pages of this simulator may ask"})
        elif self.command == "POST":
            self._answer_act(url.path, body)
        elif self.command not in ("GET", "HEAD"):
            self._send_json(405, {"error": "GET or POST"})
        elif url.path in ("/", "/sim/fragment"):
            self._answer_page(url.path, parse_qs(url.query))
        elif url.path in ASSETS:
            content = (_FOLDER / url.path.rpartition("/")[2]).read_bytes()
            self._send(200, ASSETS[url.path], content)
        else:
            outcome = control.read(self.server.network, url.path)
            self._send_json(outcome.status, outcome.json)

    def _answer_provider(self, body: str) -> None:
        path = urlsplit(self.path).path
        self.server.log.append(self.command, self.path, body)
        provider, kind = network_of(path)
        fault = self.server.network.faults.of_request(provider, kind, self.command)
        if fault is not None and fault.kind in BEFORE:
            self._fail(fault)
            return
        status, resource = self._ask(provider, path, body)
        if fault is not None and fault.kind in UNANSWERED:
            self._fall_silent(fault)
            return
        if fault is not None and fault.kind == "slow":
            self._wait_out(fault)
        elif fault is not None:
            about = str(resource.get("sid") or resource.get("id") or "")
            self.server.network.courier.wait_until_told(about, fault.seconds)
        self._send_json(status, resource)

    def _ask(self, provider: str, path: str, body: str) -> tuple[int, Json]:
        authorization = self.headers.get("Authorization", "")
        request = Request(self.command, self.path, authorization, body)
        if provider == "push":
            if not self._from_here():
                return 403, {"error": "pages of other sites may not push"}
            return push.take(self.server.network, path, request)
        api = self.server.gateway if provider == "gateway" else self.server.api
        return api.answer(request)

    def _fail(self, fault: Fault) -> None:
        """Answer as a network does that has carried nothing out, or not at all."""
        if fault.kind in ("gone", "timeout_before"):
            self._fall_silent(fault)
            return
        reply = refusal(fault)
        content = reply.body
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self._send(reply.status, reply.content_type, content, reply.headers)

    def _fall_silent(self, fault: Fault) -> None:
        """Give no answer: after the wait, or at once by a reset of the connection."""
        self.close_connection = True
        self._wait_out(fault)
        if fault.kind in ("gone", "reset_after"):
            self._reset()
        self.connection.close()

    def _reset(self) -> None:
        """Close the connection by a reset instead of an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.connection.close()

    def _wait_out(self, fault: Fault) -> None:
        self.server.network.wait(lambda: fault.cleared, fault.seconds)

    def _answer_act(self, path: str, body: str) -> None:
        outcome = control.act(self.server.network, path, body)
        self._answer_outcome(path, outcome)
        if outcome.closes_for:
            self.server.refuse_for(outcome.closes_for)

    def _answer_outcome(self, path: str, outcome: control.Outcome) -> None:
        if "text/html" not in self.headers.get("Accept", ""):
            self._send_json(outcome.status, outcome.json)
            return
        query = urlsplit(self.path).query
        if outcome.status == 409 and not path.startswith("/sim/calls/"):
            # A call may have ended meanwhile; anything else was typed wrongly.
            text = pages.refusal(outcome.json, self._language(parse_qs(query)))
            self._send(409, "text/plain; charset=utf-8", text.encode())
            return
        # A plain form comes back to where it was sent from.
        mark = f"#{pages.mark(outcome.number)}" if outcome.number else ""
        if path.startswith("/sim/faults"):
            mark = "#trouble"
        target = "/" + (f"?{query}" if query else "") + mark
        self._send(303, "text/plain", b"", {"Location": quote(target, safe="/?=&#-+")})

    def _answer_page(self, path: str, query: dict[str, list[str]]) -> None:
        view = pages.View(
            self._language(query), explicit="lang" in query, paused="pause" in query
        )
        make = pages.page if path == "/" else pages.fragment
        content = make(self.server.network, view).encode()
        around = self.server.network.configuration.framed_by or "'none'"
        extra = {
            "Content-Security-Policy": _PAGE_POLICY + around,
            "Vary": "Accept-Language",
        }
        self._send(200, "text/html; charset=utf-8", content, extra)

    def _language(self, query: dict[str, list[str]]) -> str:
        asked = query.get("lang", [""])[0]
        return pages.choose(asked, self.headers.get("Accept-Language", ""))

    def _from_here(self) -> bool:
        """False for other sites' pages, and for names made to point to us."""
        host = self.headers.get("Host", "")
        origin = self.headers.get("Origin")
        hostname = urlsplit(f"//{host}").hostname
        return hostname in LOOPBACK and origin in (None, f"http://{host}")

    def _read_body(self) -> str | None:
        """Return the body; None when it was refused, and the answer is sent."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self._refuse_body(411, "the length of the body is not given")
            return None
        if int(length) > LARGEST_BODY:
            self._refuse_body(413, f"at most {LARGEST_BODY} bytes are read")
            return None
        return self.rfile.read(int(length)).decode("utf-8", errors="replace")

    def _refuse_body(self, status: int, reason: str) -> None:
        # What was not read would be taken for the next request.
        self.close_connection = True
        if not _is_own(urlsplit(self.path).path):
            self.server.log.append(self.command, self.path, "")
        self._send_json(status, {"error": reason})

    def _send_json(self, status: int, content: object) -> None:
        extra = {}
        if status == 401:
            gateway = urlsplit(self.path).path.startswith("/gateway/")
            scheme = "Bearer" if gateway else 'Basic realm="Twilio API"'
            extra["WWW-Authenticate"] = scheme
        body = json.dumps(content, ensure_ascii=False).encode()
        self._send(status, "application/json; charset=utf-8", body, extra)

    def _send(
        self,
        status: int,
        content_type: str,
        body: bytes,
        extra: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet; requests.jsonl is the record."""


def _is_own(path: str) -> bool:
    return path == "/" or path.startswith(("/sim/", "/assets/"))
