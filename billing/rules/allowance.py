"""Emergencies that a contract includes: periods of the calendar and places in them.

A place stands for an initial fee: where none is due, none is used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from billing.rules.policy import IncludedPlace
from billing.rules.rating import lines_due
from billing.rules.work import Cause, Emergency

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Place:
    """The ``position``-th of ``of`` emergencies included in a period of days."""

    position: int
    of: int
    first_day: date
    last_day: date


class Use(StrEnum):
    """What an emergency takes of those that are included. Spared: its fee is included
    and no place is used."""

    NOTHING = "nothing"
    SPARED = "spared"
    PLACE = "place"


def use_of(emergency: Emergency) -> Use:
    """What this emergency takes, by its facts and the policy; the terms are those
    without the contract's included emergencies. Nothing: no fee is charged anyway."""
    fee = next(iter(lines_due(emergency)), None)
    if fee is None or fee.waived:
        return Use.NOTHING
    ours = emergency.cause is Cause.INFRASTRUCTURE
    if ours and emergency.policy.infrastructure_place is IncludedPlace.SPARE:
        return Use.SPARED
    return Use.PLACE


def span(period: Period, day: date) -> tuple[date, date]:
    """The first and the last day of the period that ``day`` lies in."""
    months = _MONTHS[period.value]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    years, month = divmod(first.month - 1 + months, 12)
    following = date(first.year + years, month + 1, 1)
    return first, following - timedelta(days=1)


def free_position(taken: Iterable[int], *, of: int, ahead: int = 0) -> int | None:
    """The lowest place that is not taken, after ``ahead`` others have chosen; None when
    the included ones are used up."""
    occupied = set(taken)
    free = [place for place in range(1, of + 1) if place not in occupied]
    return free[ahead] if ahead < len(free) else None
