"""Which product is this? Asked once, when a page is set up, and never while polling.

The probes go in a fixed order, the surest first. The pasted address itself comes before
all of them: it may already be a document.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from status.sources.base import SourceError, refused
from status.sources.http import Limits, Request, fetch
from status.sources.kinds import KINDS
from status.sources.recognition import (
    feed_of,
    is_pong,
    json_kind,
    sorry_links,
    status_io_id,
    text_kind,
)

LONGEST = 40.0
CACHET2 = "/api/v1/schedules?per_page=100&sort=id&order=desc"
CACHET3 = (
    "/api/schedules?include=components&filter[status]=0,1"
    "&sort=-scheduled_at&per_page=100"
)
STATUS_IO = "https://api.status.io/1.0/status/"


@dataclass(frozen=True, kw_only=True)
class Detected:
    """The product and its exact document; whether the operator has to name a zone."""

    kind: str
    url: str
    needs_zone: bool


@dataclass(frozen=True, kw_only=True)
class _Probe:
    """``path`` is asked; when ``answers`` knows the product, ``document`` is read (the
    path itself when empty)."""

    path: str
    answers: Callable[[bytes], str]
    document: str = ""


def _only(*kinds: str) -> Callable[[bytes], str]:
    def answers(body: bytes) -> str:
        found = json_kind(body)
        return found if found in kinds else ""

    return answers


def _pong(kind: str) -> Callable[[bytes], str]:
    return lambda body: kind if is_pong(body) else ""


PROBES = (
    _Probe(path="/api/v2/summary.json", answers=_only("statuspage", "incidentio")),
    _Probe(path="/api/v1/summary", answers=_only("incidentio", "flashduty")),
    _Probe(path="/summary.json", answers=_only("instatus")),
    _Probe(path="/index.json", answers=_only("betterstack", "cstate")),
    _Probe(path="/api/v1/ping", answers=_pong("cachet2"), document=CACHET2),
    _Probe(path="/api/ping", answers=_pong("cachet3"), document=CACHET3),
    _Probe(
        path="/api/v1/",
        answers=lambda body: "sorry" if sorry_links(body) else "",
        document="/api/v1/notices",
    ),
    _Probe(path="/api/status-page/{slug}", answers=_only("uptimekuma")),
    _Probe(path="/feed/json", answers=_only("openstatus")),
    _Probe(path="/api/v1/config", answers=_only("gatus")),
    _Probe(path="/history.rss", answers=text_kind),
    _Probe(path="/history.atom", answers=text_kind),
    _Probe(path="/feed/", answers=text_kind),
)


def detect(*, url: str, allow_host: str = "", contact: str = "") -> Detected:
    """The product behind the pasted address. Raises SourceError.

    Takes at most 40 seconds. A product that cannot answer is refused with the reason.
    """
    asking = _Asking(url=url, allow_host=allow_host, contact=contact)
    kind, document = next(asking.findings(), ("", ""))
    if not kind:
        raise asking.problem or refused("not_recognised")
    if not KINDS[kind].fetches:
        raise refused(f"{kind}_publishes_no_maintenance_windows")
    return Detected(kind=kind, url=document, needs_zone=KINDS[kind].needs_zone)


class _Asking:
    """The requests of one detection, which share one clock."""

    def __init__(self, *, url: str, allow_host: str, contact: str) -> None:
        self._url, self._allow_host, self._contact = url, allow_host, contact
        self._ends = time.monotonic() + LONGEST
        # What the pasted address itself answered, when that was no document.
        self.problem: SourceError | None = None

    def findings(self) -> Iterator[tuple[str, str]]:
        """Kind and document of whatever is recognised, the surest first."""
        yield from _by_address(self._url)
        here = self._body(self._url)
        if here and (kind := json_kind(here) or text_kind(here)):
            yield kind, self._url
        for probe in PROBES:
            path = probe.path.replace("{slug}", _slug(self._url))
            body = self._body(self._at(path))
            if body and (kind := probe.answers(body)):
                yield kind, self._at(probe.document or path)
        if here and (page_id := status_io_id(here)):
            yield "statusio", STATUS_IO + page_id
        if here and (feed := feed_of(here, self._url)):
            yield "rss", feed

    def _at(self, path: str) -> str:
        parts = urlsplit(self._url)
        path, _, query = path.partition("?")
        return urlunsplit((parts.scheme, parts.netloc, path, query, ""))

    def _body(self, url: str) -> bytes:
        left = self._ends - time.monotonic()
        if left <= 0:
            return b""
        try:
            fetched = fetch(
                Request(
                    url=url,
                    allow_host=self._allow_host,
                    contact=self._contact,
                    limits=Limits(seconds=min(left, 8.0)),
                )
            )
        except SourceError as error:
            if url == self._url:
                self.problem = error
            return b""
        return fetched.body or b""


def _slug(url: str) -> str:
    """The name of a page of Uptime Kuma; "default" where the address has none."""
    match = re.search(r"/status/([A-Za-z0-9-]+)/?$", urlsplit(url).path)
    return match[1] if match else "default"


def _by_address(url: str) -> Iterator[tuple[str, str]]:
    """Products whose documents stand elsewhere, known by the address alone."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    repository = re.fullmatch(r"/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", parts.path)
    if host == "github.com" and repository:
        owner, name = repository.groups()
        yield (
            "upptime",
            f"https://api.github.com/repos/{owner}/{name}/issues"
            "?state=open&labels=maintenance&per_page=100",
        )
    if parts.path == "/api/v1/issues":
        yield "hund", url
    page = re.fullmatch(r"([a-z0-9-]+)\.statuspal\.(io|eu)", host)
    if page:
        yield (
            "statuspal",
            f"https://statuspal.{page[2]}/api/v2/status_pages/{page[1]}/summary",
        )
