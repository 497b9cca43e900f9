"""Who is on call at an instant: rotations, layers, overrides.

Shifts are cut at wall-clock hand-offs in the schedule's own zone. The written rule for
the two changes of the clock: a hand-off time that occurs twice means its first
occurrence; one that does not occur means the instant at which the clock would have
shown it, one hour later on the wall. Shifts are half-open, so there is never a gap
between two turns and never a double; they last an hour more or less in those nights.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Turns:
    """One rotation: ``members`` take turns of ``shift_days`` days from
    ``starts_on``."""

    layer: int
    starts_on: date
    handoff_time: time
    shift_days: int
    members: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """An override: this technician is on call in [starts_at, ends_at)."""

    starts_at: datetime
    ends_at: datetime
    technician: int


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A whole schedule as plain values."""

    zone: ZoneInfo
    rotations: tuple[Turns, ...]
    overrides: tuple[Replacement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Technician ``technician`` is on call in [starts_at, ends_at), aware UTC."""

    starts_at: datetime
    ends_at: datetime
    technician: int


def handoff(turns: Turns, number: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which turn ``number`` begins."""
    day = turns.starts_on + timedelta(days=number * turns.shift_days)
    return datetime.combine(day, turns.handoff_time, tzinfo=zone).astimezone(UTC)


def turn_number(turns: Turns, at: datetime, zone: ZoneInfo) -> int | None:
    """Which turn ``at`` falls into, or None before the first hand-off."""
    days = (at.astimezone(zone).date() - turns.starts_on).days
    number = days // turns.shift_days + 1
    while number >= 0 and handoff(turns, number, zone) > at:
        number -= 1
    return number if number >= 0 else None


def on_call(roster: Roster, at: datetime) -> int | None:
    """The technician on call at ``at`` (aware), or None: a gap.

    An override wins over every rotation, the one that begins last over others; among
    rotations the highest layer that has somebody wins.
    """
    replacing = [o for o in roster.overrides if o.starts_at <= at < o.ends_at]
    if replacing:
        return max(replacing, key=lambda o: (o.starts_at, o.ends_at)).technician
    for turns in sorted(roster.rotations, key=lambda turns: -turns.layer):
        if not turns.members:
            continue
        number = turn_number(turns, at, roster.zone)
        if number is not None:
            return turns.members[number % len(turns.members)]
    return None


def shifts(roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """All shifts within [start, end), cut to it, in order; gaps are simply absent.

    Neighbouring pieces of one technician are one shift.
    """
    cuts = {start.astimezone(UTC), end.astimezone(UTC)}
    for turns in roster.rotations:
        number = turn_number(turns, start, roster.zone) or 0
        while (instant := handoff(turns, number, roster.zone)) < end:
            cuts.add(instant)
            number += 1
    for override in roster.overrides:
        cuts.update({override.starts_at, override.ends_at})
    instants = sorted(instant for instant in cuts if start <= instant <= end)
    found: list[Shift] = []
    for begin, until in pairwise(instants):
        technician = on_call(roster, begin)
        if technician is None:
            continue
        if found and found[-1].ends_at == begin and found[-1].technician == technician:
            begin = found.pop().starts_at
        found.append(Shift(starts_at=begin, ends_at=until, technician=technician))
    return found
