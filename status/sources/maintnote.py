"""MAINTNOTE (the NANOG draft): what carriers add to a calendar entry about their work.

They have states of their own, which beat the clock: IN-PROCESS runs on after its end
until COMPLETED arrives. Some carriers leave the state out and write it into the
summary.
"""

import re
from dataclasses import replace
from typing import Any

from icalendar import Component as CalendarComponent

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.values import LONGEST_ID, text

_PREFIX = "X-MAINTNOTE-"
_STATES = {
    "IN-PROCESS": WindowState.RUNNING,
    "IN-PROGRESS": WindowState.RUNNING,
    "CONFIRMED": WindowState.SCHEDULED,
    "TENTATIVE": WindowState.TENTATIVE,
    "CANCELLED": WindowState.FINISHED,
    "CANCELED": WindowState.FINISHED,
    "COMPLETED": WindowState.FINISHED,
}
_ENDED = re.compile(r"\b(completed|cancell?ed)\b", re.IGNORECASE)
_NO_IMPACT = "NO-IMPACT"


def is_notice(event: CalendarComponent) -> bool:
    """True when the entry carries any of these properties."""
    return any(name.upper().startswith(_PREFIX) for name in event)


def notice_facts(event: CalendarComponent, window: WindowFacts) -> WindowFacts:
    """The window of a plain entry with what the notice adds."""
    own = text(_primary(event, "MAINTENANCE-ID"), LONGEST_ID)
    return replace(
        window,
        id=own or window.id,
        state=_state(event, window),
        components=_objects(event),
        no_impact=_is_without_impact(event),
    )


def _values(event: CalendarComponent, name: str) -> list[Any]:
    found = event.get(_PREFIX + name, [])
    return found if isinstance(found, list) else [found]


def _first(event: CalendarComponent, name: str) -> str:
    return next((str(value).strip() for value in _values(event, name)), "")


def _primary(event: CalendarComponent, name: str) -> str:
    """The value marked as the primary one of several (section 3.3.1.1 of the draft)."""
    key = "X-MAINTNOTE-PRECEDENCE"
    marked = (
        str(value).strip()
        for value in _values(event, name)
        if str(getattr(value, "params", {}).get(key, "")).upper() == "PRIMARY"
    )
    return next(marked, "") or _first(event, name)


def _state(event: CalendarComponent, window: WindowFacts) -> WindowState:
    if window.state is WindowState.FINISHED:
        # Cancelled in the calendar's own words, which any calendar understands.
        return window.state
    word = _first(event, "STATUS").upper().replace(" ", "-").replace("_", "-")
    if word:
        return _STATES.get(word, WindowState.UNKNOWN)
    if window.state is not WindowState.TIMED:
        return window.state
    if _ENDED.search(window.name):
        return WindowState.FINISHED
    # Nobody said that it runs; that its time has come is all there is.
    return WindowState.SCHEDULED


def _objects(event: CalendarComponent) -> tuple[Component, ...]:
    """What is worked on: a circuit, a host name, an address; each may have an impact of
    its own."""
    found: dict[str, Component] = {}
    for value in _values(event, "OBJECT-ID"):
        name = text(str(value).replace("\\,", ",").replace("\\;", ";"), 200)
        part = Component(id=name, name=name, no_impact=_impact(value) == _NO_IMPACT)
        if name and (name not in found or found[name].no_impact):
            found[name] = part
    return tuple(found.values())


def _impact(object_id: Any) -> str:
    """The impact on this object as far as it says so itself."""
    parameters = getattr(object_id, "params", {})
    return str(parameters.get("X-MAINTNOTE-OBJECT-IMPACT", "")).strip().upper()


def _is_without_impact(event: CalendarComponent) -> bool:
    """Only when the entry says so and none of its objects says otherwise."""
    if _first(event, "IMPACT").upper() != _NO_IMPACT:
        return False
    own = (_impact(value) for value in _values(event, "OBJECT-ID"))
    return all(impact in {"", _NO_IMPACT} for impact in own)
