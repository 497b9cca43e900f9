"""When the office is open, on the wall clock of the operator's zone.

Half-open: at the closing time the office is closed. Public holidays and closing days
are closed, whatever weekday they are. In nights when the clock is changed the rule of
``rotation`` holds: a time that occurs twice means its first occurrence, one that does
not occur means the instant at which the clock would have shown it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from emergency.rules.local_time import interval_on

ONE_DAY = timedelta(days=1)
# An office that does not open within this time is not going to.
HORIZON = timedelta(days=400)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class OfficeHours:
    """Open on ``days`` (Monday is 0) in [opens, closes), but on no day of ``closed``.

    ``closes`` not after ``opens`` means the next day. No ``days``: never open.
    """

    zone: ZoneInfo
    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()


def is_open(hours: OfficeHours, at: datetime) -> bool:
    """Whether the office is open at this instant (aware)."""
    today = at.astimezone(hours.zone).date()
    return any(
        begin <= at < end
        for day in (today - ONE_DAY, today)
        for begin, end in _intervals(hours, day, day)
    )


def next_opening(hours: OfficeHours, at: datetime) -> datetime | None:
    """The first instant (UTC) after ``at`` at which the office opens, or None when it
    does not within 400 days."""
    return next((begin for begin, _ in _around(hours, at) if begin > at), None)


def next_closing(hours: OfficeHours, at: datetime) -> datetime | None:
    """The first instant (UTC) after ``at`` at which the office closes, or None when it
    does not within 400 days."""
    closing = next((end for _, end in _around(hours, at) if end > at), None)
    return closing if closing and closing <= at + HORIZON else None


def open_intervals(
    hours: OfficeHours, start: datetime, end: datetime
) -> list[Interval]:
    """When the office is open within [start, end): in order, joined, cut to it, UTC."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    return [
        (max(begin, first), min(until, last))
        for begin, until in _joined(hours, start, end)
        if begin < last and until > first
    ]


def _around(hours: OfficeHours, at: datetime) -> Iterator[Interval]:
    """What is open from three days before ``at``, so that what is joined is whole."""
    return _joined(hours, at - 3 * ONE_DAY, at + HORIZON)


def _joined(hours: OfficeHours, start: datetime, end: datetime) -> Iterator[Interval]:
    """The intervals that touch [start, end); neighbours without a break are one."""
    first = start.astimezone(hours.zone).date() - ONE_DAY
    last = end.astimezone(hours.zone).date()
    held: Interval | None = None
    for begin, until in _intervals(hours, first, last):
        if held and begin <= held[1]:
            held = held[0], max(held[1], until)
            continue
        if held:
            yield held
        held = begin, until
    if held:
        yield held


def _intervals(hours: OfficeHours, first: date, last: date) -> Iterator[Interval]:
    day = first
    while day <= last:
        if day.weekday() in hours.days and day not in hours.closed:
            begin, end = interval_on(day, hours.opens, hours.closes, hours.zone)
            if begin < end:
                yield begin, end
        day += ONE_DAY
