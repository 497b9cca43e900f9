"""The one writer of the timeline."""

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
