"""Which tariff applies now, and why.

Free support is open in the office hours. Outside them the fee applies; on a closing day
for which the operator asks no fee, it does not for as long as the office would have
been open on an ordinary day of that weekday.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from emergency.rules.office_hours import (
    OfficeHours,
    is_open,
    next_closing,
    next_opening,
)


class Case(StrEnum):
    """What an order costs now."""

    FREE_HOURS = "free_hours"
    FEE = "fee"
    NO_FEE = "no_fee"


class Reason(StrEnum):
    """Why this case applies."""

    OPEN = "open"
    BEFORE_OPENING = "before_opening"
    AFTER_CLOSING = "after_closing"
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    CLOSING_DAY = "closing_day"
    NEVER_OPEN = "never_open"


@dataclass(frozen=True, kw_only=True)
class ClosedDay:
    """A day without office hours. ``public``: a holiday by law, else the operator's
    own closing day, for which ``fee_time`` says whether the fee applies."""

    name: str
    public: bool
    fee_time: bool = True


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """The case at one instant. ``day`` names the holiday or closing day, or is empty.

    ``opens_at`` is when free support opens next (UTC), None while it is open or where
    it never does; ``ends_at`` is when the case ends that free support or a closing day
    without a fee gives, else None.
    """

    case: Case
    reason: Reason
    day: str = ""
    opens_at: datetime | None = None
    ends_at: datetime | None = None


def tariff(
    hours: OfficeHours, closed: Mapping[date, ClosedDay], at: datetime
) -> Tariff:
    """The tariff at this instant (aware). ``closed`` takes the place of
    ``hours.closed``."""
    hours = replace(hours, closed=frozenset(closed))
    if is_open(hours, at):
        return Tariff(
            case=Case.FREE_HOURS, reason=Reason.OPEN, ends_at=next_closing(hours, at)
        )
    opens_at = next_opening(hours, at)
    local = at.astimezone(hours.zone)
    day = closed.get(local.date())
    if day is not None:
        ordinary = replace(hours, closed=frozenset())
        free = not day.public and not day.fee_time and is_open(ordinary, at)
        return Tariff(
            case=Case.NO_FEE if free else Case.FEE,
            reason=Reason.HOLIDAY if day.public else Reason.CLOSING_DAY,
            day=day.name,
            opens_at=opens_at,
            ends_at=next_closing(ordinary, at) if free else None,
        )
    return Tariff(
        case=Case.FEE, reason=_outside(hours, local, opens_at), opens_at=opens_at
    )


def _outside(hours: OfficeHours, local: datetime, opens_at: datetime | None) -> Reason:
    if opens_at is None:
        return Reason.NEVER_OPEN
    if local.weekday() not in hours.days:
        return Reason.DAY_OFF
    if opens_at.astimezone(hours.zone).date() == local.date():
        return Reason.BEFORE_OPENING
    return Reason.AFTER_CLOSING
