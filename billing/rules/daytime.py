"""The hours of the day in which customers get e-mail, as local times."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTES_OF_DAY = 24 * 60
_HOURS = re.compile(r"(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)")


@dataclass(frozen=True)
class Hours:
    """From one minute of the day until before a later one."""

    start: int
    end: int

    def contain(self, local: datetime) -> bool:
        return self.start <= _minute(local) < self.end

    def next(self, local: datetime) -> datetime:
        """This instant where it lies within the hours, else their next beginning."""
        if self.contain(local):
            return local
        day = local + timedelta(days=1 if _minute(local) >= self.end else 0)
        return day.replace(
            hour=self.start // 60, minute=self.start % 60, second=0, microsecond=0
        )


def read_hours(text: str) -> Hours | None:
    """``07:00-20:00``; None for an empty text, which is any time. Raises ValueError."""
    if not text.strip():
        return None
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no span of hours like 07:00-20:00")
    first, minutes, last, more = (int(part) for part in match.groups())
    hours = Hours(first * 60 + minutes, last * 60 + more)
    if hours.start >= hours.end or hours.end > MINUTES_OF_DAY:
        raise ValueError(f"{text!r} ends before it begins, or on another day")
    return hours


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute
