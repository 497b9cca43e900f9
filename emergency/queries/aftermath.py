"""What a customer reads once the work has ended: cause, work and time."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from emergency.models import (
    Cancellation,
    Incident,
    Objection,
    Report,
    SolutionAnswer,
    TimeEntry,
    Withdrawal,
)


@dataclass(frozen=True, kw_only=True)
class TimeLine:
    """One interval of work as the customer reads it, in started minutes."""

    started_at: datetime
    ended_at: datetime
    minutes: int
    kind: str
    first_name: str
    charged: bool


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """What came of it. ``cause`` and ``resolution`` are empty until it is solved;
    ``solution`` is the customer's last word about it."""

    cause: str
    resolution: str
    times: tuple[TimeLine, ...]
    solution: SolutionAnswer | None
    objections: tuple[Objection, ...]
    cancellation: Cancellation | None
    withdrawal: Withdrawal | None


def aftermath(report: Report) -> Aftermath:
    """What this report's customer reads of the end of the work."""
    incident = report.incident
    solved = incident.status in {Incident.Status.RESOLVED, Incident.Status.CLOSED}
    return Aftermath(
        cause=incident.get_cause_display() if solved else "",
        resolution=incident.resolution if solved else "",
        times=_times(incident) if solved else (),
        solution=report.solution_answers.last(),
        objections=tuple(report.objections.all()),
        cancellation=getattr(incident, "cancellation", None),
        withdrawal=getattr(report, "withdrawal", None),
    )


def _times(incident: Incident) -> tuple[TimeLine, ...]:
    entries = (
        TimeEntry.objects.current()
        .filter(incident=incident)
        .select_related("technician__staff")
        .order_by("started_at", "pk")
    )
    return tuple(
        TimeLine(
            started_at=entry.started_at,
            ended_at=entry.ended_at,
            minutes=ceil((entry.ended_at - entry.started_at).total_seconds() / 60),
            kind=entry.get_kind_display(),
            first_name=entry.technician.first_name,
            charged=entry.billable,
        )
        for entry in entries
    )
