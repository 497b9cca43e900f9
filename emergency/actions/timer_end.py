"""How a timer ends: what it measured becomes a time entry, or waits for a person.

Everything here runs inside the caller's transaction, which has locked the incident.
Ending never fails: work that was done is kept, whatever speaks against charging it.
"""

from datetime import datetime

from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timelog import write_entry
from emergency.models import Incident, Staff, Timer
from emergency.queries.agreements import agreements
from emergency.rules.cost import CostAt, within_limit_until
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
    cost_at: CostAt | None,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """The running timer has ended, at ``until`` or now, by ``staff`` or, without, by
    the engine. What of its time is within the customer's cost limit is saved; the rest,
    and all of it where nobody can say what it costs, waits for review. ``cost_at`` is
    the gross amount if every running timer ended at an instant."""
    until = full_second(now) if until is None else until
    if until <= timer.started_at:
        _finish(timer, Timer.State.DROPPED, timer.started_at)
        _enter_stopped(timer, staff, now)
        return
    inside = _within_limit(timer, cost_at, until)
    if inside <= timer.started_at:
        wait_for_review(
            timer=timer, why=Timer.Why.BEYOND_LIMIT, until=until, staff=staff, now=now
        )
        return
    if not _save(timer, staff, inside, now):
        wait_for_review(
            timer=timer, why=Timer.Why.OVERLAP, until=until, staff=staff, now=now
        )
        return
    if inside < until:
        rest = _rest_of(timer, since=inside)
        wait_for_review(
            timer=rest, why=Timer.Why.BEYOND_LIMIT, until=until, staff=staff, now=now
        )


def _save(timer: Timer, staff: Staff | None, until: datetime, now: datetime) -> bool:
    """Its time until then is a time entry; False where another one stands there."""
    try:
        timer.entry = write_entry(
            incident=timer.incident,
            technician=timer.technician,
            staff=staff or timer.technician.staff,
            kind=timer.kind,
            started_at=timer.started_at,
            ended_at=until,
            billable=True,
            waiver_reason="",
            now=now,
            of_timer=timer,
        )
    except Refused:
        return False
    _finish(timer, Timer.State.SAVED, until)
    _enter_stopped(timer, staff, now)
    return True


def _rest_of(timer: Timer, *, since: datetime) -> Timer:
    """A stretch of the same work from then on, whose end the caller says at once."""
    return Timer.objects.create(
        incident=timer.incident,
        technician=timer.technician,
        kind=timer.kind,
        started_at=since,
        confirmed_at=since,
        started_by=timer.started_by,
    )


def end_by(
    *, timer: Timer, staff: Staff | None, cost_at: CostAt | None, now: datetime
) -> None:
    """As ``end``. Whoever stops somebody else's timer cannot say what of the time was
    work that its owner was asked about and has not confirmed."""
    its_owner = staff is not None and staff.pk == timer.technician.staff_id
    if its_owner or timer.asked_at is None:
        end(timer=timer, staff=staff, cost_at=cost_at, now=now)
    else:
        until = full_second(now)
        end_unconfirmed(timer=timer, staff=staff, cost_at=cost_at, until=until, now=now)


def end_unconfirmed(
    *,
    timer: Timer,
    staff: Staff | None,
    cost_at: CostAt | None,
    until: datetime,
    now: datetime,
) -> None:
    """What was confirmed is saved as by ``end``; what came after waits for review."""
    confirmed, rest = timer.confirmed_at, timer
    if confirmed > timer.started_at:
        end(timer=timer, staff=staff, cost_at=cost_at, now=now, until=confirmed)
        rest = _rest_of(timer, since=confirmed)
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
    cost_at: CostAt | None = None,
    now: datetime,
) -> None:
    """No timer runs on this incident any more: its work has ended."""
    running = incident.timers.running().select_for_update(no_key=True, of=("self",))
    for timer in running.select_related("technician__staff").order_by("pk"):
        timer.incident = incident
        end_by(timer=timer, staff=staff, cost_at=cost_at, now=now)


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


def _within_limit(timer: Timer, cost_at: CostAt | None, until: datetime) -> datetime:
    """Until when it may be charged. Without a limit of the customer's all of it."""
    known = agreements(timer.incident)
    if known.limit is None:
        return until
    return within_limit_until(
        started_at=timer.started_at,
        ended_at=until,
        cost_at=cost_at or (lambda _at: None),
        limit=known.limit.gross,
        agreed=known.agreed,
    )
