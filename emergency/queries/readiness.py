"""Is the roster of the next days fit to be relied on? Findings are code and values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from emergency.models import (
    Absence,
    ContactMethod,
    Schedule,
    Technician,
    TimeEntry,
)
from emergency.queries.roster import roster_of
from emergency.rules import duty_limits
from emergency.rules.duty_limits import Limits, OverLimit, next_month
from emergency.rules.local_time import planned_instant
from emergency.rules.rotation import Gap, Roster, Shift, gaps, shifts

# Work that ended longer ago than this leaves enough rest in any case.
RECENT_WORK = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is not as it should be. ``serious``: somebody may not be reached.

    ``values`` are plain: ids, names of schedules, ISO dates and instants, numbers;
    ``source`` is the code of the law behind a warning.
    """

    code: str
    serious: bool
    at: datetime
    technician: Technician | None = None
    schedule: Schedule | None = None
    source: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Planned:
    """The shifts of one schedule, and who is who."""

    schedule: Schedule
    roster: Roster
    shifts: list[Shift]


def coming_gaps(now: datetime, *, until: timedelta) -> list[tuple[Schedule, list[Gap]]]:
    """Every schedule with its gaps in [now, now + until)."""
    return [
        (
            schedule,
            gaps(roster_of(schedule, start=now, end=now + until), now, now + until),
        )
        for schedule in Schedule.objects.order_by("name", "pk")
    ]


def readiness(
    now: datetime, *, days: int = 14, instead: Mapping[int, Roster] | None = None
) -> list[Finding]:
    """What speaks against relying on the next ``days``, serious findings first.

    ``instead`` are rosters, by the key of their schedule, to be judged in the place of
    those that stand.
    """
    end = now + timedelta(days=days)
    month = timezone.localtime(now).date().replace(day=1)
    last = _end_of_counting(end)
    planned = [
        _plan(schedule, _midnight(month), _midnight(last), instead or {})
        for schedule in Schedule.objects.order_by("name", "pk")
    ]
    people = Technician.objects.select_related("staff").in_bulk(
        {shift.technician for plan in planned for shift in plan.shifts}
    )
    coming = [
        (plan.schedule, shift)
        for plan in planned
        for shift in plan.shifts
        if shift.ends_at > now and shift.starts_at < end
    ]
    found = [
        *_gaps(planned, now, end),
        *_without_a_voice(coming, people),
        *_absent(coming, people, now, end),
        *_over_limits(planned, people, now, end),
    ]
    return sorted(found, key=lambda finding: (not finding.serious, finding.at))


def limits() -> Limits:
    """What the operator has configured."""
    return Limits(
        days_per_month=settings.DUTY_DAYS_PER_MONTH,
        days_in_three_months=settings.DUTY_DAYS_IN_THREE_MONTHS or None,
        hours_per_month=settings.DUTY_HOURS_PER_MONTH,
        weekly_rests_per_month=settings.DUTY_WEEKLY_RESTS_PER_MONTH,
        rest=timedelta(hours=settings.DUTY_REST_HOURS),
    )


def _plan(
    schedule: Schedule, start: datetime, end: datetime, instead: Mapping[int, Roster]
) -> _Planned:
    roster = instead.get(schedule.pk) or roster_of(schedule, start=start, end=end)
    return _Planned(schedule=schedule, roster=roster, shifts=shifts(roster, start, end))


def _gaps(
    planned: Iterable[_Planned], now: datetime, end: datetime
) -> Iterable[Finding]:
    for plan in planned:
        for gap in gaps(plan.roster, now, end):
            yield Finding(
                code="gap",
                serious=True,
                at=gap.starts_at,
                schedule=plan.schedule,
                values={"until": gap.ends_at.isoformat()},
            )


def _without_a_voice(
    coming: list[tuple[Schedule, Shift]], people: dict[int, Technician]
) -> Iterable[Finding]:
    """Once per person and schedule, at the first shift."""
    heard = set(
        ContactMethod.objects.usable()
        .filter(kind=ContactMethod.Kind.VOICE, technician__in=people)
        .values_list("technician", flat=True)
    )
    said: set[tuple[int, int]] = set()
    for schedule, shift in coming:
        once = (schedule.pk, shift.technician)
        if shift.technician not in heard and once not in said:
            said.add(once)
            yield Finding(
                code="no_voice",
                serious=True,
                at=shift.starts_at,
                technician=people[shift.technician],
                schedule=schedule,
            )


def _absent(
    coming: list[tuple[Schedule, Shift]],
    people: dict[int, Technician],
    now: datetime,
    end: datetime,
) -> Iterable[Finding]:
    """Once per absence and schedule, however many shifts fall into it."""
    absences = list(
        Absence.objects.filter(
            technician__in=people, ends_at__gt=now, starts_at__lt=end
        )
    )
    said: set[tuple[int, int]] = set()
    for schedule, shift in coming:
        for absence in absences:
            begin = max(absence.starts_at, shift.starts_at, now)
            until = min(absence.ends_at, shift.ends_at)
            once = (schedule.pk, absence.pk)
            if absence.technician_id != shift.technician or begin >= until:
                continue
            if once not in said:
                said.add(once)
                yield Finding(
                    code="absent",
                    serious=True,
                    at=begin,
                    technician=people[shift.technician],
                    schedule=schedule,
                    values={"until": until.isoformat()},
                )


def _over_limits(
    planned: list[_Planned],
    people: dict[int, Technician],
    now: datetime,
    end: datetime,
) -> Iterable[Finding]:
    everything = [shift for plan in planned for shift in plan.shifts]
    zone, configured = ZoneInfo(settings.TIME_ZONE), limits()
    last = timezone.localtime(end).date()
    about_months = [
        over
        for over in duty_limits.too_much(everything, zone, configured)
        if over.since <= last
    ]
    coming = [s for s in everything if now < s.starts_at < end]
    about_rest = duty_limits.short_rests(coming, recent_work(now), configured)
    for over in [*about_months, *about_rest]:
        yield finding_of(over, people[over.technician], now)


def finding_of(over: OverLimit, technician: Technician, now: datetime) -> Finding:
    """A limit that is passed, as a finding from ``now`` on."""
    return Finding(
        code=over.code,
        serious=False,
        at=over.at or max(now, _midnight(over.since)),
        technician=technician,
        source=over.source,
        values={
            "since": over.since.isoformat(),
            "planned": over.planned,
            "allowed": over.allowed,
        },
    )


def recent_work(now: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """Work that ended so late before ``now``, or after it, that a rest may be too
    short, by technician."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for entry in TimeEntry.objects.current().filter(ended_at__gt=now - RECENT_WORK):
        worked = found.setdefault(entry.technician_id, [])
        worked.append((entry.started_at, entry.ended_at))
    return found


def _end_of_counting(end: datetime) -> date:
    """The first day after the months, or the three months, that are counted."""
    last = next_month(timezone.localtime(end).date().replace(day=1))
    if settings.DUTY_DAYS_IN_THREE_MONTHS:
        last = next_month(next_month(last))
    return last


def _midnight(day: date) -> datetime:
    return planned_instant(datetime.combine(day, time()), ZoneInfo(settings.TIME_ZONE))
