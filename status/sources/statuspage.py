"""Atlassian Statuspage, version 2, and the products that speak its dialect.

One document answers everything (`/api/v2/summary.json`). Whatever is not such a
document is refused; whatever is damaged inside one becomes a window without state and
times, which reads as unclear, so that no damage ever reads as "no maintenance".
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from status.rules.maintenance import WindowFacts, WindowState
from status.rules.matching import Component
from status.sources.base import Document, SourceError
from status.sources.statuspage_feed import looks_like_feed, parse_feed

_STATES = {
    "scheduled": WindowState.SCHEDULED,
    "in_progress": WindowState.RUNNING,
    "verifying": WindowState.RUNNING,
    "completed": WindowState.FINISHED,
    # the dialect of incident.io
    "maintenance_scheduled": WindowState.SCHEDULED,
    "maintenance_in_progress": WindowState.RUNNING,
    "maintenance_complete": WindowState.FINISHED,
}
# Entries that the product writes for machines.
_MACHINE_ENTRY = "_system_metadata:"
_LONGEST_NAME = 500
_LONGEST_ID = 200
_MOST_WINDOWS = 1000
_MOST_COMPONENTS = 2000
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def parse(body: bytes) -> Document:
    """The document's components and windows. Raises SourceError, and nothing else."""
    if looks_like_feed(body):
        return parse_feed(body)
    page = _loaded(body)
    listed = page.get("scheduled_maintenances")
    if listed is None and "scheduled_maintenances" in page:
        # incident.io writes null for an empty list, but only beside its components.
        listed = [] if isinstance(page.get("components"), list) else None
    if not isinstance(page.get("page"), dict) or not isinstance(listed, list):
        raise SourceError("not_a_statuspage_document", unreadable=True)
    components = _components(page.get("components"))
    windows: dict[str, WindowFacts] = {}
    for position, entry in enumerate(listed[:_MOST_WINDOWS]):
        window = _window(entry, position, components or ())
        if window is None:
            continue
        known = windows.get(window.id)
        if known is None or window.state is WindowState.RUNNING:
            windows[window.id] = window
    return Document(components=components, windows=tuple(windows.values()))


def _loaded(body: bytes) -> dict[str, Any]:
    try:
        page = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SourceError("not_json", unreadable=True) from error
    if not isinstance(page, dict):
        raise SourceError("not_a_statuspage_document", unreadable=True)
    return page


def _text(value: object, limit: int) -> str:
    """The value as storable text: no controls, no lone surrogates, not too long."""
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "replace").decode("utf-8")
    return _UNSTORABLE.sub(" ", value).strip()[:limit]


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        # Numbers of any length arrive here; only short ones are ids.
        return str(value) if abs(value) < 10**30 else ""
    return _text(value, _LONGEST_ID)


def _instant(value: object) -> datetime | None:
    """The time with offset as aware UTC; None when it is not one."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _address(value: object) -> str:
    text = _text(value, 2000)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    good = parts.scheme in {"http", "https"} and parts.netloc and len(text) <= 500
    return text if good else ""


def _components(listed: object) -> tuple[Component, ...] | None:
    """Every component with the name of its group; None when the page has no list."""
    if not isinstance(listed, list):
        return None
    entries = [entry for entry in listed if isinstance(entry, dict)][:_MOST_COMPONENTS]
    names = {_id(entry.get("id")): _text(entry.get("name"), 200) for entry in entries}
    found = []
    for entry in entries:
        component = _component(entry)
        if component is not None:
            group = names.get(_id(entry.get("group_id")), "")
            found.append(
                Component(
                    id=component.id,
                    name=component.name,
                    group=group,
                    in_maintenance=component.in_maintenance,
                )
            )
    return tuple(found)


def _component(entry: object) -> Component | None:
    if not isinstance(entry, dict):
        return None
    name = _text(entry.get("name"), 200)
    identity = _id(entry.get("id") or entry.get("code")) or name
    if not identity:
        return None
    return Component(
        id=identity,
        name=name,
        in_maintenance=entry.get("status") == "under_maintenance",
    )


def _affected(
    entry: dict[str, Any], known: tuple[Component, ...]
) -> tuple[Component, ...]:
    """The components of one event; a group stands for all its children too.

    When the event has none of its own, the newest update that names some decides.
    """
    listed = entry.get("components")
    if not isinstance(listed, list) or not listed:
        listed = _from_updates(entry.get("incident_updates"))
    by_id = {component.id: component for component in known}
    found: dict[str, Component] = {}
    for raw in listed:
        component = _component(raw)
        if component is None:
            continue
        component = by_id.get(component.id, component)
        found[component.id] = component
        for child in known:
            if child.group and child.group == component.name:
                found.setdefault(child.id, child)
    return tuple(found.values())


def _from_updates(updates: object) -> list[Any]:
    if not isinstance(updates, list):
        return []
    for update in updates:
        if isinstance(update, dict):
            affected = update.get("affected_components")
            if isinstance(affected, list) and affected:
                return affected
    return []


def _window(
    entry: object, position: int, known: tuple[Component, ...]
) -> WindowFacts | None:
    if not isinstance(entry, dict):
        entry = {}
    name = _text(entry.get("name"), _LONGEST_NAME)
    if name.startswith(_MACHINE_ENTRY):
        return None
    status = entry.get("status")
    state = _STATES.get(status) if isinstance(status, str) else None
    return WindowFacts(
        id=_id(entry.get("id")) or f"entry-{position}",
        name=name,
        state=state or WindowState.UNKNOWN,
        starts_at=_instant(entry.get("scheduled_for")),
        ends_at=_instant(entry.get("scheduled_until")),
        components=_affected(entry, known),
        url=_address(entry.get("shortlink")),
    )
