"""StatusPal: `/api/v2/status_pages/{subdomain}/summary`. Times without a zone are UTC.

The shorter `/status` tells only the worst that goes on and hides maintenance behind it;
it is refused.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct
from status.sources.values import (
    address,
    by_ids,
    component,
    identity,
    instant,
    json_object,
    named,
    objects,
    required_list,
    text,
)

_NOT_ONE = "not_a_statuspal_summary"
_DEEPEST = 5


def read(page: Page) -> Document:
    """The page's running and announced maintenance, and its services."""
    root = json_object(page.body, _NOT_ONE)
    services = required_list(root.get("services"), _NOT_ONE)
    running = required_list(root.get("maintenances"), _NOT_ONE)
    incidents = required_list(root.get("incidents", []), _NOT_ONE)
    ahead = required_list(root.get("upcoming_maintenances", []), _NOT_ONE)
    known = tuple(_services(services, "", 0))
    listed = [_window(e, n, WindowState.RUNNING, known) for n, e in enumerate(running)]
    if "upcoming_maintenances" not in root:
        # An older document has no list for what is ahead and puts it with the others.
        listed = [_unless_ahead(window, page.now) for window in listed]
    windows = [
        *listed,
        *(
            _window(e, n, WindowState.RUNNING, known)
            for n, e in enumerate(incidents)
            if isinstance(e, dict) and e.get("type") == "scheduled"
        ),
        *(_window(e, n, WindowState.SCHEDULED, known) for n, e in enumerate(ahead)),
    ]
    covered = {
        part.id for window in windows[: len(running)] for part in window.components
    }
    if running and not covered:
        covered = {part.id for part in known}
    windows += [_unnamed(part) for part in _uncovered(services, covered, 0)]
    return Document(components=known, windows=distinct(windows))


def _services(listed: object, group: str, depth: int) -> list[Component]:
    """The tree of services, flat; a child names its parent as its group."""
    found: list[Component] = []
    for entry in objects(listed):
        part = component(
            entry,
            group=group,
            in_maintenance=entry.get("current_incident_type") == "scheduled",
        )
        if part is not None:
            found.append(part)
        if depth < _DEEPEST:
            found += _services(
                entry.get("children"), part.name if part else "", depth + 1
            )
    return found


def _uncovered(listed: object, covered: set[str], depth: int) -> list[dict[str, Any]]:
    """Services under maintenance that no window names, each at its deepest.

    A parent takes the state of its children, and a window that names the parent is
    about them.
    """
    found: list[dict[str, Any]] = []
    for entry in objects(listed):
        own = identity(entry.get("id"))
        below = _services(entry.get("children"), "", depth)
        if own in covered and not any(part.id in covered for part in below):
            continue
        deeper = (
            _uncovered(entry.get("children"), covered, depth + 1)
            if depth < _DEEPEST
            else []
        )
        found += deeper
        scheduled = entry.get("current_incident_type") == "scheduled"
        explained = bool(deeper) or any(
            part.in_maintenance and part.id in covered for part in below
        )
        if scheduled and own not in covered and not explained:
            found.append(entry)
    return found


def _unnamed(service: dict[str, Any]) -> WindowFacts:
    """The maintenance that a service tells of itself."""
    part = component(service)
    return WindowFacts(
        id=f"service-{part.id if part else ''}",
        name=text(service.get("name"), 200),
        state=WindowState.RUNNING,
        starts_at=None,
        ends_at=None,
        components=(part,) if part else (),
    )


def _unless_ahead(window: WindowFacts, now: datetime) -> WindowFacts:
    if window.starts_at is None or window.starts_at <= now:
        return window
    return replace(window, state=WindowState.SCHEDULED)


def _window(
    entry: object, position: int, state: WindowState, known: tuple[Component, ...]
) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    affected, understood = by_ids(entry.get("service_ids"), known)
    return WindowFacts(
        id=named(entry, "id", "title", position=position),
        name=text(entry.get("title")),
        state=state,
        starts_at=instant(entry.get("starts_at")),
        ends_at=instant(entry.get("ends_at")),
        components=affected if understood else (),
        url=address(entry.get("url")),
    )
