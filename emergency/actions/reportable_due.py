"""The reportable cases' part of the tick: duty managers are reminded of deadlines."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from emergency.actions.notices import tell_duty_manager
from emergency.models import ReportableCase, ReportableFact
from emergency.queries.reportable import standing_of
from emergency.rules.reportable import look_again_at, unsaid

logger = logging.getLogger(__name__)

PUT_ASIDE = timedelta(seconds=60)
MOST_ROWS = 500


def take_reportable_decisions(*, now: datetime) -> int:
    """Everything that must be said at ``now`` about open cases waits to be sent.
    Answers how many cases were looked at."""
    taken = 0
    skipped: set[int] = set()
    while taken < MOST_ROWS and take_one_case(now=now, skipped=skipped):
        taken += 1
    return taken


def take_one_case(*, now: datetime, skipped: set[int] | None = None) -> bool:
    """One due case is looked at, or put aside for a minute with its error. False when
    none is due. A case that somebody is changing right now waits for the next tick."""
    skipped = set() if skipped is None else skipped
    case_id = None
    try:
        with transaction.atomic():
            case = (
                ReportableCase.objects.filter(due_at__lte=now)
                .exclude(pk__in=skipped)
                .order_by("due_at", "pk")
                .select_for_update(skip_locked=True, no_key=True)
                .first()
            )
            if case is None:
                return False
            case_id = case.pk
            remind(case, now=now)
    except OperationalError:
        if case_id is None:
            raise
        # The database's trouble, not the row's: it is as due as before.
        logger.warning("reportable case %s could not be looked at", case_id)
        skipped.add(case_id)
    except Exception:
        if case_id is None:
            raise
        logger.exception("reportable case %s cannot be looked at", case_id)
        _put_aside(case_id, now)
    return True


def remind(case: ReportableCase, *, now: datetime) -> None:
    """The duty managers are told what is to be said, each thing once. Whoever calls has
    locked the case.

    After a day without a tick only the latest of each step is said."""
    standing = standing_of(case, list(case.facts.order_by("at", "pk")), now)
    said = set(standing.said)
    for one in unsaid(standing.steps, standing.said, now):
        step, reminder, deadline = one
        tell_duty_manager(
            code=f"reportable_{reminder.value}",
            now=now,
            case=case.pk,
            kind=case.kind,
            step=step.value,
            deadline=deadline.isoformat(),
        )
        ReportableFact.objects.create(
            case=case,
            code=ReportableFact.Code.REMINDED,
            at=now,
            step=step.value,
            reminder=reminder.value,
            moment=deadline,
        )
        said.add(one)
    case.due_at = look_again_at(standing.steps, said, now)
    case.failures = 0
    case.save(update_fields=["due_at", "failures"])


def _put_aside(case_id: int, now: datetime) -> None:
    """The duty manager hears of the first failure, the second, the fourth, the eighth
    …"""
    with transaction.atomic():
        case = ReportableCase.objects.select_for_update(no_key=True).get(pk=case_id)
        case.due_at = now + PUT_ASIDE
        case.failures = min(case.failures + 1, 32_000)
        case.save(update_fields=["due_at", "failures"])
    if case.failures & (case.failures - 1):
        return
    try:
        tell_duty_manager(code="reportable_failed", now=now, case=case.pk)
    except Exception:
        logger.exception("the duty manager cannot be told about case %s", case_id)
