"""How the engine is doing, in numbers."""

from datetime import datetime, timedelta

from django.db.models import Q

from emergency.models import (
    DropOut,
    DueRow,
    HandOff,
    Heartbeat,
    Incident,
    Message,
    Page,
)
from emergency.queries.self_tests import no_route_works

# Reminders and questions about the roster may be as late as one of their retries.
ROSTER_GRACE = timedelta(seconds=60)


def is_behind(*, now: datetime, grace: timedelta) -> bool:
    """Whether a page or a message should have been with its provider, or a decision
    taken, ``grace`` ago; whether a decision has failed and waits for another try; or
    whether no self-test comes back any more."""
    late = Q(due_at__lte=now - grace)
    # What a sender holds is still not with the provider.
    waiting = Q(status__in=["queued", "claimed"])
    roster = Q(due_at__lte=now - max(grace, ROSTER_GRACE)) | Q(
        due_at__isnull=False, failures__gt=0
    )
    return (
        Page.objects.filter(waiting, late, digest__isnull=True).exists()
        or Message.objects.filter(waiting, late).exists()
        or DueRow.objects.filter(
            late | Q(failures__gt=0), done_at__isnull=True
        ).exists()
        or HandOff.objects.filter(roster).exists()
        or DropOut.objects.filter(roster).exists()
        or no_route_works()
    )


def seconds_since_tick(*, now: datetime) -> float | None:
    """Age of the last tick in seconds, or None before the first."""
    at = Heartbeat.objects.filter(name="tick").values_list("at", flat=True).first()
    return None if at is None else max(0.0, (now - at).total_seconds())


def counts(*, now: datetime) -> dict[str, tuple[str, float]]:
    """Name -> (meaning, value) of what an operator watches."""
    age = seconds_since_tick(now=now)
    return {
        "incidents_open": ("Open incidents", Incident.objects.open().count()),
        "incidents_waiting": (
            "Incidents whose customer waits for the call",
            Incident.objects.filter(status__in=["paging", "acknowledged"]).count(),
        ),
        "pages_due": (
            "Pages that should be on their way",
            Page.objects.due(now).count(),
        ),
        "decisions_due": ("Due rows not yet decided", DueRow.objects.due(now).count()),
        "decisions_failing": (
            "Open due rows that failed at least once",
            DueRow.objects.filter(done_at__isnull=True, failures__gt=0).count(),
        ),
        "tick_age_seconds": ("Age of the last tick", -1.0 if age is None else age),
    }
