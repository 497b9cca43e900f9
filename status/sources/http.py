"""One careful GET: what leaves this machine to read a status page, and what may return.

Only https and only public addresses, on every hop, except for the one host that the
operator allows by name. The address is checked where the connection is made, so a name
that answers differently a moment later gains nothing.
"""

import hashlib
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from status.sources.base import Fetched, SourceError

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
READ_SECONDS = 4.0
TOTAL_SECONDS = 8.0
MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 3
USER_AGENT = "emergency-support maintenance check (+{contact})"
_REDIRECTS = {301, 302, 303, 307, 308}
# Says that the page is not there or not for us, however often it is asked.
_FINAL = {400, 401, 403, 404, 405, 406, 410, 451}


class _AddressRefused(Exception):
    pass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one fetch may take."""

    size: int = MOST_BYTES
    seconds: float = field(default_factory=lambda: TOTAL_SECONDS)
    redirects: int = MOST_REDIRECTS


@dataclass(kw_only=True)
class _Guard:
    """What one fetch may reach, and its open sockets, so that a clock can end it."""

    allowed: str
    limits: Limits
    sockets: list[socket.socket] = field(default_factory=list)
    expired: bool = False

    def admits(self, host: str, port: int | None) -> bool:
        return bool(self.allowed) and self.allowed in {host, f"{host}:{port}"}

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


def fetch(
    *,
    url: str,
    allow_host: str = "",
    etag: str = "",
    last_modified: str = "",
    contact: str = "",
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Fetched:
    """The page at ``url``, unchanged (``body`` None) or as bytes of at most 2 MiB.

    Takes at most eight seconds. ``headers`` are sent besides, on every hop: whoever
    puts a secret there allows no redirect. ``limits`` may be others. Raises
    SourceError with a code; never anything else that depends on what the other side
    does.
    """
    guard = _Guard(allowed=allow_host, limits=limits or Limits())
    sent = {
        "User-Agent": USER_AGENT.format(contact=contact or "no contact given"),
        "Accept": "application/json, application/xml;q=0.5, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
        **(headers or {}),
    }
    if etag:
        sent["If-None-Match"] = etag
    if last_modified:
        sent["If-Modified-Since"] = last_modified
    with requests.Session() as session, _clock(guard):
        session.trust_env = False
        session.mount("http://", _GuardedAdapter(guard))
        session.mount("https://", _GuardedAdapter(guard))
        try:
            return _follow(session, guard, url, sent)
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


def _follow(
    session: requests.Session, guard: _Guard, url: str, headers: dict[str, str]
) -> Fetched:
    for _ in range(guard.limits.redirects + 1):
        _check(guard, url)
        with session.get(
            url,
            headers=headers,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code not in _REDIRECTS:
                return _answer(response, guard)
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


def _answer(response: requests.Response, guard: _Guard) -> Fetched:
    status = response.status_code
    etag = response.headers.get("ETag", "")[:500]
    last_modified = response.headers.get("Last-Modified", "")[:200]
    if status == 304:
        return Fetched(body=None, etag=etag, last_modified=last_modified, body_hash="")
    if status != 200:
        raise SourceError(
            f"http_{status}",
            unreadable=status in _FINAL,
            retry_after=_retry_after(response.headers.get("Retry-After", "")),
        )
    body = _body(response, guard)
    return Fetched(
        body=body,
        etag=etag,
        last_modified=last_modified,
        body_hash=hashlib.sha256(body).hexdigest(),
    )


def _body(response: requests.Response, guard: _Guard) -> bytes:
    started = time.monotonic()
    chunks, size = [], 0
    for chunk in response.iter_content(16 * 1024):
        size += len(chunk)
        if size > guard.limits.size:
            raise SourceError("too_large", unreadable=True)
        if guard.expired or time.monotonic() - started > guard.limits.seconds:
            raise SourceError("timeout")
        chunks.append(chunk)
    if guard.expired:
        raise SourceError("timeout")
    return b"".join(chunks)


def _retry_after(value: str) -> timedelta | None:
    """The pause the server asks for, in seconds or as a date; None when unreadable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - datetime.now(UTC), timedelta(0))
