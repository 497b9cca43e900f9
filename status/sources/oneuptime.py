"""OneUptime: `/status-page-api/scheduled-maintenance-events/{id}`.

Names of states are the customer's own; what counts are the flags beside them. Ids and
times are wrapped.
"""

from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, unless
from status.sources.values import (
    identity,
    instant,
    json_object,
    mentions,
    named,
    objects,
    required_list,
    text,
    unwrapped,
)

_NOT_ONE = "not_a_oneuptime_document"


def read(page: Page) -> Document:
    """The page's scheduled maintenance and the resources it names."""
    root = json_object(page.body, _NOT_ONE)
    listed = required_list(root.get("scheduledMaintenanceEvents"), _NOT_ONE)
    resources = required_list(root.get("statusPageResources", []), _NOT_ONE)
    links = _links(resources, root.get("monitorsInGroup"))
    known = _flags(root.get("scheduledMaintenanceStates"))
    return Document(
        components=tuple({part.id: part for _, part in links}.values()) or None,
        windows=distinct(
            _window(entry, position, links, known)
            for position, entry in enumerate(listed)
        ),
    )


def _flags(states: object) -> list[dict[str, Any]]:
    """All states of the project. Whether one of them ends an event stands only here."""
    return [state for state in objects(states) if _has_flags(state)]


def _state_of(current: object, known: list[dict[str, Any]]) -> WindowState:
    """What the event's state is by its own flags, else by those of the same state in
    the project's list; one that comes after the end is over, too."""
    found = _state(current)
    if found is not WindowState.UNKNOWN or not isinstance(current, dict):
        return found
    place = current.get("order")
    if isinstance(place, bool) or not isinstance(place, int):
        return found
    ends = [
        state["order"]
        for state in known
        if state.get("isEndedState") is True and isinstance(state.get("order"), int)
    ]
    return WindowState.FINISHED if ends and place >= min(ends) else found


def _plain_id(value: object) -> str:
    value = unwrapped(value)
    if isinstance(value, dict):
        value = unwrapped(value.get("_id", value.get("id")))
    return identity(value)


def _links(listed: list[Any], in_groups: object) -> list[tuple[str, Component]]:
    """Each monitor with the resource under which the page shows it."""
    groups = in_groups if isinstance(in_groups, dict) else {}
    found = []
    for entry in objects(listed):
        own = _plain_id(entry.get("_id") or entry.get("id"))
        name = text(entry.get("displayName"), 200)
        if not own and not name:
            continue
        part = Component(id=own or name, name=name)
        monitors = [_plain_id(entry.get("monitorId") or entry.get("monitor"))]
        members = groups.get(_plain_id(entry.get("monitorGroupId")))
        if isinstance(members, list):
            monitors += [_plain_id(member) for member in members]
        found += [(monitor, part) for monitor in monitors if monitor]
    return found


def _state(value: object) -> WindowState:
    flags = value if isinstance(value, dict) else {}
    if flags.get("isOngoingState") is True:
        return WindowState.RUNNING
    if flags.get("isResolvedState") is True or flags.get("isEndedState") is True:
        return WindowState.FINISHED
    if flags.get("isScheduledState") is True:
        return WindowState.SCHEDULED
    return WindowState.UNKNOWN


def _window(
    entry: object,
    position: int,
    links: list[tuple[str, Component]],
    known: list[dict[str, Any]],
) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    monitors = [_plain_id(monitor) for monitor in objects(entry.get("monitors"))]
    shown = {
        part.id: part
        for wanted in monitors
        for monitor, part in links
        if monitor == wanted
    }
    linked = {monitor for monitor, _ in links}
    unshown = {m: Component(id=m, name="") for m in monitors if m and m not in linked}
    state = entry.get("currentScheduledMaintenanceState")
    window = WindowFacts(
        id=named(entry, "_id", "id", "title", position=position),
        name=text(entry.get("title")),
        state=_state_of(state, known),
        starts_at=instant(unwrapped(entry.get("startsAt"))),
        ends_at=instant(unwrapped(entry.get("endsAt"))),
        components=(*shown.values(), *unshown.values()),
        mentions=mentions(entry.get("description")),
    )
    return unless(window, damaged=not _has_flags(state))


def _has_flags(state: object) -> bool:
    flags = state.values() if isinstance(state, dict) else ()
    return any(isinstance(flag, bool) for flag in flags)
