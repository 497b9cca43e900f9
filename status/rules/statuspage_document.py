"""Our own windows in the words of Statuspage, version 2. Pure: facts in, JSON out.

Whoever reads Statuspage pages can read ours: `summary.json` has what runs and what is
ahead, `scheduled-maintenances.json` also what is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from status.rules.matching import Component
from status.rules.windows import Phase, WindowFacts, phase_at

_WORDS = {
    Phase.ACTIVE: "in_progress",
    Phase.UPCOMING: "scheduled",
    Phase.OVER: "completed",
}


@dataclass(frozen=True, kw_only=True)
class LocalWindow:
    """A window of ours and when it was announced and last changed."""

    facts: WindowFacts
    announced_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class LocalPage:
    """Our own page. ``url`` is where people read it."""

    id: str
    name: str
    url: str
    time_zone: str
    components: tuple[Component, ...]
    windows: tuple[LocalWindow, ...]


def running(page: LocalPage, now: datetime) -> list[LocalWindow]:
    return _in(page, Phase.ACTIVE, now)


def ahead(page: LocalPage, now: datetime) -> list[LocalWindow]:
    return _in(page, Phase.UPCOMING, now)


def over(page: LocalPage, now: datetime) -> list[LocalWindow]:
    return _in(page, Phase.OVER, now)


def summary(page: LocalPage, now: datetime) -> dict[str, Any]:
    """`/api/v2/summary.json`: the page, its parts, what runs and what is ahead."""
    active = running(page, now)
    affected = {part.id for window in active for part in window.facts.components}
    whole = any(not window.facts.components for window in active)
    return {
        "page": _page(page),
        "status": {
            "indicator": "maintenance" if active else "none",
            "description": "Service Under Maintenance"
            if active
            else "All Systems Operational",
        },
        "components": [
            _component(part, position, whole or part.id in affected)
            for position, part in enumerate(page.components, start=1)
        ],
        "incidents": [],
        **_listed([*active, *ahead(page, now)], now),
    }


def maintenances(
    page: LocalPage, windows: Sequence[LocalWindow], now: datetime
) -> dict[str, Any]:
    """`/api/v2/scheduled-maintenances.json` and its narrower forms."""
    return {"page": _page(page), **_listed(windows, now)}


def _in(page: LocalPage, phase: Phase, now: datetime) -> list[LocalWindow]:
    return [w for w in page.windows if phase_at(w.facts, now) is phase]


def _page(page: LocalPage) -> dict[str, Any]:
    changes = [window.changed_at for window in page.windows]
    return {
        "id": page.id,
        "name": page.name,
        "url": page.url,
        "time_zone": page.time_zone,
        "updated_at": _time(max(changes)) if changes else None,
    }


def _component(part: Component, position: int, in_maintenance: bool) -> dict[str, Any]:
    return {
        "id": part.id,
        "name": part.name,
        "status": "under_maintenance" if in_maintenance else "operational",
        "position": position,
        "description": None,
        "group": False,
        "group_id": None,
    }


def _listed(windows: Sequence[LocalWindow], now: datetime) -> dict[str, Any]:
    return {"scheduled_maintenances": [_window(window, now) for window in windows]}


def _window(window: LocalWindow, now: datetime) -> dict[str, Any]:
    facts = window.facts
    phase = phase_at(facts, now)
    active = phase is Phase.ACTIVE
    return {
        "id": facts.id,
        "name": facts.name,
        "status": _WORDS.get(phase, "scheduled"),
        "impact": "maintenance",
        "created_at": _time(window.announced_at),
        "updated_at": _time(window.changed_at),
        "started_at": _time(window.announced_at),
        "monitoring_at": None,
        "resolved_at": _time(facts.ends_at) if phase is Phase.OVER else None,
        "scheduled_for": _time(facts.starts_at),
        "scheduled_until": _time(facts.ends_at),
        "shortlink": None,
        "incident_updates": [],
        "components": [
            _component(part, position, active)
            for position, part in enumerate(facts.components, start=1)
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")
