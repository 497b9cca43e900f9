"""The hours that a rotation serves, or that a schedule must cover."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from emergency.rules.local_time import interval_on
from emergency.rules.office_hours import (
    ONE_DAY,
    Interval,
    OfficeHours,
    is_open,
    open_intervals,
)


@dataclass(frozen=True, kw_only=True)
class Window:
    """[starts, ends) on these weekdays (Monday is 0); an ``ends`` not after ``starts``
    lies on the next day."""

    days: frozenset[int]
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Hours:
    """``kind``: always | outside_office_hours | times (then ``windows`` say which)."""

    kind: str = "always"
    windows: tuple[Window, ...] = ()


ALWAYS = Hours()


@dataclass(frozen=True, kw_only=True)
class Clock:
    """What hours are read against: windows in ``zone``, the office in its own zone.

    Without ``office`` every hour is outside office hours.
    """

    zone: ZoneInfo
    office: OfficeHours | None = None


def serves(hours: Hours, clock: Clock, at: datetime) -> bool:
    """Whether ``at`` (aware) lies in these hours."""
    if hours.kind == "always":
        return True
    if hours.kind == "outside_office_hours":
        return clock.office is None or not is_open(clock.office, at)
    today = at.astimezone(clock.zone).date()
    return any(
        begin <= at < end
        for day in (today - ONE_DAY, today)
        for begin, end in _windows_on(hours, day, clock.zone)
    )


def edges(
    hours: Hours, clock: Clock, start: datetime, end: datetime
) -> Iterator[datetime]:
    """The instants around [start, end) at which these hours may begin or end."""
    if hours.kind == "outside_office_hours" and clock.office:
        for interval in open_intervals(clock.office, start, end):
            yield from interval
    if hours.kind != "times":
        return
    day = start.astimezone(clock.zone).date() - ONE_DAY
    while day <= end.astimezone(clock.zone).date():
        for interval in _windows_on(hours, day, clock.zone):
            yield from interval
        day += ONE_DAY


def _windows_on(hours: Hours, day: date, zone: ZoneInfo) -> Iterator[Interval]:
    for window in hours.windows:
        if day.weekday() in window.days:
            yield interval_on(day, window.starts, window.ends, zone)
