"""How the engine is doing, in numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from emergency.models import (
    DropOut,
    DueRow,
    HandOff,
    Heartbeat,
    Message,
    Page,
    RouteHealth,
)
from emergency.queries.self_tests import no_route_works

# Reminders and questions about the roster may be as late as one of their retries.
ROSTER_GRACE = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """How much should have happened by now and has not, and what failed."""

    pages: int
    messages: int
    decisions: int
    failing: int
    roster: int

    @property
    def total(self) -> int:
        return self.pages + self.messages + self.decisions + self.failing + self.roster


def overdue(*, now: datetime, grace: timedelta) -> Overdue:
    """What should have been with its provider, or decided, ``grace`` ago. Six
    queries, each by a partial index."""
    late = Q(due_at__lte=now - grace)
    # What a sender holds is still not with the provider.
    waiting = Q(status__in=["queued", "claimed"])
    rows = DueRow.objects.filter(done_at__isnull=True)
    roster = Q(due_at__lte=now - max(grace, ROSTER_GRACE)) | Q(
        due_at__isnull=False, failures__gt=0
    )
    return Overdue(
        pages=Page.objects.filter(waiting, late, digest__isnull=True).count(),
        messages=Message.objects.filter(waiting, late).count(),
        decisions=rows.filter(late).count(),
        failing=rows.filter(failures__gt=0).count(),
        roster=HandOff.objects.filter(roster).count()
        + DropOut.objects.filter(roster).count(),
    )


def is_behind(*, now: datetime, grace: timedelta) -> bool:
    """Whether anything is overdue or failing, or no self-test comes back any more:
    the outside watch must not hear from us then."""
    return overdue(now=now, grace=grace).total > 0 or no_route_works()


def route_states(*, now: datetime) -> dict[str, dict[str, Any]]:
    """Each route that was used, with the state of its breaker: ``closed``, or ``open``
    while it is passed over; failures in a row and the code of the last one."""
    return {
        row.route: {
            "breaker": "open" if row.open_until and row.open_until > now else "closed",
            "failures": row.failures,
            "last_error": row.last_error,
        }
        for row in RouteHealth.objects.all()
    }


def seconds_since_tick(*, now: datetime) -> float | None:
    """Age of the last tick in seconds, or None before the first."""
    return seconds_since("tick", now=now)


def seconds_since(name: str, *, now: datetime) -> float | None:
    """Age of this loop's last sign of life in seconds, or None before the first."""
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else max(0.0, (now - at).total_seconds())
