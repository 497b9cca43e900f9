"""What Austrian law says about being on call, as warnings. Nothing here refuses a plan:
a customer with an emergency is called back, and the duty manager answers for the plan.

Sources, by code:

- ``azg_20a``: AZG § 20a, on call outside working hours on at most 10 days a month;
  where a collective agreement allows it, 30 days within three months.
- ``it_kv_7``: collective agreement for information technology, § 7: at most 168 hours
  on call a month (and, as the law, 10 times).
- ``arg_6a``: ARG § 6a, on call in at most two weekly rests a month.
- ``azg_20a_rest``: AZG § 20a, a call may interrupt the daily rest only if one part of
  it has at least eight hours.

A day counts once, however often somebody is on call in it; days, weeks and months are
those of the wall clock in the schedule's zone. Time on call is counted once where a
person serves two schedules together. Weekly rest is taken to be Saturday 13:00 to
Monday 00:00: ARG § 3, which ends work on Saturday at 13:00 and gives 36 hours.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from emergency.rules.local_time import planned_instant
from emergency.rules.rotation import Shift

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEKLY_REST_BEGINS = time(13)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What may be planned. Without ``days_in_three_months`` the monthly count of days
    holds; with it, it is replaced by that one."""

    days_per_month: int = 10
    days_in_three_months: int | None = None
    hours_per_month: int = 168
    weekly_rests_per_month: int = 2
    rest: timedelta = timedelta(hours=8)


@dataclass(frozen=True, kw_only=True)
class OverLimit:
    """``technician`` is planned for ``planned`` where ``allowed`` is the limit, in the
    month (or three months) that begins on ``since``; ``source`` is the law's code."""

    code: str
    source: str
    technician: int
    since: date
    planned: int
    allowed: int
    at: datetime | None = None


def too_much(
    planned: Sequence[Shift], zone: ZoneInfo, limits: Limits
) -> list[OverLimit]:
    """The warnings about these shifts, which should cover whole months.

    A month that the shifts only touch is counted as far as it is known.
    """
    found: list[OverLimit] = []
    for technician in sorted({shift.technician for shift in planned}):
        duty = joined(s for s in planned if s.technician == technician)
        found += _about_months(technician, duty, zone, limits)
    return found


def short_rests(
    planned: Sequence[Shift],
    worked: Mapping[int, Sequence[Interval]],
    limits: Limits,
) -> list[OverLimit]:
    """Who goes on call less than ``rest`` after they last worked.

    ``worked`` is work done so far, by technician. Work during the same duty is no break
    of the rest before it.
    """
    found: list[OverLimit] = []
    for technician, intervals in sorted(worked.items()):
        for begin, _ in joined(s for s in planned if s.technician == technician):
            ends = [until for _, until in intervals if until <= begin]
            if ends and begin - max(ends) < limits.rest:
                found.append(
                    OverLimit(
                        code="short_rest",
                        source="azg_20a_rest",
                        technician=technician,
                        since=begin.date(),
                        planned=int((begin - max(ends)).total_seconds() // 3600),
                        allowed=int(limits.rest.total_seconds() // 3600),
                        at=begin,
                    )
                )
    return found


def next_month(month: date) -> date:
    """The first day of the month after the one that begins on ``month``."""
    return _month(month + timedelta(days=31))


def joined(planned: Iterable[Shift]) -> list[Interval]:
    """The time of these shifts, each instant once, in order (UTC)."""
    found: list[Interval] = []
    for shift in sorted(planned, key=lambda s: s.starts_at):
        begin, end = shift.starts_at.astimezone(UTC), shift.ends_at.astimezone(UTC)
        if found and begin <= found[-1][1]:
            earlier = found.pop()
            begin, end = earlier[0], max(earlier[1], end)
        found.append((begin, end))
    return found


def _about_months(
    technician: int, duty: list[Interval], zone: ZoneInfo, limits: Limits
) -> list[OverLimit]:
    days = _days(duty, zone)
    days_of = Counter(_month(day) for day in days)
    hours_of, rests_of = _hours(duty, zone), _weekly_rests(duty, zone)
    found: list[OverLimit] = []

    def warn(code: str, source: str, since: date, planned: int, allowed: int) -> None:
        if planned > allowed:
            found.append(
                OverLimit(
                    code=code,
                    source=source,
                    technician=technician,
                    since=since,
                    planned=planned,
                    allowed=allowed,
                )
            )

    for month in sorted(days_of):
        if limits.days_in_three_months is None:
            warn("days", "azg_20a", month, days_of[month], limits.days_per_month)
        else:
            quarter = sum(days_of[m] for m in _three_months(month))
            allowed = limits.days_in_three_months
            warn("days_in_three_months", "azg_20a", month, quarter, allowed)
        hours = int(hours_of[month] / timedelta(hours=1))
        warn("hours", "it_kv_7", month, hours, limits.hours_per_month)
        rests = rests_of[month]
        warn("weekly_rests", "arg_6a", month, rests, limits.weekly_rests_per_month)
    return found


def _days(duty: list[Interval], zone: ZoneInfo) -> set[date]:
    """The days in which these intervals have a part."""
    found: set[date] = set()
    for begin, end in duty:
        day = begin.astimezone(zone).date()
        last = (end - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            found.add(day)
            day += ONE_DAY
    return found


def _hours(duty: list[Interval], zone: ZoneInfo) -> Mapping[date, timedelta]:
    found: dict[date, timedelta] = defaultdict(timedelta)
    for month in {_month(day) for day in _days(duty, zone)}:
        begin, end = _midnight(month, zone), _midnight(next_month(month), zone)
        found[month] += _overlap(duty, begin, end)
    return found


def _weekly_rests(duty: list[Interval], zone: ZoneInfo) -> Counter[date]:
    """How many weekly rests of each month are touched; a rest belongs to the month in
    which it begins."""
    saturdays = {
        day - timedelta(days=(day.weekday() - SATURDAY) % 7)
        for day in _days(duty, zone)
    }
    found: Counter[date] = Counter()
    for saturday in saturdays:
        begin = planned_instant(datetime.combine(saturday, WEEKLY_REST_BEGINS), zone)
        end = _midnight(saturday + 2 * ONE_DAY, zone)
        if _overlap(duty, begin, end):
            found[_month(saturday)] += 1
    return found


def _overlap(duty: list[Interval], begin: datetime, end: datetime) -> timedelta:
    parts = (min(until, end) - max(since, begin) for since, until in duty)
    return sum((part for part in parts if part > timedelta()), timedelta())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return planned_instant(datetime.combine(day, time()), zone)


def _month(day: date) -> date:
    return day.replace(day=1)


def _three_months(month: date) -> list[date]:
    """This month and the two after it."""
    second = next_month(month)
    return [month, second, next_month(second)]
