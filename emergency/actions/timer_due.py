"""The engine's part: the owner of a running timer is asked, and without an answer the
timer stops for review."""

from datetime import datetime

from django.db import transaction

from emergency.actions.answered import Answered
from emergency.actions.owner_notice import tell_quietly
from emergency.actions.page_queue import mark_answered
from emergency.actions.timeline import enter
from emergency.actions.timer_end import end_unconfirmed
from emergency.models import DueRow, Incident, Page, Staff, Timer
from emergency.rules import timing
from emergency.rules.timing import Due


def await_timers(*, incident: Incident, now: datetime) -> None:
    """The engine looks at this incident's running timers when the first of them needs
    it. The caller has locked the incident."""
    rows = DueRow.objects.filter(incident=incident, kind=DueRow.Kind.TIMER)
    rows.filter(done_at__isnull=True).update(done_at=now)
    points = [
        timing.due_next(confirmed_at=one.confirmed_at, asked=one.asked_at is not None)
        for one in incident.timers.running()
    ]
    if points:
        DueRow.objects.create(
            incident=incident,
            kind=DueRow.Kind.TIMER,
            step=rows.count(),
            due_at=min(points),
        )


def decide_timers(incident: Incident, row: DueRow, now: datetime) -> None:
    """Whoever has not confirmed for long is asked; what nobody confirmed at all stops,
    and its owner hears of it. The incident is locked."""
    running = incident.timers.running().select_for_update(no_key=True, of=("self",))
    for timer in running.select_related("technician__staff").order_by("pk"):
        timer.incident = incident
        asked = timer.asked_at is not None
        due = timing.due(confirmed_at=timer.confirmed_at, asked=asked, now=now)
        if due is Due.ASK:
            _ask(timer, now)
        elif due is Due.STOP:
            _stop(timer, now)
    await_timers(incident=incident, now=now)


def _ask(timer: Timer, now: datetime) -> None:
    timer.asked_at = now
    timer.save(update_fields=["asked_at"])
    enter(timer.incident, "timer_asked", now=now, technicians=[timer.technician_id])
    tell_quietly(
        incident=timer.incident,
        person=timer.technician,
        purpose=Page.Purpose.TIMER,
        code="timer",
        values={"timer": timer.pk},
        now=now,
    )


def _stop(timer: Timer, now: datetime) -> None:
    """What was confirmed is saved. The minutes since then wait for review: at the
    instant of the rule, however late this decision is."""
    until = timer.confirmed_at + timing.STOP_AFTER
    end_unconfirmed(timer=timer, staff=None, cost_at=None, until=until, now=now)
    tell_quietly(
        incident=timer.incident,
        person=timer.technician,
        purpose=Page.Purpose.NOTICE,
        code="timer_stopped",
        values={},
        now=now,
    )


def still_at_it(*, incident: Incident, staff: Staff, now: datetime) -> None:
    """Whoever writes something about the incident need not confirm their timer. The
    caller has locked the incident."""
    confirmed = (
        incident.timers.running()
        .filter(technician__staff=staff)
        .update(confirmed_at=timing.full_second(now), asked_at=None)
    )
    if confirmed:
        await_timers(incident=incident, now=now)


def answer_timer(page: Page, now: datetime, via: str) -> Answered:
    """The owner of the timer is still at it, and it runs on; nothing begins again that
    has ended meanwhile."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pages=page)
        mark_answered(page, now)
        staff = page.technician.staff
        confirmed = (
            incident.timers.running()
            .filter(technician=page.technician)
            .update(confirmed_at=timing.full_second(now), asked_at=None)
        )
        if confirmed:
            incident.active_at = now
            incident.save(update_fields=["active_at"])
            enter(incident, "timer_confirmed", now=now, staff=staff, via=via)
            await_timers(incident=incident, now=now)
    code = "timer_goes_on" if confirmed else "timer_has_ended"
    return Answered(page=page, code=code, incident=incident, owner=incident.owner)
