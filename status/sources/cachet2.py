"""Cachet 2: `/api/v1/schedules`.

Twenty schedules to a page, the oldest first, so that all pages are read. Times stand
on the clock of the page, whose zone is the operator's to tell. Nothing but a person
moves a schedule on; a missing end is written as the time of the answer.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from status.rules.maintenance import Reason
from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import (
    Document,
    Page,
    SourceError,
    distinct,
    refused,
    unless,
)
from status.sources.values import (
    by_ids,
    component,
    has_offset,
    instant,
    json_object,
    mentions,
    named,
    objects,
    required_list,
    text,
)

_STATES = {
    0: WindowState.SCHEDULED,
    1: WindowState.RUNNING,
    2: WindowState.FINISHED,
}
_NOT_ONE = "not_a_cachet_document"
MOST_PAGES = 10
# An answer is written this soon after its end was made up.
_WRITTEN_WITHIN = timedelta(seconds=90)
# Zones differ by quarters of an hour, and by this much at most.
_QUARTER = timedelta(minutes=15)
_FURTHEST_ZONE = timedelta(hours=14)


def read(page: Page) -> Document:
    """The page's schedules, from all its pages."""
    entries, complete = _entries(page)
    open_entries = [
        entry
        for entry in entries
        if not isinstance(entry, dict) or _state(entry) is not WindowState.FINISHED
    ]
    known = _known(page, open_entries)
    return Document(
        components=known or None,
        windows=distinct(
            _window(entry, position, page, known)
            for position, entry in enumerate(open_entries)
        ),
        doubt=None if complete else Reason.INCOMPLETE,
    )


def _entries(page: Page) -> tuple[list[Any], bool]:
    """The schedules of all pages, and whether all could be read."""
    root = json_object(page.body, _NOT_ONE)
    entries = list(required_list(root.get("data"), _NOT_ONE))
    if not isinstance(root.get("meta"), dict | None):
        raise refused(_NOT_ONE)
    current, last = _pages(root)
    if current is None:
        return entries, True
    for number in range(1, last + 1):
        if number == current:
            continue
        found = _further(page, number, root) if number <= MOST_PAGES else None
        if found is None:
            return entries, False
        root = found
        entries += found["data"]
    return entries, True


def _further(page: Page, number: int, before: dict[str, Any]) -> dict[str, Any] | None:
    """The list's page of this number; None when it cannot be had. It stands where this
    one does, or else where the page before it says."""
    for path in (_path(page.url, number), _named_next(before, number)):
        try:
            found = json_object(page.more(path), _NOT_ONE) if path else {}
            required_list(found.get("data"), _NOT_ONE)
        except SourceError:
            continue
        return found
    return None


def _named_next(root: dict[str, Any], number: int) -> str:
    """Path and query of the next page as the answer names it, if it is this one."""
    meta = root.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    links = pagination.get("links") if isinstance(pagination, dict) else None
    link = links.get("next_page") if isinstance(links, dict) else None
    try:
        parts = urlsplit(link if isinstance(link, str) else "")
    except ValueError:
        return ""
    wanted = dict(parse_qsl(parts.query)).get("page") == str(number)
    return f"{parts.path}?{parts.query}" if wanted else ""


def _pages(root: dict[str, Any]) -> tuple[int | None, int]:
    """This page's number and that of the last; (None, 1) where there is only one."""
    meta = root.get("meta")
    if not isinstance(meta, dict) or "pagination" not in meta:
        return None, 1
    pagination = meta["pagination"]
    if not isinstance(pagination, dict):
        raise refused(_NOT_ONE)
    current, last = pagination.get("current_page", 1), pagination.get("total_pages", 1)
    for number in (current, last):
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise refused(_NOT_ONE)
    return current, min(last, MOST_PAGES + 1)


def _path(url: str, number: int) -> str:
    """The same list at another page, on the host that was asked."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query)) | {"page": str(number)}
    return f"{parts.path}?{urlencode(query)}"


def _known(page: Page, entries: list[Any]) -> tuple[Component, ...]:
    """The components by name, asked for only when a schedule names some by id."""
    if not any(entry.get("components") for entry in objects(entries)):
        return ()
    path = urlsplit(page.url).path.rpartition("/schedules")[0] + "/components"
    # A copy behind a proxy may know the list and no question about it.
    for wanted in (path + "?per_page=1000", path):
        try:
            root = json_object(page.more(wanted), _NOT_ONE)
        except SourceError:
            continue
        found = (component(entry) for entry in objects(root.get("data")))
        return tuple(part for part in found if part is not None)
    return ()


def _state(entry: dict[str, Any]) -> WindowState:
    value = entry.get("status")
    if isinstance(value, str) and value in {"0", "1", "2"}:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return WindowState.UNKNOWN
    return _STATES.get(value, WindowState.UNKNOWN)


def _window(
    entry: object, position: int, page: Page, known: tuple[Component, ...]
) -> WindowFacts:
    if not isinstance(entry, dict):
        entry = {}
    starts_at = instant(entry.get("scheduled_at"), page.zone)
    ends_at = instant(entry.get("completed_at"), page.zone)
    # Something stands there that is no time: that is not the same as no end.
    open_ended = entry.get("completed_at") is None or entry["completed_at"] == ""
    if ends_at is not None and _made_up(entry, ends_at, starts_at, page):
        ends_at, open_ended = None, True
    listed = entry.get("components")
    ids = (
        [part.get("component_id", part.get("id")) for part in objects(listed)]
        if isinstance(listed, list)
        else None
    )
    affected, _ = by_ids(ids, known)
    window = WindowFacts(
        id=named(entry, "id", "name", position=position),
        name=text(entry.get("name")),
        state=_state(entry),
        starts_at=starts_at,
        ends_at=ends_at,
        components=affected,
        mentions=mentions(entry.get("message")),
        open_ended=open_ended and ends_at is None,
        zone_known=page.zone is not None or has_offset(entry.get("scheduled_at")),
    )
    status = entry.get("status")
    whole = isinstance(status, int | str) and not isinstance(status, bool)
    return unless(window, damaged=not whole or status == "")


def _made_up(
    entry: dict[str, Any], ends_at: datetime, starts_at: datetime | None, page: Page
) -> bool:
    """True for an end that Cachet writes where there is none: the time of its answer,
    or something before the start."""
    if starts_at is not None and ends_at < starts_at:
        return True
    return any(
        _about(ends_at, clock, exact=page.zone is not None or _offset(entry))
        for clock in (page.sent_at, page.now)
        if clock is not None
    )


def _offset(entry: dict[str, Any]) -> bool:
    return has_offset(entry.get("completed_at"))


def _about(ends_at: datetime, clock: datetime, *, exact: bool) -> bool:
    apart = abs(ends_at - clock)
    if exact or apart > _FURTHEST_ZONE + _WRITTEN_WITHIN:
        return apart <= _WRITTEN_WITHIN
    beside = apart % _QUARTER
    return min(beside, _QUARTER - beside) <= timedelta(seconds=5)
