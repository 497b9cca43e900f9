"""status.io: `api.status.io/1.0/status/{page_id}`.

What stands in the list of active maintenance runs, however late it is. Containers are
places, not components.
"""

from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.values import (
    component,
    instant,
    json_object,
    mentions,
    named,
    objects,
    required_list,
    text,
)

_NOT_ONE = "not_a_status_io_document"
_PLANNED_MAINTENANCE = 200
_IDS = ("id", "_id")


def read(page: Page) -> Document:
    """The page's active and upcoming maintenance."""
    result = json_object(page.body, _NOT_ONE).get("result")
    lists = result.get("maintenance") if isinstance(result, dict) else None
    if not isinstance(result, dict) or not isinstance(lists, dict):
        raise refused(_NOT_ONE)
    listed = required_list(result.get("status"), _NOT_ONE)
    running = required_list(lists.get("active"), _NOT_ONE)
    ahead = required_list(lists.get("upcoming"), _NOT_ONE)
    known = _parts(listed)
    windows = [
        *(_window(e, n, WindowState.RUNNING, known) for n, e in enumerate(running)),
        *(_window(e, n, WindowState.AHEAD, known) for n, e in enumerate(ahead)),
    ]
    return Document(components=known, windows=distinct(windows))


def _parts(listed: object) -> tuple[Component, ...]:
    found = (
        component(
            entry,
            id_keys=_IDS,
            in_maintenance=entry.get("status_code") == _PLANNED_MAINTENANCE,
        )
        for entry in objects(listed)
    )
    return tuple(part for part in found if part is not None)


def _window(
    entry: object, position: int, listed_as: WindowState, known: tuple[Component, ...]
) -> WindowFacts:
    if not isinstance(entry, dict):
        entry, listed_as = {}, WindowState.UNKNOWN
    starts, ends = (
        _time(entry, f"datetime_planned_{edge}") for edge in ("start", "end")
    )
    starts_at, ends_at = instant(starts), instant(ends)
    if (starts is not None and starts_at is None) or (ends is not None and not ends_at):
        # Times that cannot be read are not the same as none.
        listed_as = WindowState.UNKNOWN if listed_as is WindowState.AHEAD else listed_as
    by_id = {part.id: part for part in known}
    affected = _parts(entry.get("components_affected"))
    return WindowFacts(
        id=named(entry, "_id", "id", "name", position=position),
        name=text(entry.get("name")),
        state=listed_as,
        starts_at=starts_at,
        ends_at=ends_at,
        components=tuple(by_id.get(part.id, part) for part in affected),
        mentions=mentions(
            *(message.get("details") for message in objects(entry.get("messages")))
        ),
    )


def _time(entry: dict[str, Any], key: str) -> object:
    return None if entry.get(key) == "" else entry.get(key)
