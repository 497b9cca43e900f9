"""How a timer ends: what it measured becomes a time entry, or waits for a person.

Everything here runs inside the caller's transaction, which has locked the incident.
Ending never fails: work that was done is kept, whatever speaks against charging it.
"""

from datetime import datetime
from decimal import Decimal

from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timelog import write_entry
from emergency.models import Incident, Staff, Timer
from emergency.queries.agreements import agreements
from emergency.rules.cost import exceeds
from emergency.rules.timing import full_second


def locked(timer_id: int) -> tuple[Timer, Incident]:
    """The timer with its incident, which is locked first. Raises Refused
    (``wrong_state``) where it went to another incident a moment ago."""
    incident_id = Timer.objects.values_list("incident", flat=True).get(pk=timer_id)
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    timer = (
        Timer.objects.select_for_update(no_key=True, of=("self",))
        .select_related("technician__staff")
        .get(pk=timer_id)
    )
    if timer.incident_id != incident_id:
        raise Refused("wrong_state")
    timer.incident = incident
    return timer, incident


def end(
    *,
    timer: Timer,
    staff: Staff | None,
    would_cost: Decimal | None,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """The running timer has ended, at ``until`` or now, by ``staff`` or, without, by
    the engine. Beyond the customer's cost limit, or where nobody can say whether it is,
    its time waits for review."""
    until = full_second(now) if until is None else until
    by = staff or timer.technician.staff
    if until <= timer.started_at:
        _finish(timer, Timer.State.DROPPED, timer.started_at)
        _enter_stopped(timer, staff, now)
        return
    if _is_beyond(timer.incident, would_cost):
        wait_for_review(
            timer=timer, why=Timer.Why.BEYOND_LIMIT, until=until, staff=staff, now=now
        )
        return
    try:
        timer.entry = write_entry(
            incident=timer.incident,
            technician=timer.technician,
            staff=by,
            kind=timer.kind,
            started_at=timer.started_at,
            ended_at=until,
            billable=True,
            waiver_reason="",
            now=now,
            of_timer=timer,
        )
    except Refused:
        wait_for_review(
            timer=timer, why=Timer.Why.OVERLAP, until=until, staff=staff, now=now
        )
        return
    _finish(timer, Timer.State.SAVED, until)
    _enter_stopped(timer, staff, now)


def end_by(
    *, timer: Timer, staff: Staff | None, would_cost: Decimal | None, now: datetime
) -> None:
    """As ``end``. Whoever stops somebody else's timer cannot say what of the time was
    work that its owner was asked about and has not confirmed."""
    its_owner = staff is not None and staff.pk == timer.technician.staff_id
    if its_owner or timer.asked_at is None:
        end(timer=timer, staff=staff, would_cost=would_cost, now=now)
    else:
        until = full_second(now)
        end_unconfirmed(
            timer=timer, staff=staff, would_cost=would_cost, until=until, now=now
        )


def end_unconfirmed(
    *,
    timer: Timer,
    staff: Staff | None,
    would_cost: Decimal | None,
    until: datetime,
    now: datetime,
) -> None:
    """What was confirmed is saved as by ``end``; what came after waits for review."""
    confirmed, rest = timer.confirmed_at, timer
    if confirmed > timer.started_at:
        end(timer=timer, staff=staff, would_cost=would_cost, now=now, until=confirmed)
        rest = Timer.objects.create(
            incident=timer.incident,
            technician=timer.technician,
            kind=timer.kind,
            started_at=confirmed,
            confirmed_at=confirmed,
            started_by=timer.started_by,
        )
    wait_for_review(
        timer=rest, why=Timer.Why.UNCONFIRMED, until=until, staff=staff, now=now
    )


def wait_for_review(
    *, timer: Timer, why: str, until: datetime, staff: Staff | None, now: datetime
) -> None:
    """Its time is kept and not charged until a person has looked at it."""
    timer.why = why
    _finish(timer, Timer.State.REVIEW, until)
    enter(
        timer.incident,
        "timer_waits",
        now=now,
        staff=staff,
        technician=timer.technician_id,
        timer=timer.pk,
        kind=timer.kind,
        why=why,
        seconds=round((until - timer.started_at).total_seconds()),
    )


def end_all(
    *,
    incident: Incident,
    staff: Staff | None,
    would_cost: Decimal | None = None,
    now: datetime,
) -> None:
    """No timer runs on this incident any more: its work has ended."""
    running = incident.timers.running().select_for_update(no_key=True, of=("self",))
    for timer in running.select_related("technician__staff").order_by("pk"):
        timer.incident = incident
        end_by(timer=timer, staff=staff, would_cost=would_cost, now=now)


def _enter_stopped(timer: Timer, staff: Staff | None, now: datetime) -> None:
    ended = timer.ended_at or timer.started_at
    enter(
        timer.incident,
        "timer_stopped",
        now=now,
        staff=staff,
        technician=timer.technician_id,
        entry=timer.entry_id,
        kind=timer.kind,
        seconds=round((ended - timer.started_at).total_seconds()),
    )


def _finish(timer: Timer, state: str, until: datetime) -> None:
    timer.state, timer.ended_at = state, until
    timer.save(update_fields=["state", "ended_at", "why", "entry"])


def _is_beyond(incident: Incident, gross: Decimal | None) -> bool:
    """Without a limit nothing is; with one, an amount that nobody can say may be."""
    known = agreements(incident)
    if known.limit is None:
        return False
    return gross is None or exceeds(gross, known.limit.gross, known.agreed)
