"""How the callback promise was kept, month by month.

The month is that of the order, on the clock of the operator. What was cancelled before
anybody called says nothing about the promise and is left out by whoever collects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import ceil
from typing import Any

# Upper ends of the distribution, in minutes; what took longer stands apart.
BUCKETS = (5, 10, 15, 20, 25, 30)
# The last one: nobody has named it yet.
CAUSES = ("infrastructure", "application", "other", "undetermined", "")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One incident. ``outcome``: pending | met | attempted | missed; ``proof``: bridge
    | declared, or empty while nobody was reached; ``cause``: one of CAUSES. Instants
    are aware."""

    opened_at: datetime
    taken_at: datetime | None
    reached_at: datetime | None
    outcome: str
    proof: str
    cause: str = ""


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
class Promises:
    """The promises of a time. ``proven`` and ``declared`` count how reaching the
    customer is proven; ``causes`` counts in the order of CAUSES."""

    incidents: int
    met: int
    attempted: int
    missed: int
    pending: int
    proven: int
    declared: int
    causes: tuple[int, ...]
    to_take: Spread
    to_reach: Spread

    @property
    def in_time(self) -> int:
        """Promises kept: reached, or tried as often as promised, in time."""
        return self.met + self.attempted

    @property
    def decided(self) -> int:
        """Promises whose time is over, one way or the other."""
        return self.in_time + self.missed


@dataclass(frozen=True, kw_only=True)
class Month(Promises):
    """One month's promises."""

    year: int
    month: int


def by_month(facts: Iterable[Fact], zone: tzinfo) -> list[Month]:
    """The months in which something was ordered, the oldest first."""
    months: dict[tuple[int, int], list[Fact]] = {}
    for fact in facts:
        local = fact.opened_at.astimezone(zone)
        months.setdefault((local.year, local.month), []).append(fact)
    return [_month(*when, months[when]) for when in sorted(months)]


def every_month(
    facts: Iterable[Fact], zone: tzinfo, *, first: date, last: date
) -> list[Month]:
    """As ``by_month``, with every month from that of ``first`` to that of ``last``."""
    found = {(one.year, one.month): one for one in by_month(facts, zone)}
    wanted = [
        (count // 12, count % 12 + 1)
        for count in range(_count(first), _count(last) + 1)
    ]
    return [found.get(when) or _month(*when, []) for when in wanted]


def promises(facts: Sequence[Fact]) -> Promises:
    """All of them as one."""
    return Promises(**_counts(facts))


def _count(day: date) -> int:
    return day.year * 12 + day.month - 1


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
    return Month(year=year, month=month, **_counts(facts))


def _counts(facts: Sequence[Fact]) -> dict[str, Any]:
    outcomes = [fact.outcome for fact in facts]
    proofs = [fact.proof for fact in facts if fact.reached_at is not None]
    causes = [fact.cause for fact in facts]
    return {
        "incidents": len(facts),
        "met": outcomes.count("met"),
        "attempted": outcomes.count("attempted"),
        "missed": outcomes.count("missed"),
        "pending": outcomes.count("pending"),
        "proven": proofs.count("bridge"),
        "declared": len(proofs) - proofs.count("bridge"),
        "causes": tuple(causes.count(cause) for cause in CAUSES),
        "to_take": spread(
            [f.taken_at - f.opened_at for f in facts if f.taken_at is not None]
        ),
        "to_reach": spread(
            [f.reached_at - f.opened_at for f in facts if f.reached_at is not None]
        ),
    }
