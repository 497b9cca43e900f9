"""The one writer of the timeline."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from emergency.models import Incident, Staff, TimelineEntry


def enter(
    incident: Incident,
    code: str,
    *,
    now: datetime,
    staff: Staff | None = None,
    **values: Any,
) -> TimelineEntry:
    """The fact stands in the timeline, for good. Values are codes, ids and numbers."""
    return TimelineEntry.objects.create(
        incident=incident, at=now, code=code, staff=staff, values=values
    )


def enter_all(
    facts: Iterable[tuple[Incident, Mapping[str, Any]]], code: str, *, now: datetime
) -> None:
    """As ``enter`` for many incidents at once: the same code, each with its values."""
    TimelineEntry.objects.bulk_create(
        [
            TimelineEntry(incident=incident, at=now, code=code, values=dict(values))
            for incident, values in facts
        ]
    )
