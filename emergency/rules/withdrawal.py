"""Withdrawing from a contract that was concluded at a distance.

Source: Directive 2011/83/EU Art. 9, 11a and 16 (a), Regulation 1182/71 Art. 3 (the day
of the contract does not count, the period ends with its last day); FAGG §§ 11, 18. Only
consumers have the right; whoever is not known to be a business is one.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PERIOD = timedelta(days=14)


def last_moment(ordered_at: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the period has passed: midnight after its last day."""
    day: date = ordered_at.astimezone(zone).date() + PERIOD + timedelta(days=1)
    return datetime.combine(day, time(), zone)


def may_withdraw(
    now: datetime,
    *,
    consumer: bool,
    ordered_at: datetime,
    performed_at: datetime | None,
    zone: ZoneInfo,
) -> bool:
    """Whether the contract can be withdrawn from at ``now``: within the period, and
    not after full performance."""
    performed = performed_at is not None and now >= performed_at
    return consumer and not performed and now < last_moment(ordered_at, zone)
