"""Who is on call at an instant: rotations, layers, hours, changes.

Everything is cut on the wall clock of the schedule's own zone. The written rule for the
two changes of the clock: a hand-off time that occurs twice means its first occurrence;
one that does not occur means the instant at which the clock would have shown it, one
hour later on the wall. Shifts are half-open, so there is never a gap between two turns
and never a double; they last an hour more or less in those nights.

Layers: the highest one that has somebody at that instant serves, alone. A rotation has
nobody outside the hours to which it is limited, before its first and after its last
hand-off, and while the person whose turn it is cannot serve; then lower layers do.
Inside one layer the rotation that began last serves.

Changes (overrides) are applied to that answer one after the other in the order in which
they were made, so that the one made last has the last word where several overlap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from emergency.rules.local_time import planned_instant
from emergency.rules.office_hours import OfficeHours
from emergency.rules.serving_hours import ALWAYS, Clock, Hours, edges, serves

# No zone puts its clock back by more.
LARGEST_CLOCK_CHANGE = timedelta(hours=3)
# How far ahead the next change of a schedule is looked for, in steps.
HORIZONS = (timedelta(days=8), timedelta(days=60), timedelta(days=400))


@dataclass(frozen=True, kw_only=True)
class Turns:
    """One rotation: ``members`` take turns from ``starts_on`` at ``handoff_time``.

    A turn lasts ``shift_days`` and ``shift_hours`` on the wall clock; the last one ends
    with ``ends_on`` at ``handoff_time``, if that is given. ``key`` names its row and
    decides nothing.
    """

    layer: int
    starts_on: date
    handoff_time: time
    shift_days: int
    members: tuple[int, ...]
    shift_hours: int = 0
    ends_on: date | None = None
    limited_to: Hours = ALWAYS
    key: int = 0


@dataclass(frozen=True, kw_only=True)
class Change:
    """An override in [starts_at, ends_at). ``number`` counts them as they were made.

    ``replace``: ``technician`` in the place of ``replaced``, or of everybody when that
    is None. ``add``: ``technician`` as well. ``remove``: not ``replaced``. A change
    that names somebody who is not on call then changes nothing. ``key`` names its row.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    technician: int | None = None
    replaced: int | None = None
    number: int = 0
    key: int = 0


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A whole schedule as plain values.

    Only ``coverage`` can have gaps. People ``out_of_service`` count as nobody. Without
    ``office_hours`` every hour is outside office hours.
    """

    zone: ZoneInfo
    rotations: tuple[Turns, ...]
    changes: tuple[Change, ...] = ()
    office_hours: OfficeHours | None = None
    coverage: Hours = ALWAYS
    out_of_service: frozenset[int] = frozenset()

    @property
    def clock(self) -> Clock:
        """What its hours are read against."""
        return Clock(zone=self.zone, office=self.office_hours)


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Technician ``technician`` is on call in [starts_at, ends_at), aware UTC."""

    starts_at: datetime
    ends_at: datetime
    technician: int


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Nobody is on call in [starts_at, ends_at), aware UTC, though somebody must be."""

    starts_at: datetime
    ends_at: datetime


Piece = tuple[datetime, datetime, tuple[int, ...]]


def handoff(turns: Turns, number: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which turn ``number`` begins."""
    wall = _first_handoff(turns) + number * _length(turns)
    return planned_instant(wall, zone)


def turn_number(turns: Turns, at: datetime, zone: ZoneInfo) -> int | None:
    """Which turn ``at`` falls into, or None before the first and after the last
    hand-off."""
    ended = _last_handoff(turns, zone)
    if ended and at >= ended:
        return None
    wall = at.astimezone(zone).replace(tzinfo=None) + LARGEST_CLOCK_CHANGE
    number = (wall - _first_handoff(turns)) // _length(turns)
    while number >= 0 and handoff(turns, number, zone) > at:
        number -= 1
    return number if number >= 0 else None


def turn_of(turns: Turns, roster: Roster, at: datetime) -> int | None:
    """Whose turn it is in this rotation of the roster, or None outside its hours and
    before its first and after its last hand-off."""
    number = turn_number(turns, at, roster.zone)
    if number is None or not serves(turns.limited_to, roster.clock, at):
        return None
    return turns.members[number % len(turns.members)]


def on_call(roster: Roster, at: datetime) -> tuple[int, ...]:
    """Who is on call at ``at`` (aware), the rotation's person first; empty: nobody."""
    return _answer(roster, by_rank(roster), as_made(roster), at)


def pieces(roster: Roster, start: datetime, end: datetime) -> list[Piece]:
    """[start, end) cut where the answer changes: begin, end, who, nobody included."""
    ranked, made = by_rank(roster), as_made(roster)
    found: list[Piece] = []
    for begin, until in pairwise(turning_points(roster, start, end)):
        running = [c for c in made if c.starts_at <= begin < c.ends_at]
        people = _answer(roster, ranked, running, begin)
        if found and found[-1][2] == people:
            begin = found.pop()[0]
        found.append((begin, until, people))
    return found


def shifts(roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """All shifts within [start, end), cut to it, by their beginning.

    Neighbouring pieces of one technician are one shift; shifts of several people who
    are on call together overlap.
    """
    found: list[Shift] = []
    running: dict[int, datetime] = {}
    for begin, _, people in [
        *pieces(roster, start, end),
        (end.astimezone(UTC), end, ()),
    ]:
        for person in [p for p in running if p not in people]:
            since = running.pop(person)
            found.append(Shift(starts_at=since, ends_at=begin, technician=person))
        for person in people:
            running.setdefault(person, begin)
    return sorted(found, key=lambda s: (s.starts_at, s.ends_at, s.technician))


def gaps(roster: Roster, start: datetime, end: datetime) -> list[Gap]:
    """Where nobody is on call within [start, end), inside the hours to be covered."""
    empty = [(b, u) for b, u, people in pieces(roster, start, end) if not people]
    found: list[Gap] = []
    for begin, until in empty:
        inside = edges(roster.coverage, roster.clock, begin, until)
        cuts = {begin, *(edge for edge in inside if begin < edge < until), until}
        for piece, piece_end in pairwise(sorted(cuts)):
            if not serves(roster.coverage, roster.clock, piece):
                continue
            if found and found[-1].ends_at == piece:
                piece = found.pop().starts_at
            found.append(Gap(starts_at=piece, ends_at=piece_end))
    return found


def next_change(roster: Roster, at: datetime) -> datetime | None:
    """The first instant (UTC) after ``at`` from which somebody else is on call, or
    nobody; None when that does not happen within 400 days."""
    for horizon in HORIZONS:
        found = pieces(roster, at, at + horizon)
        if len(found) > 1:
            return found[0][1]
    return None


def _first_handoff(turns: Turns) -> datetime:
    """On the wall clock, hence naive."""
    return datetime.combine(turns.starts_on, turns.handoff_time)


def _last_handoff(turns: Turns, zone: ZoneInfo) -> datetime | None:
    if turns.ends_on is None:
        return None
    return planned_instant(datetime.combine(turns.ends_on, turns.handoff_time), zone)


def _length(turns: Turns) -> timedelta:
    return timedelta(days=turns.shift_days, hours=turns.shift_hours)


def by_rank(roster: Roster) -> list[Turns]:
    """Highest layer first, in it the one that began last; the rest only decides between
    equals, so that the order of the rows never does."""
    return sorted(
        (turns for turns in roster.rotations if turns.members),
        key=lambda t: (
            -t.layer,
            -t.starts_on.toordinal(),
            t.handoff_time,
            _length(t),
            t.members,
        ),
    )


def as_made(roster: Roster) -> list[Change]:
    """The changes in the order in which they were made."""
    return sorted(
        roster.changes,
        key=lambda c: (
            c.number,
            c.starts_at,
            c.ends_at,
            c.kind,
            c.technician or 0,
            c.replaced or 0,
        ),
    )


def _answer(
    roster: Roster, ranked: list[Turns], made: list[Change], at: datetime
) -> tuple[int, ...]:
    people: list[int] = []
    for turns in ranked:
        person = turn_of(turns, roster, at)
        if person is not None and person not in roster.out_of_service:
            people = [person]
            break
    for change in made:
        if change.starts_at <= at < change.ends_at:
            people = changed(people, change)
    return tuple(person for person in people if person not in roster.out_of_service)


def changed(people: list[int], change: Change) -> list[int]:
    """Who is on call after this change, where it holds."""
    new, old = change.technician, change.replaced
    if change.kind == "remove" or new is None:
        return [person for person in people if person != old]
    if change.kind == "add":
        return people if new in people else [*people, new]
    if old is None:
        return [new]
    taken = [new if person == old else person for person in people]
    return list(dict.fromkeys(taken))


def turning_points(roster: Roster, start: datetime, end: datetime) -> list[datetime]:
    """Every instant in [start, end] at which the answer may change, and both ends."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    cuts: set[datetime] = set()
    for turns in roster.rotations:
        cuts.update(_handoffs(turns, roster.zone, first, last))
        cuts.update(edges(turns.limited_to, roster.clock, first, last))
    for change in roster.changes:
        cuts.update((change.starts_at.astimezone(UTC), change.ends_at.astimezone(UTC)))
    if last <= first:
        return []
    return [first, *sorted(cut for cut in cuts if first < cut < last), last]


def _handoffs(
    turns: Turns, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[datetime]:
    ended = _last_handoff(turns, zone)
    if ended:
        yield ended
        end = min(end, ended)
    if end <= start:
        return
    number = turn_number(turns, start, zone) or 0
    while (instant := handoff(turns, number, zone)) < end:
        yield instant
        number += 1
