"""Running timers: when their owner is asked, when they stop, where they begin; and what
of the logged time is missing.

Source: the operator's rule. A timer that nobody has confirmed for 60 minutes is stopped
for review, so that nothing is charged which nobody has seen; its owner is asked 15
minutes before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ASK_AFTER = timedelta(minutes=45)
STOP_AFTER = timedelta(minutes=60)
# Whoever starts the timer so soon after reaching the customer means the call, too.
MEANS_THE_CALL = timedelta(minutes=30)
# Shorter holes are dialling, reading and coffee.
GAP = timedelta(minutes=5)


def full_second(at: datetime) -> datetime:
    """Timers begin and end with full seconds, as people type and read them."""
    return at.replace(microsecond=0)


class Due(StrEnum):
    """What a running timer needs now."""

    NOTHING = "nothing"
    ASK = "ask"
    STOP = "stop"


def due(*, confirmed_at: datetime, asked: bool, now: datetime) -> Due:
    """What is due for a timer that was confirmed last at this instant."""
    if now >= confirmed_at + STOP_AFTER:
        return Due.STOP
    if now >= confirmed_at + ASK_AFTER and not asked:
        return Due.ASK
    return Due.NOTHING


def due_next(*, confirmed_at: datetime, asked: bool) -> datetime:
    """When this timer has to be looked at again."""
    return confirmed_at + (STOP_AFTER if asked else ASK_AFTER)


def begins(
    *, reached_at: datetime | None, last_end: datetime | None, now: datetime
) -> datetime:
    """Where a timer begins that includes the call just made: when the customer was
    reached, or after the person's own time since; now where that is long ago."""
    if reached_at is None or reached_at > now:
        return now
    since = max(reached_at, last_end) if last_end else reached_at
    return since if now - since <= MEANS_THE_CALL else now


@dataclass(frozen=True, kw_only=True)
class Span:
    """An interval of logged work. Instants are aware."""

    started_at: datetime
    ended_at: datetime


class Where(StrEnum):
    """Where time is missing."""

    NOTHING = "nothing"
    START = "start"
    BETWEEN = "between"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Time for which nobody has logged anything."""

    where: Where
    since: datetime
    until: datetime

    @property
    def minutes(self) -> int:
        """Full minutes."""
        return (self.until - self.since) // timedelta(minutes=1)


def gaps(
    *, reached_at: datetime | None, done_at: datetime | None, spans: Iterable[Span]
) -> list[Gap]:
    """Times of GAP or more between reaching the customer and the end of the work in
    which nobody worked by the log; technicians in parallel count together."""
    if reached_at is None:
        return []
    ordered = sorted(spans, key=lambda span: (span.started_at, span.ended_at))
    covered = reached_at
    found = []
    for number, span in enumerate(ordered):
        where = Where.BETWEEN if number else Where.START
        found.append(Gap(where=where, since=covered, until=span.started_at))
        covered = max(covered, span.ended_at)
    if done_at is not None:
        where = Where.END if ordered else Where.NOTHING
        found.append(Gap(where=where, since=covered, until=done_at))
    return [gap for gap in found if gap.until - gap.since >= GAP]
