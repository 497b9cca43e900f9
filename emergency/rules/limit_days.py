"""On which day a limit of the law is passed: its place in a calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from emergency.rules.calendar_days import ONE_DAY, Day, days
from emergency.rules.duty_limits import Limits, OverLimit, next_month, too_much
from emergency.rules.rotation import Shift


def day_passed(
    over: OverLimit, planned: Sequence[Shift], zone: ZoneInfo, limits: Limits
) -> date:
    """The first day with which ``over``, found among these shifts, is true."""
    if over.at is not None:
        return over.at.astimezone(zone).date()
    last = next_month(over.since)
    if over.code == "days_in_three_months":
        last = next_month(next_month(last))
    counted = days(over.since, last - ONE_DAY, zone)
    own = [shift for shift in planned if shift.technician == over.technician]

    def is_over(day: Day) -> bool:
        so_far = too_much(_until(own, day.ends_at), zone, limits)
        return any((o.code, o.since) == (over.code, over.since) for o in so_far)

    return next((day for day in counted if is_over(day)), counted[-1]).date


def _until(shifts: Sequence[Shift], end: datetime) -> list[Shift]:
    return [
        replace(shift, ends_at=min(shift.ends_at, end))
        for shift in shifts
        if shift.starts_at < end
    ]
