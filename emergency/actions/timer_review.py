"""A person looks at time that nobody confirmed, and says what of it was work."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timelog import refuse_beyond_limit, write_entry
from emergency.actions.timer_end import locked
from emergency.models import Incident, Staff, Timer


def review_timer(
    *,
    timer_id: int,
    staff: Staff,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    billable: bool,
    waiver_reason: str,
    would_cost: Decimal | None = None,
    now: datetime,
) -> Timer:
    """What of it was work is a time entry, charged or not, as ``staff`` says. What was
    reviewed already stays. Raises Refused as ``log_time``, and ``frozen``."""
    with transaction.atomic():
        timer, incident = _waiting(timer_id)
        if timer.state != Timer.State.REVIEW:
            return timer
        refuse_beyond_limit(incident, would_cost if billable else None)
        timer.entry = write_entry(
            incident=incident,
            technician=timer.technician,
            staff=staff,
            kind=kind,
            started_at=started_at,
            ended_at=ended_at,
            billable=billable,
            waiver_reason=waiver_reason,
            now=now,
            of_timer=timer,
        )
        timer.state = Timer.State.SAVED
        timer.save(update_fields=["state", "entry"])
        _touched(incident, now)
        enter(
            incident,
            "timer_reviewed",
            now=now,
            staff=staff,
            technician=timer.technician_id,
            entry=timer.entry.pk,
            kind=kind,
            billable=billable,
            seconds=round((ended_at - started_at).total_seconds()),
        )
    return timer


def drop_timer(*, timer_id: int, staff: Staff, now: datetime) -> Timer:
    """Nothing of it was work, says ``staff``. What was reviewed already stays. Raises
    Refused (``frozen``)."""
    with transaction.atomic():
        timer, incident = _waiting(timer_id)
        if timer.state != Timer.State.REVIEW:
            return timer
        timer.state = Timer.State.DROPPED
        timer.save(update_fields=["state"])
        _touched(incident, now)
        enter(
            incident,
            "timer_dropped",
            now=now,
            staff=staff,
            technician=timer.technician_id,
            seconds=round(_length(timer)),
        )
    return timer


def _waiting(timer_id: int) -> tuple[Timer, Incident]:
    timer, incident = locked(timer_id)
    if incident.billing_frozen_at is not None:
        raise Refused("frozen")
    return timer, incident


def _length(timer: Timer) -> float:
    ended = timer.ended_at or timer.started_at
    return (ended - timer.started_at).total_seconds()


def _touched(incident: Incident, now: datetime) -> None:
    incident.active_at = now
    incident.save(update_fields=["active_at"])
