"""Missed and met: how the callback promise was kept in the incidents of a time."""

from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from emergency.models import CallbackAttempt, Incident
from emergency.rules.callback_report import CAUSES, Fact, Month, by_month


def callback_report(*, since: datetime, until: datetime) -> list[Month]:
    """The months of the operator's clock with incidents ordered from ``since`` until
    before ``until``. One query."""
    facts = callback_facts(since=since, until=until)
    return by_month(facts, timezone.get_default_timezone())


def callback_facts(*, since: datetime, until: datetime) -> list[Fact]:
    """The incidents ordered from ``since`` until before ``until``. One query.

    A drill promises nobody anything. A merged incident is the one it went into; one
    that was cancelled while the call was still awaited kept no promise and broke none.
    """
    reached = CallbackAttempt.objects.filter(
        incident=OuterRef("pk"), outcome=CallbackAttempt.Outcome.REACHED
    ).order_by("at", "pk")
    rows = (
        Incident.objects.filter(opened_at__gte=since, opened_at__lt=until)
        .exclude(status=Incident.Status.MERGED)
        .exclude(is_drill=True)
        .exclude(
            status=Incident.Status.CANCELLED,
            callback_outcome=Incident.CallbackOutcome.PENDING,
        )
        .order_by("opened_at", "pk")
        .values_list(
            *("opened_at", "acknowledged_at", "reached_at", "callback_outcome"),
            *("cause", Subquery(reached.values("proof")[:1])),
        )
    )
    return [
        Fact(
            opened_at=opened_at,
            taken_at=taken_at,
            reached_at=reached_at,
            outcome=outcome,
            proof=proof or "",
            cause=cause if cause in CAUSES else "",
        )
        for opened_at, taken_at, reached_at, outcome, cause, proof in rows
    ]
