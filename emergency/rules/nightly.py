"""When the nightly import runs, on the wall clock of the operator's zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

# After every change to and from summer time.
AT = time(4, 30)
AGAIN_AFTER = timedelta(hours=1)


def next_night(now: datetime, zone: ZoneInfo) -> datetime:
    """The next half past four that lies ahead."""
    local = now.astimezone(zone)
    at = datetime.combine(local.date(), AT, tzinfo=zone)
    if at <= local:
        at = datetime.combine(local.date() + timedelta(days=1), AT, tzinfo=zone)
    return at.astimezone(UTC)


def next_run(now: datetime, zone: ZoneInfo, *, failed: bool) -> datetime:
    """When to come again: tomorrow, or within the hour after what did not work."""
    night = next_night(now, zone)
    return min(night, now + AGAIN_AFTER) if failed else night
