"""What repeats in a calendar from strangers, unfolded within bounds.

What a rule costs does not show in what it yields: one that fits no day is walked to the
end of all years. So rules are looked at before they are unfolded.
"""

from collections.abc import Iterable
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, Component, vRecur

REACH = timedelta(days=32)
# Fixed times are often written as beginning when the clocks of computers do.
_EARLIEST = 1970
_MOST_OCCURRENCES = 500
_OFTEN = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_WITHIN_A_DAY = {"BYHOUR", "BYMINUTE", "BYSECOND"}
# Only these can name a day that never comes.
_MAY_NEVER_FALL = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYDAY"}
# Years after which weekdays and leap days repeat.
CALENDAR_CYCLE = 400


class Unfoldable(Exception):
    """The series cannot be unfolded, or only at a price that nobody pays."""


def repeats(event: Component) -> bool:
    return any(name in event for name in ("RRULE", "RDATE", "EXRULE", "RECURRENCE-ID"))


def occurrences(
    calendar: Component, group: Iterable[Component], now: datetime
) -> Iterable[Component]:
    """The occurrences of one series around now. Raises Unfoldable, and whatever the
    calendar libraries raise for damaged values. The zones of the calendar are tame."""
    part = Calendar()
    for zone in calendar.walk("VTIMEZONE"):
        part.add_component(zone)
    for event in group:
        _check(event)
        part.add_component(event)
    query = recurring_ical_events.of(part)
    found = list(query.between(now - REACH, now + REACH))
    if len(found) > _MOST_OCCURRENCES:
        raise Unfoldable
    return found


def _check(component: Component) -> None:
    for rule in _rules(component):
        often = {str(word).upper() for word in rule.get("FREQ", [])}
        if len(often) != 1 or not often <= _OFTEN:
            raise Unfoldable
        if any(int(number) < 1 for number in rule.get("INTERVAL", [])):
            raise Unfoldable
        if any(len(rule.get(name, [])) > 1 for name in _WITHIN_A_DAY):
            raise Unfoldable
        start = component.decoded("DTSTART")
        if start.year < _EARLIEST:
            raise Unfoldable
        if _MAY_NEVER_FALL & set(rule):
            _must_fall(rule, start)


def _rules(component: Component) -> list[Any]:
    found: list[Any] = []
    for name in ("RRULE", "EXRULE"):
        rules = component.get(name, [])
        found += rules if isinstance(rules, list) else [rules]
    return found


def _must_fall(rule: Any, start: date | datetime) -> None:
    """Raises Unfoldable for a rule that fits no day, looking only at the last years of
    the calendar, which are like any others."""
    own = {name: rule[name] for name in rule if name not in {"UNTIL", "COUNT"}}
    words = vRecur(own).to_ical().decode()  # type: ignore[no-untyped-call]
    begin = _naive(start)
    years = (MAXYEAR - begin.year) // CALENDAR_CYCLE * CALENDAR_CYCLE
    late = begin.replace(year=begin.year + years)
    if not list(islice(rrulestr(words, dtstart=late), 1)):
        raise Unfoldable


def _naive(moment: date | datetime) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return datetime.combine(moment, time())
