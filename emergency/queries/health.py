"""How the engine is doing, in numbers."""

from datetime import datetime

from emergency.models import DueRow, Heartbeat, Incident, Page


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
