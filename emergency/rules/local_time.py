"""Wall-clock times and the instants they mean, in nights when the clock is changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def planned_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) that a plan means by this naive wall-clock time.

    A time that occurs twice means its first occurrence; one that does not occur means
    the instant at which the clock would have shown it, later on the wall by as much as
    the clock was put forward.
    """
    return wall.replace(tzinfo=zone).astimezone(UTC)


def interval_on(
    day: date, starts: time, ends: time, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The half-open interval (UTC) that begins on ``day``; an ``ends`` not after
    ``starts`` lies on the next day. Empty in a night that swallows it."""
    last = day if ends > starts else day + timedelta(days=1)
    begin = planned_instant(datetime.combine(day, starts), zone)
    return begin, max(begin, planned_instant(datetime.combine(last, ends), zone))


def instants_of(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants (UTC) at which the clocks of ``zone`` show this naive time.

    One on ordinary days; none when the clock is put forward over it; two, the earlier
    first, when it is put back over it.
    """
    found: list[datetime] = []
    for fold in (0, 1):
        instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        shown = instant.astimezone(zone).replace(tzinfo=None)
        if shown == wall and instant not in found:
            found.append(instant)
    return tuple(found)


def occurrence_of(instant: datetime, zone: ZoneInfo) -> int | None:
    """Which of two showings of its wall-clock time the instant is (0 or 1), or None
    when the clocks show that time once."""
    local = instant.astimezone(zone)
    both = instants_of(local.replace(tzinfo=None, fold=0), zone)
    return both.index(instant.astimezone(UTC)) if len(both) == 2 else None
