"""The roster's part of the tick: due hand-offs and drop-outs, one per transaction."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import OperationalError, transaction

from emergency.actions.drop_out import decide_drop_out
from emergency.actions.hand_off import decide_hand_off
from emergency.actions.hand_off_plan import plan_when_due
from emergency.actions.notices import tell_duty_manager
from emergency.models import DropOut, HandOff

logger = logging.getLogger(__name__)

PUT_ASIDE = timedelta(seconds=60)
MOST_ROWS = 500

Row = TypeVar("Row", HandOff, DropOut)


def take_roster_decisions(*, now: datetime) -> int:
    """Everything due at ``now`` about the roster is done, and hand-offs are planned
    ahead when it is time. Answers how many decisions were taken."""
    plan_when_due(now=now)
    taken = 0
    for take_one in (take_one_drop_out, take_one_hand_off):
        skipped: set[int] = set()
        while taken < MOST_ROWS and take_one(now=now, skipped=skipped):
            taken += 1
    return taken


def take_one_hand_off(*, now: datetime, skipped: set[int] | None = None) -> bool:
    """One due hand-off is looked at, or put aside with its error. False when none is
    due. A row whose schedule is being changed right now waits for the next tick."""
    return _take_one(HandOff, decide_hand_off, now, skipped)


def take_one_drop_out(*, now: datetime, skipped: set[int] | None = None) -> bool:
    """As ``take_one_hand_off``, for a drop-out that waits for a successor."""
    return _take_one(DropOut, decide_drop_out, now, skipped)


def _take_one(
    kind: type[Row],
    decide: Callable[..., None],
    now: datetime,
    skipped: set[int] | None,
) -> bool:
    skipped = set() if skipped is None else skipped
    row_id = None
    try:
        with transaction.atomic():
            row = (
                kind._default_manager.filter(due_at__lte=now)
                .exclude(pk__in=skipped)
                .select_related("schedule")
                .order_by("due_at", "pk")
                .select_for_update(
                    skip_locked=True, no_key=True, of=("self", "schedule")
                )
                .first()
            )
            if row is None:
                return False
            row_id = row.pk
            decide(row, now=now)
    except OperationalError:
        if row_id is None:
            raise
        # The database's trouble, not the row's: it is as due as before.
        logger.warning("%s %s could not be decided just now", kind.__name__, row_id)
        skipped.add(row_id)
    except Exception as error:
        if row_id is None:
            raise
        logger.exception("%s %s cannot be decided", kind.__name__, row_id)
        put_aside(kind, row_id=row_id, error=error, now=now)
    return True


def put_aside(kind: type[Row], *, row_id: int, error: Exception, now: datetime) -> None:
    """The row is due again in a minute. The duty manager hears of the first failure,
    the second, the fourth, the eighth …"""
    with transaction.atomic():
        row = (
            kind._default_manager.select_for_update(no_key=True, of=("self",))
            .select_related("schedule")
            .get(pk=row_id)
        )
        row.due_at = now + PUT_ASIDE
        row.failures = min(row.failures + 1, 32_000)
        row.save(update_fields=["due_at", "failures"])
    if row.failures & (row.failures - 1):
        return
    try:
        tell_duty_manager(
            code="roster_decision_failed", now=now, schedule=row.schedule.name
        )
    except Exception:
        logger.exception("the duty manager cannot be told about %s", row_id)
