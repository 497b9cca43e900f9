"""When the engine looks at a coming hand-off: at each reminder, then at its time."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def reminders_passed(
    starts_at: datetime, reminders: Sequence[timedelta], now: datetime
) -> int:
    """How many of the reminders before ``starts_at`` lie at or before ``now``."""
    return sum(starts_at - before <= now for before in reminders)


def next_look(
    starts_at: datetime, reminders: Sequence[timedelta], sent: int
) -> datetime:
    """The instant of the first reminder that is not ``sent``; after all of them, the
    hand-off itself."""
    waiting = sorted(reminders, reverse=True)[sent:]
    return starts_at - waiting[0] if waiting else starts_at
