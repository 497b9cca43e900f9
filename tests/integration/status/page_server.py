"""A status page on loopback that answers as told and remembers what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Announce more than is sent, as a connection that breaks does.
    missing_bytes: int = 0


@dataclass
class Page:
    """``answer`` is what every path says that is not among ``answers``."""

    url: str
    host: str
    answer: Answer
    requests: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """The address of another path of this page."""
        return f"http://{self.url.split('/')[2]}{path}"


@contextmanager
def page_server(answer: Answer) -> Iterator[Page]:
    """A running page; change ``page.answer`` to change what it says."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page.requests.append(
                {"path": self.path, "method": self.command, **dict(self.headers)}
            )
            told = page.answers.get(self.path, page.answer)
            self.send_response_only(told.status)
            if "Date" not in told.headers:
                self.send_header("Date", self.date_time_string())
            for name, value in told.headers.items():
                self.send_header(name, value)
            if told.status != 304:
                length = len(told.body) + told.missing_bytes
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(told.body)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    page = Page(f"http://127.0.0.1:{port}/api/v2/summary.json", "127.0.0.1", answer)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    try:
        yield page
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
