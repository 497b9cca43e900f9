"""The hours of the day in which customers get e-mail, as local times."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Hours:
    """From one local time of the day to a later one."""

    start: time
    end: time

    def contain(self, local: datetime) -> bool:
        return self.start <= local.time() < self.end

    def next(self, local: datetime) -> datetime:
        """This instant where it lies within the hours, else their next beginning."""
        if self.contain(local):
            return local
        day = local.date()
        if local.time() >= self.end:
            day += timedelta(days=1)
        return datetime.combine(day, self.start, local.tzinfo)


def read_hours(text: str) -> Hours | None:
    """``07:00-20:00``; None for an empty text, which is any time. Raises ValueError."""
    if not text.strip():
        return None
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no span of hours like 07:00-20:00")
    first, minutes, last, more = (int(part) for part in match.groups())
    hours = Hours(time(first, minutes), time(last, more))
    if hours.start >= hours.end:
        raise ValueError(f"{text!r} ends before it begins")
    return hours
