"""The tick: due decisions are taken, one row per transaction.

Several ticks may run at once, in worker and watcher: rows are claimed with SKIP LOCKED
and each decision is taken once. A row whose decision raises is put aside for a minute,
told to the duty manager, and stops nobody else.
"""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from emergency import wake
from emergency.actions.bridge_end import end_silent_bridges
from emergency.actions.bridge_send import overdue_bridges
from emergency.actions.delivery import YOUNG, fail_silent_pages
from emergency.actions.hand_off_plan import PLAN_EVERY
from emergency.actions.idle import decide_idle
from emergency.actions.incident_pages import (
    duty_managers,
    owner_or_duty_managers,
    page_people,
)
from emergency.actions.message import tell_customer
from emergency.actions.message_send import overdue_messages
from emergency.actions.reportable_due import take_reportable_decisions
from emergency.actions.roster_due import take_roster_decisions
from emergency.actions.self_test import keep_testing
from emergency.actions.steps import fire_step, page_again, start_round
from emergency.actions.timeline import enter
from emergency.actions.timer_due import decide_timers
from emergency.models import DueRow, Heartbeat, Incident, Message, Page
from emergency.queries.agenda import Agenda, agenda
from emergency.rules.deadline import reminder_is_welcome
from emergency.rules.escalation import plan_from
from emergency.rules.states import WAITING_STATES

logger = logging.getLogger(__name__)

PUT_ASIDE = timedelta(seconds=60)
# A page that is due this long has lost its nudge.
NUDGE_AFTER = timedelta(seconds=1)
POSTPONE = timedelta(minutes=3)
MOST_ROWS = 500
# In a burst nothing is lost, there is only a queue: to nudge all that waits every
# second again would make the queue longer than the work. The watcher sends, too.
MOST_NUDGES = 40


def tick(*, now: datetime, by: str) -> int:
    """Every decision due at ``now`` is taken, silent calls are failed, waiting pages
    have a nudge, and the heartbeat says so. Answers how many decisions were taken."""
    taken = 0
    skipped: set[int] = set()
    todo = what_waits(now)
    if todo.decisions:
        while taken < MOST_ROWS and take_one_decision(now=now, skipped=skipped):
            taken += 1
    if todo.roster:
        taken += take_roster_decisions(now=now)
    if todo.reportable:
        taken += take_reportable_decisions(now=now)
    if todo.calls:
        fail_silent_pages(now=now)
    if todo.bridges:
        end_silent_bridges(now=now)
    if todo.self_tests:
        keep_testing(now=now)
    if todo.late_pages or todo.late_messages or todo.late_bridges:
        nudge_overdue_pages(now=now)
    beat(name="tick", by=by, now=now)
    return taken


def what_waits(now: datetime) -> Agenda:
    """What a tick at ``now`` would find to do."""
    return agenda(now=now, grace=NUDGE_AFTER, young=YOUNG, plan_every=PLAN_EVERY)


def beat(*, name: str, by: str, now: datetime) -> None:
    """The loop of this name was alive at ``now``."""
    # One statement in all but the first of these, as there is one every second.
    if not Heartbeat.objects.filter(name=name).update(at=now, by=by):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "by": by})


def overdue_pages(*, now: datetime, grace: timedelta, limit: int = 500) -> list[int]:
    """Ids of pages that should have been claimed ``grace`` ago, the first page of an
    incident before everything else."""
    late = Page.objects.due(now - grace).order_by("priority", "due_at", "pk")
    return list(late.values_list("pk", flat=True)[:limit])


def nudge_overdue_pages(*, now: datetime) -> None:
    """Pages, messages and bridges whose nudge was lost get another, the oldest
    first."""
    wake.nudge(
        wake.PLACE_BRIDGE,
        [(key,) for key in overdue_bridges(now=now, grace=NUDGE_AFTER)],
    )
    wake.nudge(
        wake.SEND_PAGE,
        [
            (page,)
            for page in overdue_pages(now=now, grace=NUDGE_AFTER, limit=MOST_NUDGES)
        ],
    )
    wake.nudge(
        wake.SEND_MESSAGE,
        [(key,) for key in overdue_messages(now=now, grace=NUDGE_AFTER)],
    )


def take_one_decision(*, now: datetime, skipped: set[int] | None = None) -> bool:
    """One due row is decided, or put aside with its error. False when none is due.

    A row whose incident somebody else is changing right now is added to ``skipped`` and
    left for the next tick.
    """
    skipped = set() if skipped is None else skipped
    row_id = None
    try:
        with transaction.atomic():
            row = (
                DueRow.objects.due(now)
                .exclude(pk__in=skipped)
                .select_for_update(skip_locked=True, no_key=True, of=("self",))
                .first()
            )
            if row is None:
                return False
            row_id = row.pk
            incident = (
                Incident.objects.select_for_update(skip_locked=True, no_key=True)
                .filter(pk=row.incident_id)
                .first()
            )
            if incident is None:
                skipped.add(row.pk)
                return True
            row.done_at = now
            row.save(update_fields=["done_at"])
            DECISIONS[row.kind](incident, row, now)
    except OperationalError:
        if row_id is None:
            raise
        # The database's trouble, not the row's: it is as due as before. When the
        # database is gone, the next look at it says so.
        logger.warning("due row %s could not be decided just now", row_id)
        skipped.add(row_id)
    except Exception as error:
        if row_id is None:
            raise
        logger.exception("the decision of due row %s failed", row_id)
        put_aside(row_id=row_id, error=error, now=now)
    return True


def put_aside(*, row_id: int, error: Exception, now: datetime) -> None:
    """The row is due again in a minute. The duty manager hears of the first failure,
    the second, the fourth, the eighth …: of each with less haste."""
    with transaction.atomic():
        row = DueRow.objects.select_for_update(no_key=True).get(pk=row_id)
        row.due_at = now + PUT_ASIDE
        row.failures += 1
        row.last_error = type(error).__name__
        row.save(update_fields=["due_at", "failures", "last_error"])
        incident = Incident.objects.get(pk=row.incident_id)
        enter(
            incident,
            "decision_failed",
            now=now,
            kind=row.kind,
            error=type(error).__name__,
            failures=row.failures,
        )
    if row.failures & (row.failures - 1):
        return
    try:
        with transaction.atomic():
            page_people(
                incident=incident,
                people=duty_managers(incident, now),
                purpose=Page.Purpose.ENGINE,
                now=now,
            )
    except Exception:
        logger.exception("the duty manager cannot be told about due row %s", row_id)


def _decide_step(incident: Incident, row: DueRow, now: datetime) -> None:
    if incident.status != Incident.Status.PAGING:
        return
    if row.round > incident.round:
        start_round(incident=incident, number=row.round, now=now)
    fire_step(incident=incident, step=row.step, now=now)


def _decide_reminder(incident: Incident, row: DueRow, now: datetime) -> None:
    if incident.status != Incident.Status.ACKNOWLEDGED or incident.owner is None:
        enter(incident, "no_reminder", now=now, reason="not_taken")
        return
    if not _reminding_is_welcome(incident, now):
        enter(incident, "no_reminder", now=now, reason="recent_activity")
        return
    people = owner_or_duty_managers(incident, now)
    enter(incident, "reminded", now=now, technicians=[person.pk for person in people])
    page_people(
        incident=incident, people=people, purpose=Page.Purpose.REMINDER, now=now
    )


def _decide_repage(incident: Incident, row: DueRow, now: datetime) -> None:
    if incident.status != Incident.Status.ACKNOWLEDGED:
        enter(incident, "no_repage", now=now, reason="paging_runs")
        return
    if not _reminding_is_welcome(incident, now):
        enter(incident, "no_repage", now=now, reason="recent_activity")
        later = now + POSTPONE
        if later < incident.callback_deadline_at:
            DueRow.objects.create(
                incident=incident, kind=row.kind, step=row.step + 1, due_at=later
            )
        return
    enter(incident, "paging_again", now=now)
    _page_everybody_again(incident, now)


def _decide_deadline(incident: Incident, row: DueRow, now: datetime) -> None:
    if incident.status not in WAITING_STATES:
        return
    incident.callback_outcome = Incident.CallbackOutcome.MISSED
    incident.missed_at = incident.callback_deadline_at
    incident.save(update_fields=["callback_outcome", "missed_at"])
    enter(incident, "deadline_missed", now=now)
    page_people(
        incident=incident,
        people=duty_managers(incident, now),
        purpose=Page.Purpose.MISSED,
        now=now,
    )
    tell_customer(incident=incident, purpose=Message.Purpose.MISSED, now=now)
    if incident.status == Incident.Status.ACKNOWLEDGED:
        _page_everybody_again(incident, now)
    _await_late(incident, 0, now)


def _decide_late(incident: Incident, row: DueRow, now: datetime) -> None:
    if incident.status not in WAITING_STATES:
        return
    people = duty_managers(incident, now)
    if incident.owner is not None and incident.owner not in people:
        people.append(incident.owner)
    enter(incident, "still_not_reached", now=now, technicians=[p.pk for p in people])
    page_people(incident=incident, people=people, purpose=Page.Purpose.MISSED, now=now)
    _await_late(incident, row.step + 1, now)


DECISIONS = {
    DueRow.Kind.STEP.value: _decide_step,
    DueRow.Kind.REMINDER.value: _decide_reminder,
    DueRow.Kind.REPAGE.value: _decide_repage,
    DueRow.Kind.DEADLINE.value: _decide_deadline,
    DueRow.Kind.LATE.value: _decide_late,
    DueRow.Kind.IDLE.value: decide_idle,
    DueRow.Kind.TIMER.value: decide_timers,
}


def _reminding_is_welcome(incident: Incident, now: datetime) -> bool:
    return reminder_is_welcome(
        now=now,
        # Incidents of an older release have no activity yet.
        active_at=incident.active_at or incident.acknowledged_at,
        quiet=plan_from(incident.policy_snapshot).quiet,
    )


def _page_everybody_again(incident: Incident, now: datetime) -> None:
    """The whole chain starts anew and includes whoever had taken it."""
    former = incident.owner
    incident.status = Incident.Status.PAGING
    incident.owner = None
    incident.save(update_fields=["status", "owner"])
    page_again(incident=incident, now=now, also=[former] if former else [])


def _await_late(incident: Incident, step: int, now: datetime) -> None:
    plan = plan_from(incident.policy_snapshot)
    DueRow.objects.create(
        incident=incident,
        kind=DueRow.Kind.LATE,
        step=step,
        due_at=now + plan.late_every,
    )
