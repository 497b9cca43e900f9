"""A technician's timer: started, confirmed, switched to another kind of work, stopped.

Time is the server's. Whoever presses twice has pressed once.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timer_due import await_timers
from emergency.actions.timer_end import end, end_by, locked
from emergency.models import Incident, Staff, Technician, Timer
from emergency.queries.timers import last_end
from emergency.rules.cost import CostAt
from emergency.rules.states import TIMED_STATES
from emergency.rules.timing import begins, full_second

# Confirmed again so soon is one confirmation.
SAME_CONFIRMATION = timedelta(seconds=60)


def start_timer(
    *,
    incident_id: int,
    technician: Technician,
    staff: Staff,
    kind: str,
    from_the_call: bool = False,
    stop_other: bool = False,
    cost_at: CostAt | None = None,
    now: datetime,
) -> Timer:
    """The person's timer runs on this incident, from now or, ``from_the_call``, from
    where ``rules.timing.begins`` says. One that runs here already goes on as it is.

    ``stop_other``: a timer of the person on another incident is stopped and saved
    first; ``cost_at`` is the gross amount there if it ended at an instant. Raises:
    ``timer_elsewhere`` without it, ``not_open`` once the work has ended.
    """
    with transaction.atomic():
        incident, other = _locked(incident_id, technician)
        if other is not None and other.incident_id == incident_id:
            return other
        if incident.status not in TIMED_STATES:
            raise Refused("not_open")
        if other is not None:
            if not stop_other:
                raise Refused("timer_elsewhere", reference=other.incident.reference)
            end(timer=other, staff=staff, cost_at=cost_at, now=now)
            await_timers(incident=other.incident, now=now)
        since = now
        if from_the_call:
            since = begins(
                reached_at=incident.reached_at, last_end=last_end(technician), now=now
            )
        timer = _begin(incident, technician, staff, kind, since, now)
        _touch(incident, now)
        enter(
            incident,
            "timer_started" if since == now else "timer_started_before",
            now=now,
            staff=staff,
            technician=technician.pk,
            timer=timer.pk,
            kind=kind,
            seconds=round((now - since).total_seconds()),
        )
        await_timers(incident=incident, now=now)
    return timer


def confirm_timer(*, timer_id: int, staff: Staff, now: datetime, via: str) -> Timer:
    """Its owner is at it: the timer runs on and is asked about again later.

    ``via``: desk | voice | sms | link. Raises Refused (``timer_has_ended``).
    """
    with transaction.atomic():
        timer, incident = locked(timer_id)
        if timer.state != Timer.State.RUNNING:
            raise Refused("timer_has_ended")
        if now - timer.confirmed_at < SAME_CONFIRMATION and timer.asked_at is None:
            return timer
        timer.confirmed_at, timer.asked_at = full_second(now), None
        timer.save(update_fields=["confirmed_at", "asked_at"])
        _touch(incident, now)
        enter(incident, "timer_confirmed", now=now, staff=staff, via=via)
        await_timers(incident=incident, now=now)
    return timer


def switch_timer(
    *,
    timer_id: int,
    staff: Staff,
    kind: str,
    cost_at: CostAt | None = None,
    now: datetime,
) -> Timer:
    """From now on it measures work of this kind; what was before is a time entry of
    its own. Raises Refused (``timer_has_ended``)."""
    with transaction.atomic():
        timer, incident = locked(timer_id)
        if timer.state != Timer.State.RUNNING:
            raise Refused("timer_has_ended")
        if timer.kind == kind:
            return timer
        end(timer=timer, staff=staff, cost_at=cost_at, now=now)
        after = _begin(incident, timer.technician, staff, kind, now, now)
        _touch(incident, now)
        enter(
            incident,
            "timer_switched",
            now=now,
            staff=staff,
            technician=timer.technician_id,
            timer=after.pk,
            kind=kind,
        )
        await_timers(incident=incident, now=now)
    return after


def stop_timer(
    *, timer_id: int, staff: Staff, cost_at: CostAt | None = None, now: datetime
) -> Timer:
    """The work it measured is a time entry, or waits for review as far as it may not be
    charged unseen. ``cost_at`` is the gross amount if it ended at an instant, where
    somebody can say. One that has ended stays as it ended."""
    with transaction.atomic():
        timer, incident = locked(timer_id)
        if timer.state != Timer.State.RUNNING:
            return timer
        end_by(timer=timer, staff=staff, cost_at=cost_at, now=now)
        _touch(incident, now)
        await_timers(incident=incident, now=now)
    return timer


def _begin(
    incident: Incident,
    technician: Technician,
    staff: Staff,
    kind: str,
    since: datetime,
    now: datetime,
) -> Timer:
    try:
        with transaction.atomic():
            return Timer.objects.create(
                incident=incident,
                technician=technician,
                kind=kind,
                started_at=full_second(since),
                confirmed_at=full_second(now),
                started_by=staff,
            )
    except IntegrityError as error:
        # Two starts at once: the constraint saw what the query could not.
        if "one_running_timer_per_person" not in str(error):
            raise
        raise Refused("timer_elsewhere", reference="?") from error


def _locked(incident_id: int, technician: Technician) -> tuple[Incident, Timer | None]:
    """The incident, and the person's running timer, whose incident is locked as well:
    in one order for everybody."""
    running = Timer.objects.running().filter(technician=technician)
    elsewhere = running.values_list("incident", flat=True).first()
    keys = [incident_id] if elsewhere is None else [incident_id, elsewhere]
    rows = Incident.objects.select_for_update(no_key=True).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=keys)}
    timer = running.select_for_update(no_key=True, of=("self",)).first()
    if timer is None:
        return locked[incident_id], None
    if timer.incident_id not in locked:
        raise Refused("timer_elsewhere", reference=timer.incident.reference)
    timer.incident = locked[timer.incident_id]
    return locked[incident_id], timer


def _touch(incident: Incident, now: datetime) -> None:
    incident.active_at = now
    incident.save(update_fields=["active_at"])
