"""What a change of a roster means for each person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from emergency.rules.rotation import Shift

Period = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """``kind``: gained | lost | moved. All that is new or gone for this person lies in
    [starts_at, ends_at)."""

    technician: int
    kind: str
    starts_at: datetime
    ends_at: datetime


def differences(before: Sequence[Shift], after: Sequence[Shift]) -> list[Difference]:
    """Whose duty changed between two readings of the same period, by technician."""
    found = []
    for person in sorted({shift.technician for shift in [*before, *after]}):
        had, has = periods_of(before, person), periods_of(after, person)
        gained, lost = without(has, had), without(had, has)
        if not gained and not lost:
            continue
        changed = [*gained, *lost]
        found.append(
            Difference(
                technician=person,
                kind="moved" if gained and lost else "gained" if gained else "lost",
                starts_at=min(start for start, _ in changed),
                ends_at=max(end for _, end in changed),
            )
        )
    return found


def periods_of(shifts: Iterable[Shift], technician: int) -> list[Period]:
    """When this person is on call, in order and without overlap."""
    periods: list[Period] = []
    own = [(s.starts_at, s.ends_at) for s in shifts if s.technician == technician]
    for start, end in sorted(own):
        if periods and start <= periods[-1][1]:
            periods[-1] = (periods[-1][0], max(periods[-1][1], end))
        else:
            periods.append((start, end))
    return periods


def without(periods: Iterable[Period], taken: Iterable[Period]) -> list[Period]:
    """What is left of ``periods`` outside ``taken``."""
    left = list(periods)
    for start, end in taken:
        cut = []
        for begin, until in left:
            cut += [
                (a, b)
                for a, b in ((begin, min(until, start)), (max(begin, end), until))
                if a < b
            ]
        left = cut
    return left


def covers(shifts: Iterable[Shift], technician: int, period: Period) -> bool:
    """Whether this person is on call in the whole period."""
    return not without([period], periods_of(shifts, technician))


def touches(shifts: Iterable[Shift], technician: int, period: Period) -> bool:
    """Whether this person is on call at some instant of the period."""
    start, end = period
    return any(a < end and start < b for a, b in periods_of(shifts, technician))
