"""Uptime Kuma 1.19 and later: `/api/status-page/{slug}`.

The list holds only what runs now, and what stands in it runs: the server's own sums
about zones are not done again here. Which monitor is concerned shows only in the last
heartbeats. An empty list is also what the server writes when it could not read its own,
so heartbeats that speak of maintenance beside an empty list are a doubt.
"""

from typing import Any
from urllib.parse import urlsplit

from status.rules.maintenance import Reason
from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import (
    Document,
    Page,
    SourceError,
    distinct,
    refused,
    zone_named,
)
from status.sources.values import (
    identity,
    instant,
    json_object,
    mentions,
    named,
    objects,
    required_list,
    text,
)

_NOT_ONE = "not_an_uptime_kuma_document"
_IN_MAINTENANCE = 3


def read(page: Page) -> Document:
    """The page's running windows and its monitors."""
    root = json_object(page.body, _NOT_ONE)
    if not isinstance(root.get("config"), dict):
        raise refused(_NOT_ONE)
    listed = required_list(root.get("maintenanceList"), _NOT_ONE)
    groups = required_list(root.get("publicGroupList"), _NOT_ONE)
    monitors = _monitors(groups, _in_maintenance(page))
    affected = tuple(part for part in monitors if part.in_maintenance)
    return Document(
        components=monitors,
        windows=distinct(
            _window(entry, position, affected) for position, entry in enumerate(listed)
        ),
        doubt=Reason.COMPONENT_COLOUR if affected and not listed else None,
    )


def _in_maintenance(page: Page) -> frozenset[str]:
    """Ids of the monitors whose last heartbeat says so; none when that is not told."""
    before, _, slug = urlsplit(page.url).path.rstrip("/").rpartition("/")
    try:
        root = json_object(page.more(f"{before}/heartbeat/{slug}"), _NOT_ONE)
    except SourceError:
        return frozenset()
    beats = root.get("heartbeatList")
    if not isinstance(beats, dict):
        return frozenset()
    return frozenset(
        own
        for own, listed in beats.items()
        if (last := objects(listed)[-1:]) and last[0].get("status") == _IN_MAINTENANCE
    )


def _monitors(groups: list[Any], concerned: frozenset[str]) -> tuple[Component, ...]:
    found: dict[str, Component] = {}
    for group in objects(groups):
        for monitor in objects(group.get("monitorList")):
            own = identity(monitor.get("id"))
            if own:
                found[own] = Component(
                    id=own,
                    name=text(monitor.get("name"), 200),
                    group=text(group.get("name"), 200),
                    in_maintenance=own in concerned,
                )
    return tuple(found.values())


def _window(
    entry: object, position: int, affected: tuple[Component, ...]
) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    starts, ends = _times(entry)
    return WindowFacts(
        id=named(entry, "id", "title", position=position),
        name=text(entry.get("title")),
        state=WindowState.RUNNING,
        starts_at=starts,
        ends_at=ends,
        components=affected,
        mentions=mentions(entry.get("description")),
    )


def _times(entry: dict[str, Any]) -> tuple[Any, Any]:
    """Start and planned end for people to read; the state does not hang on them."""
    slots = objects(entry.get("timeslotList"))
    if slots and entry.get("strategy") != "single":
        return instant(slots[0].get("startDate")), instant(slots[0].get("endDate"))
    zone = zone_named(entry.get("timezone"))
    dates = entry.get("dateRange")
    if entry.get("strategy") == "single" and isinstance(dates, list) and zone:
        pair = [*dates, None, None][:2]
        return instant(pair[0], zone), instant(pair[1], zone)
    return None, None
