"""The RSS history of a Statuspage page.

For a planned event `pubDate` is the planned start and the product's own element
`maintenanceEndDate` the planned end; after completion `pubDate` moves to the last
update and may lie behind the end. The feed carries no state: its windows are due at
most.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from status.rules.maintenance import WindowFacts, WindowState
from status.sources.base import Document, SourceError


def looks_like_feed(body: bytes) -> bool:
    """True for XML that opens like a feed (and not like a web page)."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:300].lower()
    return start.startswith((b"<?xml", b"<rss")) and b"<html" not in start


def parse_feed(body: bytes) -> Document:
    """The planned events of the feed. Raises SourceError, and nothing else."""
    # Entities can only be declared in a document type; without one there is nothing
    # to expand and nothing to fetch.
    if b"<!doctype" in body.lower() or b"<!entity" in body.lower():
        raise SourceError("document_type_refused", unreadable=True)
    try:
        root = ElementTree.fromstring(body)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise SourceError("not_xml", unreadable=True) from error
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        raise SourceError("not_a_statuspage_feed", unreadable=True)
    windows = {}
    for position, item in enumerate(channel.findall("item")):
        if item.find("maintenanceEndDate") is None:
            continue
        identity = (
            item.findtext("guid") or item.findtext("link") or f"entry-{position}"
        ).strip()[:200]
        windows[identity] = WindowFacts(
            id=identity,
            name=(item.findtext("title") or "").strip()[:500],
            state=WindowState.UNKNOWN,
            starts_at=_instant(item.findtext("pubDate")),
            ends_at=_instant(item.findtext("maintenanceEndDate")),
        )
    return Document(components=None, windows=tuple(windows.values()))


def _instant(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime((value or "").strip())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
