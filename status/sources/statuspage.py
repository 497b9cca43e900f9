"""Atlassian Statuspage, version 2, and the products that speak its dialect.

One document answers everything (`/api/v2/summary.json`). The dialect of incident.io
writes null for an empty list and other words for the states.
"""

import re
from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused, unless
from status.sources.statuspage_feed import read_feed
from status.sources.values import (
    MOST_COMPONENTS,
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
from status.sources.xml_documents import looks_like_xml

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
_NOT_ONE = "not_a_statuspage_document"


def read(page: Page) -> Document:
    """The page's components and windows; also of its history feed."""
    if looks_like_xml(page.body):
        return read_feed(page)
    return summary(json_object(page.body, _NOT_ONE))


def summary(root: dict[str, Any], *, dialect: bool = False) -> Document:
    """The document as understood. Raises SourceError."""
    listed = root.get("scheduled_maintenances")
    if listed is None and "scheduled_maintenances" in root:
        listed = [] if dialect or _is_dialect(root) else None
    if not isinstance(root.get("page"), dict) or not isinstance(listed, list):
        raise refused(_NOT_ONE)
    for key in ("components", "incidents"):
        if not isinstance(root.get(key), list | None):
            raise refused(_NOT_ONE)
    listed = required_list(listed, _NOT_ONE)
    components = _components(root.get("components"))
    by_id = {part.id: part for part in components or ()}
    windows = (_window(entry, position, by_id) for position, entry in enumerate(listed))
    return Document(
        components=components,
        windows=distinct(window for window in windows if window is not None),
    )


def _is_dialect(root: dict[str, Any]) -> bool:
    """True for incident.io, which writes null for an empty list; its components say
    nothing of groups."""
    listed = root.get("components")
    return isinstance(listed, list) and not any("group" in e for e in objects(listed))


def state(word: object) -> WindowState:
    """What a status word of this family of products means."""
    if not isinstance(word, str):
        return WindowState.UNKNOWN
    # The documentation writes them as people do ("In Progress").
    plain = re.sub(r"[ -]+", "_", word.strip().lower())
    return _STATES.get(plain, WindowState.UNKNOWN)


def _components(listed: object) -> tuple[Component, ...] | None:
    """Every component with the name of its group; None when the page has no list."""
    if not isinstance(listed, list):
        return None
    entries = objects(listed)[:MOST_COMPONENTS]
    names = {
        identity(entry.get("id")): text(entry.get("name"), 200) for entry in entries
    }
    found = (
        _component(entry, names.get(identity(entry.get("group_id")), ""))
        for entry in entries
    )
    return tuple(part for part in found if part is not None)


def _component(entry: dict[str, Any], group: str = "") -> Component | None:
    if text(entry.get("name")).startswith(_MACHINE_ENTRY):
        return None
    return component(
        entry,
        id_keys=("id", "code"),
        group=group,
        in_maintenance=entry.get("status") == "under_maintenance",
    )


def _affected(
    entry: dict[str, Any], by_id: dict[str, Component]
) -> tuple[Component, ...]:
    """The components that the event names, groups among them.

    When the event has none of its own, the newest update that names some decides.
    """
    listed = entry.get("components")
    if not isinstance(listed, list) or not listed:
        listed = _from_updates(entry.get("incident_updates"))
    found: dict[str, Component] = {}
    for raw in objects(listed):
        part = _component(raw)
        if part is None:
            continue
        found[part.id] = by_id.get(part.id, part)
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
    entry: object, position: int, by_id: dict[str, Component]
) -> WindowFacts | None:
    if not isinstance(entry, dict):
        entry = {}
    name = text(entry.get("name"))
    if name.startswith(_MACHINE_ENTRY):
        return None
    window = WindowFacts(
        id=named(entry, "id", "name", position=position),
        name=name,
        state=state(entry.get("status")),
        starts_at=instant(entry.get("scheduled_for")),
        ends_at=instant(entry.get("scheduled_until")),
        components=_affected(entry, by_id),
        url=address(entry.get("shortlink")),
        mentions=mentions(
            *(update.get("body") for update in objects(entry.get("incident_updates")))
        ),
    )
    word = entry.get("status")
    return unless(window, damaged=not isinstance(word, str) or not word)
