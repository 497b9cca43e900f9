"""What a person was on call and did in a month, as payroll counts it.

Time on call is the time of the roster, each instant once however many schedules name
the person, split at midnight of the operator's zone:

- *Sunday* before *holiday*: a public holiday on a Sunday is a Sunday (ARG § 7 (6));
- *workday*: every other day, Saturday too, as in the law.

An *intervention* is an incident on which somebody began logged work while on call. A
*rest* is the time from noon to noon outside office hours. It is *interrupted* by work
while on call, and *broken* when no eight hours (``rest``) of it are left in one piece
(AZG § 20a). Work that nobody logged is not known here.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from emergency.rules.calendar_days import ONE_DAY, days, midnight, month_of
from emergency.rules.local_time import planned_instant
from emergency.rules.office_hours import OfficeHours, open_intervals

SUNDAY = 6
NOON = time(12)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Work:
    """Logged work [starts_at, ends_at) on the incident with this key."""

    incident: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One person in one month. Work while on call and besides add up to all of it."""

    workday: timedelta
    sunday: timedelta
    holiday: timedelta
    interventions: int
    worked_on_call: timedelta
    worked_besides: timedelta
    rests_interrupted: int
    rests_broken: int

    @property
    def on_call(self) -> timedelta:
        """All time on call."""
        return self.workday + self.sunday + self.holiday


def figures(
    *,
    duty: Sequence[Interval],
    work: Sequence[Work],
    month: date,
    until: datetime,
    zone: ZoneInfo,
    holidays: Collection[date],
    office: OfficeHours | None,
    rest: timedelta,
) -> Figures:
    """The month in which ``month`` lies, up to ``until``.

    ``duty`` is joined and in order and, like ``work``, reaches to noon after the month,
    where the last rest ends.
    """
    first, last = month_of(month)
    begin, end = midnight(first, zone), min(midnight(last + ONE_DAY, zone), until)
    kinds = {"workday": timedelta(), "sunday": timedelta(), "holiday": timedelta()}
    for day in days(first, last, zone):
        kind = _kind(day.date, holidays)
        kinds[kind] += overlap(duty, day.starts_at, min(day.ends_at, end))
    within = [(w, max(w.starts_at, begin), min(w.ends_at, end)) for w in work]
    in_month = [(w, since, till) for w, since, till in within if since < till]
    on_call = sum((overlap(duty, a, b) for _, a, b in in_month), timedelta())
    worked = sum((b - a for _, a, b in in_month), timedelta())
    interrupted, broken = _rests(duty, work, first, last, until, zone, office, rest)
    return Figures(
        **kinds,
        interventions=len(
            {
                w.incident
                for w, since, till in in_month
                if w.starts_at >= begin and overlap(duty, since, till)
            }
        ),
        worked_on_call=on_call,
        worked_besides=worked - on_call,
        rests_interrupted=interrupted,
        rests_broken=broken,
    )


def overlap(intervals: Iterable[Interval], begin: datetime, end: datetime) -> timedelta:
    """How much of [begin, end) these intervals, which do not overlap, take."""
    parts = (min(until, end) - max(since, begin) for since, until in intervals)
    return sum((part for part in parts if part > timedelta()), timedelta())


def _kind(day: date, holidays: Collection[date]) -> str:
    if day.weekday() == SUNDAY:
        return "sunday"
    return "holiday" if day in holidays else "workday"


def _rests(
    duty: Sequence[Interval],
    work: Sequence[Work],
    first: date,
    last: date,
    until: datetime,
    zone: ZoneInfo,
    office: OfficeHours | None,
    rest: timedelta,
) -> tuple[int, int]:
    """How many rests that began in the month were interrupted, and broken by it."""
    interrupted = broken = 0
    day = first
    while day <= last:
        begin, end = _noon(day, zone), min(_noon(day + ONE_DAY, zone), until)
        day += ONE_DAY
        if begin >= end:
            break
        opened = open_intervals(office, begin, end) if office else []
        done = [
            (max(w.starts_at, begin), min(w.ends_at, end))
            for w in work
            if w.starts_at < end and begin < w.ends_at
        ]
        if not any(_called(piece, duty, opened) for piece in done):
            continue
        interrupted += 1
        broken += _longest_free([*done, *opened], begin, end) < rest
    return interrupted, broken


def _called(
    piece: Interval, duty: Sequence[Interval], opened: Sequence[Interval]
) -> bool:
    """Whether some of this work was done on call and outside office hours."""
    on_call = [(max(a, piece[0]), min(b, piece[1])) for a, b in duty]
    return any(
        begin < end and overlap(opened, begin, end) < end - begin
        for begin, end in on_call
    )


def _longest_free(
    taken: Iterable[Interval], begin: datetime, end: datetime
) -> timedelta:
    longest, since = timedelta(), begin
    for start, until in sorted(taken):
        longest = max(longest, start - since)
        since = max(since, until)
    return max(longest, end - since)


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return planned_instant(datetime.combine(day, NOON), zone)
