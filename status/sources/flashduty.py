"""flashduty: its widget, which says itself how long it may be believed."""

from datetime import datetime, timedelta
from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.values import (
    address,
    component,
    epoch,
    instant,
    json_object,
    named,
    objects,
    required_list,
    text,
)

_NOT_ONE = "not_a_flashduty_widget"
_LONGEST = 24 * 3600
_STARTS = ("started_at", "start_at", "starts_at", "scheduled_start_at", "start_time")
_ENDS = ("scheduled_end_at", "end_at", "ends_at", "end_time")


def read(page: Page) -> Document:
    """The two lists of planned work, an entry being what its list says."""
    root = json_object(page.body, _NOT_ONE)
    if not isinstance(root.get("page"), dict) or "schema_version" not in root:
        raise refused(_NOT_ONE)
    required_list(root.get("ongoing_incidents"), _NOT_ONE)
    running = required_list(root.get("in_progress_maintenances"), _NOT_ONE)
    ahead = required_list(root.get("scheduled_maintenances"), _NOT_ONE)
    written = instant(root.get("generated_at"))
    stale_after = _seconds(root.get("max_stale_seconds"))
    if written is None or stale_after is None:
        raise refused(_NOT_ONE)
    windows = [
        *(_window(e, n, WindowState.RUNNING) for n, e in enumerate(running)),
        *(_window(e, n, WindowState.SCHEDULED) for n, e in enumerate(ahead)),
    ]
    return Document(
        components=None,
        windows=distinct(windows),
        good_until=written + stale_after,
        poll_after=_seconds(root.get("poll_after_seconds")),
    )


def _seconds(value: object) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return timedelta(seconds=value) if 0 < value <= _LONGEST else None


def _first(entry: dict[str, Any], keys: tuple[str, ...]) -> object:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def _window(entry: object, position: int, listed_as: WindowState) -> WindowFacts:
    if not isinstance(entry, dict):
        entry, listed_as = {}, WindowState.UNKNOWN
    parts = entry.get("affected_components")
    parts = entry.get("components") if parts is None else parts
    return WindowFacts(
        id=named(entry, "id", "name", "title", position=position),
        name=text(entry.get("name") or entry.get("title")),
        state=listed_as,
        starts_at=_time(_first(entry, _STARTS)),
        ends_at=_time(_first(entry, _ENDS)),
        components=_affected(parts),
        url=address(entry.get("url")),
    )


def _time(value: object) -> datetime | None:
    """The time as text, or in seconds as elsewhere in this product."""
    return instant(value) or epoch(value)


def _affected(listed: object) -> tuple[Component, ...]:
    found = (
        component(
            entry,
            id_keys=("id", "component_id"),
            name_key="name" if "name" in entry else "component_name",
        )
        for entry in objects(listed)
    )
    return tuple(part for part in found if part is not None)
