"""Hand-offs are planned ahead as rows and follow every change of the roster."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.roster import roster_of
from emergency.actions.rounds import is_ours
from emergency.models import HandOff, Schedule
from emergency.rules.hand_off import HandOff as Change
from emergency.rules.hand_off import hand_offs
from emergency.rules.reminders import next_look, reminders_passed

logger = logging.getLogger(__name__)

AHEAD = timedelta(days=8)
# Far enough back to see who was on call last.
BACK = timedelta(days=10)
PLAN_EVERY = timedelta(minutes=10)
ROUND = "hand_offs"


def plan_when_due(*, now: datetime) -> bool:
    """The hand-offs of every schedule are planned, at most every ten minutes, by one
    tick of all that run. A schedule that cannot be planned does not stop the others."""
    if not is_ours(name=ROUND, every=PLAN_EVERY, by="tick", now=now):
        return False
    for pk in Schedule.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                schedule = (
                    Schedule.objects.select_for_update(no_key=True, skip_locked=True)
                    .filter(pk=pk)
                    .first()
                )
                # Whoever holds it changes it and plans it.
                if schedule is not None:
                    plan_hand_offs(schedule, now=now)
        except Exception:
            logger.exception("the hand-offs of schedule %s cannot be planned", pk)
    return True


def plan_hand_offs(schedule: Schedule, *, now: datetime) -> None:
    """Every hand-off of the next eight days has its row, due when the engine must look
    at it next; a row whose hand-off no longer comes is due no more.

    Planning again changes nothing. The caller has locked the schedule.
    """
    roster = roster_of(schedule, start=now - BACK)
    found = hand_offs(roster, now, now + AHEAD)
    changes = [change for change in found if change.starts_at > now]
    rows = {
        (row.starts_at, row.incoming_id): row
        for row in schedule.hand_offs.filter(starts_at__gt=now).select_for_update(
            no_key=True
        )
    }
    planned = {(change.starts_at, change.incoming) for change in changes}
    for change in changes:
        row = rows.get((change.starts_at, change.incoming))
        if row is None:
            _new(schedule, change, now)
        else:
            _follow(row, schedule, change, now)
    gone = [row.pk for key, row in rows.items() if key not in planned and row.due_at]
    if gone:
        HandOff.objects.filter(pk__in=gone).update(due_at=None)


def reminders_of(schedule: Schedule) -> list[timedelta]:
    """How long before a shift its reminders are sent."""
    return [timedelta(seconds=seconds) for seconds in schedule.shift_reminders]


def _new(schedule: Schedule, change: Change, now: datetime) -> None:
    reminders = reminders_of(schedule)
    # What lies behind is not made up for: the person has just been told of the shift.
    sent = reminders_passed(change.starts_at, reminders, now)
    HandOff.objects.create(
        schedule=schedule,
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        incoming_id=change.incoming,
        outgoing_id=change.outgoing,
        reminders_sent=sent,
        due_at=next_look(change.starts_at, reminders, sent),
    )


def _follow(row: HandOff, schedule: Schedule, change: Change, now: datetime) -> None:
    reminders = reminders_of(schedule)
    sent = max(
        min(row.reminders_sent, len(reminders)),
        reminders_passed(change.starts_at, reminders, now),
    )
    # A reminder that is due and not yet sent stays so.
    waits = row.due_at is not None and row.due_at <= now
    due_at = row.due_at if waits else next_look(change.starts_at, reminders, sent)
    wanted = {
        "ends_at": change.ends_at,
        "outgoing_id": change.outgoing,
        "due_at": None if row.confirmed_at and sent >= len(reminders) else due_at,
    }
    if not waits:
        wanted["reminders_sent"] = sent
    if any(getattr(row, name) != value for name, value in wanted.items()):
        HandOff.objects.filter(pk=row.pk).update(**wanted)
