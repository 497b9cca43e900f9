"""Sorry: `/api/v1/notices` of the page, or the authenticated interface's list of them.

Planned notices have a state of their own; unplanned ones are incidents.
"""

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
    address,
    component,
    identity,
    instant,
    json_object,
    mentions,
    named,
    objects,
    required_list,
    text,
)

_STATES = {
    "scheduled": WindowState.SCHEDULED,
    "underway": WindowState.RUNNING,
    "complete": WindowState.FINISHED,
    "completed": WindowState.FINISHED,
    "cancelled": WindowState.FINISHED,
}
_NOT_ONE = "not_a_sorry_document"
_MAINTENANCE = ("under_maintenance", "under-maintenance")
MOST_PAGES = 10


def read(page: Page) -> Document:
    """The page's planned notices, from all its pages."""
    entries, complete = _entries(page)
    windows = (
        _window(entry, position)
        for position, entry in enumerate(entries)
        if not (isinstance(entry, dict) and entry.get("type") == "unplanned")
    )
    found = distinct(windows)
    unfinished = any(window.state is not WindowState.FINISHED for window in found)
    return Document(
        components=_components(page) if unfinished else None,
        windows=found,
        doubt=None if complete else Reason.INCOMPLETE,
    )


def _entries(page: Page) -> tuple[list[Any], bool]:
    root = json_object(page.body, _NOT_ONE)
    entries: list[Any] = []
    for number in range(1, MOST_PAGES + 1):
        listed = root["notices"] if "notices" in root else root.get("response")
        entries += required_list(listed, _NOT_ONE)
        meta = root.get("meta")
        if not isinstance(meta, dict | None):
            raise refused(_NOT_ONE)
        if not meta or meta.get("next_page") is None:
            return entries, True
        try:
            following = _path(page.url, meta["next_page"], number + 1)
            root = json_object(page.more(following), _NOT_ONE)
        except SourceError:
            break
    return entries, False


def _path(url: str, following: object, number: int) -> str:
    """The list's next page: the one it names, otherwise the one with this number."""
    parts = urlsplit(url)
    named = identity(following)
    query = dict(parse_qsl(parts.query))
    query["page"] = named if named.isdigit() else str(number)
    return f"{parts.path}?{urlencode(query)}"


def _components(page: Page) -> tuple[Component, ...] | None:
    """The components of the page; None when they cannot be had."""
    path = urlsplit(page.url).path.rpartition("/notices")[0] + "/components"
    try:
        root = json_object(page.more(path), _NOT_ONE)
    except SourceError:
        return None
    listed = root.get("components")
    if not isinstance(listed, list):
        return None
    return _parts(listed)


def _parts(listed: object) -> tuple[Component, ...]:
    entries = objects(listed)
    names = {str(entry.get("id")): text(entry.get("name"), 200) for entry in entries}
    found = (
        component(
            entry,
            group=names.get(str(entry.get("parent_id")), ""),
            in_maintenance=entry.get("state") in _MAINTENANCE,
        )
        for entry in entries
    )
    return tuple(part for part in found if part is not None)


def _window(entry: object, position: int) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    word = entry.get("state")
    state = _STATES.get(word) if isinstance(word, str) else None
    window = WindowFacts(
        id=named(entry, "id", "subject", position=position),
        name=text(entry.get("subject")),
        state=state or WindowState.UNKNOWN,
        starts_at=instant(entry.get("begins_at") or entry.get("began_at")),
        ends_at=instant(entry.get("ends_at")),
        components=_parts(entry.get("components")),
        url=address(entry.get("link") or entry.get("url")),
        mentions=mentions(entry.get("synopsis")),
    )
    return unless(window, damaged=not isinstance(word, str) or not word)
