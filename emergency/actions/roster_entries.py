"""The one writer of the facts about a schedule. What a person did is audited, too."""

from datetime import datetime
from typing import Any

from emergency.actions.audit import Area, record_all
from emergency.models import RosterEntry, Schedule, Staff, Technician


def enter_roster(
    schedule: Schedule,
    code: str,
    *,
    now: datetime,
    technician: Technician | None = None,
    by: Staff | None = None,
    **values: Any,
) -> RosterEntry:
    """The fact stands, for good. ``technician`` is whom it is about, ``by`` who did it;
    without ``by`` it was the engine. Instants in ``values`` are stored as ISO text."""
    kept = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    if by is not None:
        about = {"technician": technician.pk} if technician else {}
        fact = (Area.ROSTER, code, f"schedule:{schedule.pk}", {**about, **kept})
        record_all([fact], now=now, by=by)
        kept["by"] = by.pk
    return RosterEntry.objects.create(
        schedule=schedule, at=now, code=code, technician=technician, values=kept
    )
