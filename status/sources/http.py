"""One careful request: what leaves this machine for a status page, and what returns.

Only https, only public addresses and only the host that was named, on every hop; the
one host that the operator allows may also be private and plain. The address is checked
where the connection is made, so a name that answers differently a moment later gains
nothing.
"""

import hashlib
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from status.sources.base import Fetched, SourceError
from status.sources.http_answers import http_date, in_utf8, refusal

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
READ_SECONDS = 4.0
TOTAL_SECONDS = 8.0
MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 3
USER_AGENT = "emergency-support maintenance check (+{contact})"
# Behind it a network may translate to any address of the older kind.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one fetch may take."""

    size: int = MOST_BYTES
    seconds: float = field(default_factory=lambda: TOTAL_SECONDS)
    redirects: int = MOST_REDIRECTS


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for. ``hosts`` are further hosts that a redirect may lead to.

    ``headers`` go to the host of ``url`` alone. ``enough`` ends a stream that would
    go on: it is asked after every piece whether what has come will do.
    """

    url: str
    allow_host: str = ""
    hosts: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""
    contact: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    enough: Callable[[bytes], bool] | None = None
    limits: Limits = field(default_factory=Limits)


class _AddressRefused(Exception):
    pass


@dataclass(kw_only=True)
class _Guard:
    """What one fetch may reach, and its open sockets, so that a clock can end it."""

    allowed: str
    limits: Limits
    hosts: frozenset[str] = frozenset()
    sockets: list[socket.socket] = field(default_factory=list)
    expired: bool = False

    def admits(self, host: str, port: int | None) -> bool:
        return bool(self.allowed) and self.allowed in {host, f"{host}:{port}"}

    def may_visit(self, host: str, port: int | None) -> bool:
        return host in self.hosts or self.admits(host, port)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to an address of ``host`` that the rules admit."""
        problem: OSError | None = None
        for family, kind, proto, _, target in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        ):
            address = ipaddress.ip_address(str(target[0]).partition("%")[0])
            if not self.admits(host, port) and not _is_public(address):
                raise _AddressRefused
            attempt = socket.socket(family, kind, proto)
            attempt.settimeout(CONNECT_SECONDS)
            try:
                attempt.connect(target)
            except OSError as error:
                attempt.close()
                problem = error
                continue
            self.sockets.append(attempt)
            return attempt
        raise problem or OSError("no address")

    def expire(self) -> None:
        self.expired = True
        for open_socket in self.sockets:
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast


class _GuardedAdapter(HTTPAdapter):
    """A transport whose connections are made by the guard and by nothing else."""

    def __init__(self, guard: _Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        guard = self._guard

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self.host, self.port or 80)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self.host, self.port or 443)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {
            "http": PlainPool,
            "https": SecurePool,
        }


def fetch(request: Request) -> Fetched:
    """The page, unchanged (``body`` None) or as bytes, within the limits of the
    request: 2 MiB and eight seconds, unless it says others.

    Raises SourceError with a code; never anything else that depends on what the other
    side does.
    """
    guard = _Guard(
        allowed=request.allow_host,
        limits=request.limits,
        hosts=frozenset({_host(request.url), *request.hosts} - {""}),
    )
    with requests.Session() as session, _clock(guard):
        session.trust_env = False
        session.mount("http://", _GuardedAdapter(guard))
        session.mount("https://", _GuardedAdapter(guard))
        try:
            return _follow(session, guard, request)
        except _AddressRefused as error:
            raise SourceError("private_address", unreadable=True) from error
        except requests.exceptions.SSLError as error:
            raise SourceError("tls") from error
        except requests.exceptions.Timeout as error:
            raise SourceError("timeout") from error
        except requests.exceptions.ContentDecodingError as error:
            raise SourceError("damaged_body", unreadable=True) from error
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            logger.info("status page cannot be read: %s", error)
            code = "timeout" if guard.expired else "unreachable"
            raise SourceError(code) from error


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _headers(request: Request, url: str) -> dict[str, str]:
    headers = {
        "User-Agent": USER_AGENT.format(contact=request.contact or "no contact given"),
        "Accept": "application/json, application/xml;q=0.5, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
    }
    if _host(url) == _host(request.url):
        headers |= request.headers
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    return headers


@contextmanager
def _clock(guard: _Guard) -> Iterator[None]:
    """Ends everything after the total time, also an answer that comes drop by drop."""
    timer = threading.Timer(guard.limits.seconds, guard.expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _follow(session: requests.Session, guard: _Guard, request: Request) -> Fetched:
    url = request.url
    for _ in range(guard.limits.redirects + 1):
        _check(guard, url)
        with session.request(
            request.method,
            url,
            headers=_headers(request, url),
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code not in _REDIRECTS:
                return _answer(response, guard, request, url)
            target = response.headers.get("Location", "")
            if not target:
                raise SourceError("bad_redirect", unreadable=True)
            url = urljoin(url, target)
    raise SourceError("too_many_redirects", unreadable=True)


def _check(guard: _Guard, url: str) -> None:
    try:
        parts: SplitResult = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SourceError("bad_address", unreadable=True) from error
    if not host or parts.username is not None or parts.password is not None:
        raise SourceError("bad_address", unreadable=True)
    port = port or (80 if parts.scheme == "http" else 443)
    plain_is_allowed = parts.scheme == "http" and guard.admits(host, port)
    if parts.scheme != "https" and not plain_is_allowed:
        raise SourceError("not_https", unreadable=True)
    if not guard.may_visit(host, port):
        raise SourceError("other_host", unreadable=True)


def _answer(
    response: requests.Response, guard: _Guard, request: Request, url: str
) -> Fetched:
    etag = response.headers.get("ETag", "")[:500]
    last_modified = response.headers.get("Last-Modified", "")[:200]
    body: bytes | None = None
    if response.status_code != 304:
        if response.status_code != 200:
            raise refusal(response.status_code, response.headers)
        body = _body(response, guard, request.enough)
    body_hash = hashlib.sha256(body).hexdigest() if body is not None else ""
    if body is not None:
        body = in_utf8(body, response.headers.get("Content-Type", ""))
    return Fetched(
        body=body,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
        sent_at=http_date(response.headers.get("Date", "")),
        url=url,
    )


def _body(
    response: requests.Response,
    guard: _Guard,
    enough: Callable[[bytes], bool] | None,
) -> bytes:
    started = time.monotonic()
    chunks, size = [], 0
    # A stream gives what it has; a document is read in good pieces.
    for chunk in response.iter_content(1 if enough else 16 * 1024):
        size += len(chunk)
        if size > guard.limits.size:
            raise SourceError("too_large", unreadable=True)
        if guard.expired or time.monotonic() - started > guard.limits.seconds:
            raise SourceError("timeout")
        chunks.append(chunk)
        if enough and chunk == b"\n" and enough(b"".join(chunks)):
            break
    if guard.expired:
        raise SourceError("timeout")
    return b"".join(chunks)
