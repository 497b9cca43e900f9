"""What the incident's page shows of running timers, and of time that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from emergency.models import Incident, Staff, Technician, TimeEntry, Timer
from emergency.rules import timing
from emergency.rules.disposition import proposed_kind
from emergency.rules.states import TIMED_STATES
from emergency.rules.timing import Gap, Span

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class TimerLine:
    """One stretch and its full minutes; of a running one those until now."""

    timer: Timer
    minutes: int


@dataclass(frozen=True, kw_only=True)
class TimersView:
    """The timers of one incident, as one technician sees them.

    ``own`` runs here, ``elsewhere`` on another incident. ``since`` is where a timer
    would begin that includes the call just made, None where that is now. ``kind`` is
    what a new timer would measure, ``better_kind`` what the findings suggest for the
    own one instead; empty where it fits.
    """

    running: tuple[TimerLine, ...]
    waiting: tuple[TimerLine, ...]
    own: Timer | None
    elsewhere: Timer | None
    may_start: bool
    since: datetime | None
    kind: str
    better_kind: str


def running_timers(incident: Incident, now: datetime) -> tuple[TimerLine, ...]:
    """Whose timers run on this incident, the longest first. One query."""
    rows = incident.timers.running().select_related("technician__staff")
    return tuple(TimerLine(timer=timer, minutes=_minutes(timer, now)) for timer in rows)


def timers_view(
    incident: Incident, technician: Technician | None, now: datetime
) -> TimersView:
    """The timers of this incident, for this technician, if they are one."""
    running = running_timers(incident, now)
    waiting = incident.timers.waiting().select_related("technician__staff")
    theirs = _running_of(technician)
    own = theirs if theirs is not None and theirs.incident_id == incident.pk else None
    elsewhere = theirs if own is None else None
    may_start = technician is not None and own is None
    may_start = may_start and incident.status in TIMED_STATES
    ruled_out = _ruled_out(incident)
    support = TimeEntry.Kind.SUPPORT.value
    return TimersView(
        running=running,
        waiting=tuple(
            TimerLine(timer=one, minutes=_minutes(one, now)) for one in waiting
        ),
        own=own,
        elsewhere=elsewhere,
        may_start=may_start,
        since=_since(incident, technician, now) if may_start else None,
        kind=proposed_kind(ruled_out, support) or support,
        better_kind=proposed_kind(ruled_out, own.kind) if own else "",
    )


def timer_of(staff: Staff) -> Timer | None:
    """The running timer of this person, wherever it runs. One query."""
    running = Timer.objects.running().select_related("incident")
    return running.filter(technician__staff=staff).first()


def missing_time(incident: Incident, entries: Sequence[TimeEntry]) -> list[Gap]:
    """Where between reaching the customer and the end nobody has logged anything."""
    return timing.gaps(
        reached_at=incident.reached_at,
        done_at=incident.resolved_at,
        spans=[
            Span(started_at=entry.started_at, ended_at=entry.ended_at)
            for entry in entries
        ],
    )


def last_end(technician: Technician) -> datetime | None:
    """When the time ends that this person has logged or left for review last."""
    ends = [
        *TimeEntry.objects.current()
        .filter(technician=technician)
        .order_by("-ended_at")
        .values_list("ended_at", flat=True)[:1],
        *technician.timers.waiting()
        .order_by("-ended_at")
        .values_list("ended_at", flat=True)[:1],
    ]
    return max((at for at in ends if at is not None), default=None)


def _minutes(timer: Timer, now: datetime) -> int:
    """Full minutes of it."""
    ended = timer.ended_at or now
    return max(ended - timer.started_at, timedelta()) // MINUTE


def _since(
    incident: Incident, technician: Technician | None, now: datetime
) -> datetime | None:
    if technician is None:
        return None
    since = timing.begins(
        reached_at=incident.reached_at, last_end=last_end(technician), now=now
    )
    return since if now - since >= MINUTE else None


def _running_of(technician: Technician | None) -> Timer | None:
    if technician is None:
        return None
    return technician.timers.running().select_related("incident").first()


def _ruled_out(incident: Incident) -> str:
    newest = incident.feedback.order_by("at", "pk").last()
    return newest.application_ruled_out if newest else ""
