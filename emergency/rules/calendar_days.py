"""Days, weeks and months on the wall clock of a zone, with nights of 23 or 25 hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from emergency.rules.local_time import occurrence_of, planned_instant

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Day:
    """``date`` on the wall, [starts_at, ends_at) as instants (UTC)."""

    date: date
    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def clock_change(self) -> timedelta:
        """By how much the day is longer (clock put back) or shorter than 24 hours."""
        return self.length - ONE_DAY


def days(first: date, last: date, zone: ZoneInfo) -> list[Day]:
    """The days from ``first`` to ``last``, both included. A day that the zone skipped
    altogether is left out."""
    found = []
    day = first
    while day <= last:
        begin, end = midnight(day, zone), midnight(day + ONE_DAY, zone)
        if begin < end:
            found.append(Day(date=day, starts_at=begin, ends_at=end))
        day += ONE_DAY
    return found


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the day begins."""
    return planned_instant(datetime.combine(day, time()), zone)


def monday(day: date) -> date:
    """The Monday of the week in which ``day`` lies."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month in which ``day`` lies."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY


def shown_time(instant: datetime, zone: ZoneInfo) -> str:
    """How the clock shows this instant, with the name of its time where it shows that
    time twice."""
    local = instant.astimezone(zone)
    text = f"{local:%H:%M}"
    return text if occurrence_of(instant, zone) is None else f"{text} {local:%Z}"
