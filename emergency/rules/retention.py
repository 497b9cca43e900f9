"""How long personal data is kept, and from when on it is erased.

Sources: GDPR Art. 5(1)(e) (no longer than needed) and Art. 17(3) (what may stay); BAO
§ 132 (books and vouchers seven years from the end of the calendar year); ABGB § 1489
(claims end after three years).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Class(StrEnum):
    """Why a field is kept, which says how long.

    ``short``: what was typed and not ordered, network addresses, sign-in. ``case``:
    what explains one incident. ``evidence``: what proves an order. ``accounting``: what
    books rest on. ``account``: whoever is a customer now. ``workplace``: staff and
    their roster. ``technical``: nothing about a person.
    """

    SHORT = "short"
    CASE = "case"
    EVIDENCE = "evidence"
    ACCOUNTING = "accounting"
    ACCOUNT = "account"
    WORKPLACE = "workplace"
    TECHNICAL = "technical"


# What the nightly purge erases; the others end with the account, the employment, or by
# hand.
PURGED = frozenset({Class.SHORT, Class.CASE, Class.EVIDENCE})


@dataclass(frozen=True, kw_only=True)
class Periods:
    """How long each class is kept. ``case`` counts from settling, ``evidence`` from the
    end of the incident, ``short`` from the row's own time."""

    short: timedelta
    case: timedelta
    evidence: timedelta


@dataclass(frozen=True, kw_only=True)
class Charge:
    """One document that billing told of. A credit note has a negative ``gross_cents``;
    that there is nothing to charge is told as a document of 0."""

    at: datetime
    gross_cents: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What decides about one incident. ``ended_at`` is its closing, None while it is
    open; ``paid_at`` is when billing said that its documents are settled; ``held``:
    somebody put a legal hold on it."""

    ended_at: datetime | None
    paid_at: datetime | None
    charges: tuple[Charge, ...]
    held: bool


def settled_at(facts: Facts) -> datetime | None:
    """From when on nobody owes anybody anything: paid, nothing to charge, or all of it
    credited. None while something is open."""
    if facts.ended_at is None:
        return None
    if facts.paid_at is not None:
        return max(facts.paid_at, facts.ended_at)
    if not facts.charges:
        return None
    if sum(charge.gross_cents for charge in facts.charges) != 0:
        return None
    return max(facts.ended_at, *(charge.at for charge in facts.charges))


def erased_from(kind: Class, facts: Facts, periods: Periods) -> datetime | None:
    """The instant from which on this incident's fields of a class are erased; None: not
    foreseeable yet, or never by the clock.

    What explains a case goes at latest with its evidence: afterwards there is no claim
    left that it could explain, whether or not anybody told us of a payment.
    """
    if facts.held or facts.ended_at is None or kind not in {Class.CASE, Class.EVIDENCE}:
        return None
    last = facts.ended_at + periods.evidence
    if kind is Class.EVIDENCE:
        return last
    settled = settled_at(facts)
    return last if settled is None else min(last, settled + periods.case)


def is_due(kind: Class, facts: Facts, periods: Periods, now: datetime) -> bool:
    """Whether this incident's fields of a class are erased now."""
    at = erased_from(kind, facts, periods)
    return at is not None and at <= now
