"""How the callback promise was kept, month by month.

The month is that of the order, on the clock of the operator. What was cancelled before
anybody called says nothing about the promise and is left out by whoever collects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from math import ceil

# Upper ends of the distribution, in minutes; what took longer stands apart.
BUCKETS = (5, 10, 15, 20, 25, 30)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One incident. ``outcome``: pending | met | attempted | missed; ``proof``: bridge
    | declared, or empty while nobody was reached. Instants are aware."""

    opened_at: datetime
    taken_at: datetime | None
    reached_at: datetime | None
    outcome: str
    proof: str


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How long something took in several incidents; None where it happened in none.
    ``within`` counts those up to each of BUCKETS that took longer than the one before;
    ``longer`` counts the rest."""

    count: int
    median: timedelta | None
    nine_in_ten: timedelta | None
    longest: timedelta | None
    within: tuple[int, ...]
    longer: int


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month's promises. ``proven`` and ``declared`` count how reaching the customer
    is proven."""

    year: int
    month: int
    incidents: int
    met: int
    attempted: int
    missed: int
    pending: int
    proven: int
    declared: int
    to_take: Spread
    to_reach: Spread


def by_month(facts: Iterable[Fact], zone: tzinfo) -> list[Month]:
    """The months in which something was ordered, the oldest first."""
    months: dict[tuple[int, int], list[Fact]] = {}
    for fact in facts:
        local = fact.opened_at.astimezone(zone)
        months.setdefault((local.year, local.month), []).append(fact)
    return [_month(*when, months[when]) for when in sorted(months)]


def spread(durations: Sequence[timedelta]) -> Spread:
    """Median and ninth tenth by the nearest rank: a duration that did occur."""
    ordered = sorted(durations)
    edges = [timedelta(minutes=minutes) for minutes in BUCKETS]
    up_to = [sum(one <= edge for one in ordered) for edge in edges]
    return Spread(
        count=len(ordered),
        median=_ranked(ordered, 0.5),
        nine_in_ten=_ranked(ordered, 0.9),
        longest=ordered[-1] if ordered else None,
        within=tuple(
            now - before for before, now in zip([0, *up_to], up_to, strict=False)
        ),
        longer=len(ordered) - up_to[-1],
    )


def _ranked(ordered: Sequence[timedelta], share: float) -> timedelta | None:
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None


def _month(year: int, month: int, facts: Sequence[Fact]) -> Month:
    outcomes = [fact.outcome for fact in facts]
    proofs = [fact.proof for fact in facts if fact.reached_at is not None]
    return Month(
        year=year,
        month=month,
        incidents=len(facts),
        met=outcomes.count("met"),
        attempted=outcomes.count("attempted"),
        missed=outcomes.count("missed"),
        pending=outcomes.count("pending"),
        proven=proofs.count("bridge"),
        declared=len(proofs) - proofs.count("bridge"),
        to_take=spread(
            [f.taken_at - f.opened_at for f in facts if f.taken_at is not None]
        ),
        to_reach=spread(
            [f.reached_at - f.opened_at for f in facts if f.reached_at is not None]
        ),
    )
