"""After the customer was reached: work that nobody goes on with is asked about."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.answered import Answered
from emergency.actions.incident_pages import (
    duty_managers,
    owner_or_duty_managers,
    page_people,
)
from emergency.actions.page_queue import mark_answered
from emergency.actions.timeline import enter
from emergency.models import DueRow, Incident, Page
from emergency.rules.escalation import plan_from

# What the owner has to answer before the duty manager is asked.
ANSWER_WITHIN = timedelta(minutes=15)
OWNER, DUTY_MANAGER = 0, 1


def ask_when_idle(*, incident: Incident, now: datetime) -> None:
    """The owner will be asked when nothing has happened for the policy's time."""
    idle_after = plan_from(incident.policy_snapshot).idle_after
    _await(incident, OWNER, now + idle_after)


def stop_asking(*, incident: Incident, now: datetime) -> None:
    """The work is done: nobody is asked any more."""
    DueRow.objects.filter(
        incident=incident, kind=DueRow.Kind.IDLE, done_at__isnull=True
    ).update(done_at=now)


def decide_idle(incident: Incident, row: DueRow, now: datetime) -> None:
    """The owner is asked, and the duty manager when the owner does not answer; later
    again when something has happened meanwhile. The incident is locked."""
    if incident.status != Incident.Status.REACHED:
        return
    idle_after = plan_from(incident.policy_snapshot).idle_after
    active_at = incident.active_at or incident.reached_at or incident.opened_at
    if row.round == OWNER and active_at + idle_after > now:
        enter(incident, "not_asked", now=now, reason="recent_activity")
        _await(incident, OWNER, active_at + idle_after)
        return
    if incident.timers.running().exists():
        # Its owner is asked about the timer.
        enter(incident, "not_asked", now=now, reason="timer_runs")
        _await(incident, OWNER, now + idle_after)
        return
    if row.round == DUTY_MANAGER and active_at >= row.due_at - ANSWER_WITHIN:
        enter(incident, "not_asked", now=now, reason="recent_activity")
        _await(incident, OWNER, active_at + idle_after)
        return
    if row.round == OWNER:
        people = owner_or_duty_managers(incident, now)
        _await(incident, DUTY_MANAGER, now + ANSWER_WITHIN)
    else:
        people = duty_managers(incident, now)
        _await(incident, OWNER, now + idle_after)
    enter(incident, "idle_asked", now=now, technicians=[p.pk for p in people])
    page_people(incident=incident, people=people, purpose=Page.Purpose.IDLE, now=now)


def answer_idle(page: Page, now: datetime, via: str) -> Answered:
    """Somebody is still at it: that counts as activity."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pages=page)
        mark_answered(page, now)
        incident.active_at = now
        incident.save(update_fields=["active_at"])
        enter(incident, "idle_answered", now=now, staff=page.technician.staff, via=via)
    return Answered(
        page=page, code="still_at_it", incident=incident, owner=incident.owner
    )


def _await(incident: Incident, whom: int, due_at: datetime) -> None:
    """``round`` says who is asked, ``step`` is the running number."""
    rows = DueRow.objects.filter(incident=incident, kind=DueRow.Kind.IDLE)
    DueRow.objects.create(
        incident=incident,
        kind=DueRow.Kind.IDLE,
        round=whom,
        step=rows.count(),
        due_at=due_at,
    )
