"""Why somebody is on call: which rotation serves, what goes before it, what changed it.

The answer is that of ``rotation.on_call``, told with its reasons; a property test holds
the two together. What pages show and what the engine asks is one thing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from emergency.rules.rotation import (
    Change,
    Roster,
    Turns,
    as_made,
    by_rank,
    changed,
    turn_number,
    turn_of,
    turning_points,
)
from emergency.rules.serving_hours import edges, serves

# Why a rotation of a higher rank did not serve.
NOT_ITS_TIME, OTHER_HOURS, OUT_OF_SERVICE = "not_its_time", "other_hours", "unable"


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A rotation that would go first and does not serve: ``code`` says why, and
    ``person`` whose turn it is, where it is somebody's."""

    rotation: Turns
    code: str
    person: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """``people`` are on call: ``planned`` by ``rotation`` (both None where no rotation
    serves), then every one of ``changes`` made a difference, in this order."""

    people: tuple[int, ...]
    rotation: Turns | None
    planned: int | None
    changes: tuple[Change, ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The same answer for the same reason in [starts_at, ends_at), aware UTC."""

    starts_at: datetime
    ends_at: datetime
    reason: Reason
    must_be_covered: bool

    @property
    def is_gap(self) -> bool:
        return self.must_be_covered and not self.reason.people


def reason(roster: Roster, at: datetime) -> Reason:
    """Who is on call at ``at`` (aware), and why."""
    passed: list[Passed] = []
    rotation, planned = None, None
    for turns in by_rank(roster):
        person = turn_of(turns, roster, at)
        if person is not None and person not in roster.out_of_service:
            rotation, planned = turns, person
            break
        passed.append(_passed(turns, roster, at, person))
    people = [] if planned is None else [planned]
    made = []
    for change in as_made(roster):
        if not change.starts_at <= at < change.ends_at:
            continue
        now_on_call = changed(people, change)
        if now_on_call != people:
            made.append(change)
        people = now_on_call
    return Reason(
        people=tuple(p for p in people if p not in roster.out_of_service),
        rotation=rotation,
        planned=planned,
        changes=tuple(made),
        passed=tuple(passed),
    )


def stretches(roster: Roster, start: datetime, end: datetime) -> list[Stretch]:
    """[start, end) without a hole, cut where the answer, its reason, or the need of
    somebody changes."""
    points = set(turning_points(roster, start, end))
    if not points:
        return []
    first, last = min(points), max(points)
    inside = edges(roster.coverage, roster.clock, start, end)
    points.update(edge for edge in inside if first < edge < last)
    found: list[Stretch] = []
    for begin, until in pairwise(sorted(points)):
        near = _near(roster, begin)
        stretch = Stretch(
            starts_at=begin,
            ends_at=until,
            reason=reason(near, begin),
            must_be_covered=serves(roster.coverage, roster.clock, begin),
        )
        if found and _same(found[-1], stretch):
            stretch = replace(stretch, starts_at=found.pop().starts_at)
        found.append(stretch)
    return found


def within(found: list[Stretch], start: datetime, end: datetime) -> Iterator[Stretch]:
    """The parts of these stretches that lie in [start, end), cut to it."""
    for stretch in found:
        begin, until = max(stretch.starts_at, start), min(stretch.ends_at, end)
        if begin < until:
            yield replace(stretch, starts_at=begin, ends_at=until)


def layers(roster: Roster) -> list[Turns]:
    """The rotations, the one that goes first first."""
    return by_rank(roster)


def alone(roster: Roster, turns: Turns) -> Roster:
    """What one rotation says by itself, without the others and without changes."""
    return replace(roster, rotations=(turns,), changes=())


def _near(roster: Roster, at: datetime) -> Roster:
    """The roster without the changes that do not hold at ``at``."""
    holding = tuple(c for c in roster.changes if c.starts_at <= at < c.ends_at)
    return replace(roster, changes=holding)


def _same(one: Stretch, other: Stretch) -> bool:
    return (one.reason, one.must_be_covered) == (other.reason, other.must_be_covered)


def _passed(turns: Turns, roster: Roster, at: datetime, person: int | None) -> Passed:
    if person is not None:
        return Passed(rotation=turns, code=OUT_OF_SERVICE, person=person)
    in_time = turn_number(turns, at, roster.zone) is not None
    return Passed(rotation=turns, code=OTHER_HOURS if in_time else NOT_ITS_TIME)
