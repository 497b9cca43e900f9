"""One page read whole: its document, and what other documents of its host it needs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from status.sources.base import Document, Fetched, Page, SourceError
from status.sources.http import TOTAL_SECONDS, Limits, Request, fetch
from status.sources.kinds import KINDS, Kind

MOST_COMPANIONS = 12
_NOT_KNOWN_BY_GET = {"http_404", "http_405"}


# What a host is told besides, by its name.
Secrets = Mapping[str, Mapping[str, str]]


def told(url: str, config: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """``config`` with what the host of ``url`` is told besides, and only this host."""
    return {**config, **secrets.get(urlsplit(url).hostname or "", {})}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a page stands and what the operator told us about it."""

    kind: str
    url: str
    allow_host: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    contact: str = ""


def read_page(
    address: Address, *, now: datetime, etag: str = "", last_modified: str = ""
) -> tuple[Fetched, Document | None]:
    """The page as fetched and as understood; None for one that has not changed.

    All its documents together take at most eight seconds. Raises SourceError.
    """
    kind = KINDS[address.kind]
    if not kind.fetches:
        empty = Fetched(body=b"", etag="", last_modified="", body_hash="")
        page = Page(body=b"", now=now, url=address.url, config=address.config)
        return empty, kind.read(page)
    asking = _Asking(address=address, kind=kind)
    fetched = asking.document(etag, last_modified)
    if fetched.body is None:
        if not (etag or last_modified):
            # Nobody asked for that: there is nothing that it could confirm.
            raise SourceError("not_modified")
        return fetched, None
    page = Page(
        body=fetched.body,
        now=now,
        url=fetched.url,
        sent_at=fetched.sent_at,
        config=address.config,
        more=asking.companion,
    )
    document = kind.read(page)
    if asking.companions or document.unfolded:
        # What stands on several documents is not confirmed by the first one alone, and
        # what repeats goes on although the page stays the same.
        fetched = replace(fetched, etag="", last_modified="")
    return fetched, document


@dataclass(kw_only=True)
class _Asking:
    """The requests of one reading, which share one clock."""

    address: Address
    kind: Kind
    began: float = field(default_factory=time.monotonic)
    companions: int = 0

    def document(self, etag: str, last_modified: str) -> Fetched:
        request = self._request(self.address.url, etag, last_modified)
        try:
            return fetch(request)
        except SourceError as error:
            if not self.kind.posts or error.code not in _NOT_KNOWN_BY_GET:
                raise
        return fetch(self._request(self.address.url, "", "", method="POST"))

    def companion(self, path: str) -> bytes:
        """Another document of the same host. Raises SourceError."""
        self.companions += 1
        if self.companions > MOST_COMPANIONS:
            raise SourceError("too_many_documents", unreadable=True)
        here = urlsplit(self.address.url)
        wanted = urlsplit(path)
        url = urlunsplit((here.scheme, here.netloc, wanted.path, wanted.query, ""))
        body = fetch(self._request(url, "", "")).body
        if body is None:
            raise SourceError("not_modified")
        return body

    def _request(
        self, url: str, etag: str, last_modified: str, method: str = "GET"
    ) -> Request:
        left = TOTAL_SECONDS - (time.monotonic() - self.began)
        if left <= 0:
            raise SourceError("timeout")
        listed = self.address.config.get("hosts")
        hosts = listed if isinstance(listed, list) else []
        return Request(
            url=url,
            allow_host=self.address.allow_host,
            hosts=tuple(host for host in hosts if isinstance(host, str)),
            etag=etag,
            last_modified=last_modified,
            contact=self.address.contact,
            headers=self.kind.headers(dict(self.address.config)),
            method=method,
            enough=self.kind.enough,
            limits=Limits(seconds=left),
        )
