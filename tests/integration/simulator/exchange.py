"""A running simulator, and the application it calls back, for tests."""

import base64
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "token-of-the-simulator"
GATEWAY_TOKEN = "token-of-the-gateway"
GATEWAY_SECRET = "secret-of-the-gateway"
OURS = "+4313358900"
ANNA = "+436641234567"
BERND = "+436769876543"
PATIENCE = 10.0

T = TypeVar("T")


def eventually(read: Callable[[], T | bool | None]) -> T:
    """Return what `read` gives as soon as it is true; fail after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = read()
        if value and value is not True:
            return value
        if value is True:
            return value  # type: ignore[return-value]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@dataclass
class Simulator:
    """One simulator process, reached over HTTP only."""

    url: str
    directory: Path

    def client(self, token: str = TOKEN) -> Client:
        client = Client(ACCOUNT, token)
        client.api.base_url = self.url
        return client

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        return fetch(urllib.request.Request(self.url + path, headers=headers))

    def post(self, path: str, **fields: str) -> tuple[int, dict[str, Any]]:
        data = urllib.parse.urlencode(fields).encode()
        status, text = fetch(urllib.request.Request(self.url + path, data=data))
        return status, json.loads(text)

    def trouble(self, kind: str, **fields: object) -> dict[str, Any]:
        texts = {name: str(value) for name, value in fields.items()}
        return self.act("/sim/faults", kind=kind, **texts)

    def script(self, number: str, script: str) -> None:
        self.act(f"/sim/phones/{number}/script", script=script)

    def send_json(
        self, path: str, content: object, *, token: str = ""
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = json.dumps(content).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        status, text = fetch(request)
        return status, json.loads(text)

    def act(self, path: str, **fields: str) -> dict[str, Any]:
        status, answer = self.post(path, **fields)
        assert status in (200, 201), answer
        return answer

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self.get("/sim/state.json")[1])
        return state

    def call(self, sid: str) -> dict[str, Any]:
        call: dict[str, Any] = json.loads(self.get(f"/sim/calls/{sid}.json")[1])
        return call

    def phone(self, number: str) -> dict[str, Any]:
        return next(p for p in self.state()["phones"] if p["number"] == number)

    def wait_for(self, sid: str, status: str) -> dict[str, Any]:
        def reached() -> dict[str, Any] | None:
            call = self.call(sid)
            return call if call["status"] == status else None

        return eventually(reached)

    def pick_up(self, sid: str) -> None:
        self.wait_for(sid, "ringing")
        self.act(f"/sim/calls/{sid}/answer")

    def wait_for_keys(self, sid: str) -> None:
        eventually(lambda: self.call(sid)["gathering"] is not None)

    def said(self, sid: str) -> list[str]:
        lines = self.call(sid)["transcript"]
        return [line["text"] for line in lines if line["kind"] == "say"]

    def logged(self) -> list[dict[str, Any]]:
        path = self.directory / "requests.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]


def fetch(request: urllib.request.Request) -> tuple[int, str]:
    """Return status and text, for errors too."""
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def ask(
    simulator: Simulator, path: str, form: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Ask Twilio's API as its client does; status and JSON."""
    url = f"{simulator.url}/2010-04-01/Accounts/{ACCOUNT}{path}"
    data = None if form is None else urllib.parse.urlencode(form).encode()
    coded = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {coded}"}
    status, text = fetch(urllib.request.Request(url, data=data, headers=headers))
    return status, json.loads(text)


@dataclass
class Received:
    """A request the application got, with its form."""

    path: str
    fields: dict[str, str]
    headers: dict[str, str]
    signed: bool


@dataclass
class Application:
    """Stands for the product: keeps what it receives, answers what it was told."""

    server: ThreadingHTTPServer
    received: list[Received] = field(default_factory=list)
    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def will_answer(
        self, path: str, body: str, *, status: int = 200, kind: str = "text/xml"
    ) -> str:
        self.answers[path] = (status, kind, body)
        return self.url + path

    def at(self, path: str) -> list[Received]:
        return [entry for entry in list(self.received) if entry.path == path]

    def statuses(self, path: str) -> list[str]:
        return [
            entry.fields.get("CallStatus")
            or entry.fields.get("MessageStatus")
            or entry.fields["status"]
            for entry in self.at(path)
        ]


def start_application() -> Application:
    """Listen on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            text = self.rfile.read(length).decode()
            if self.headers.get("Content-Type") == "application/json":
                fields = json.loads(text)
            else:
                fields = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
            path = urllib.parse.urlsplit(self.path).path
            signature = self.headers.get("X-Twilio-Signature", "")
            url = application.url + self.path
            signed = RequestValidator(TOKEN).validate(url, fields, signature)
            headers = dict(self.headers.items())
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
            entry = Received(path, {**query, **fields}, headers, signed)
            application.received.append(entry)
            status, kind, body = application.answers.get(path, (204, "", ""))
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    application = Application(server)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return application


ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
ASK = (
    '<Response><Gather numDigits="1" timeout="{timeout}" action="{action}">'
    '<Say language="de-DE">Bitte die 7</Say></Gather>'
    "<Say>Nichts erkannt</Say></Response>"
)


def ring(
    simulator: Simulator,
    application: Application,
    *,
    twiml: str = "<Response><Say>Hallo</Say></Response>",
    **options: object,
) -> CallInstance:
    given = {"url": options["url"]} if "url" in options else {"twiml": twiml}
    return simulator.client().calls.create(
        **{
            "to": ANNA,
            "from_": OURS,
            "status_callback": application.url + "/status",
            "status_callback_event": ALL_EVENTS,
            **given,
            **options,
        }
    )


def callbacks(application: Application, expected: list[str]) -> None:
    eventually(lambda: application.statuses("/status") == expected)
