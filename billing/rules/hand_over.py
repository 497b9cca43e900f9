"""Handing documents to the operator's own billing system: states and tax codes."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    """How far a document is over there; later answers never go backwards."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    BOOKED = "booked"
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"


# States that the other system may tell us.
TOLD = frozenset(State) - {State.WAITING}
NUMBERED = frozenset({State.BOOKED, State.PAID})
_NEXT: dict[State, frozenset[State]] = {
    State.WAITING: TOLD,
    State.ACCEPTED: TOLD,
    State.BOOKED: frozenset({State.BOOKED, State.PAID, State.CANCELLED}),
    State.PAID: frozenset({State.PAID, State.CANCELLED}),
    State.REFUSED: frozenset({State.REFUSED}),
    State.CANCELLED: frozenset({State.CANCELLED}),
}


def may_follow(now: State, told: State) -> bool:
    """Whether this answer is news; an overtaken one is not. *Accepted* after *accepted*
    may still bring a number."""
    if now is State.ACCEPTED and told is State.WAITING:
        return False
    return told in _NEXT[now]


def lasting_number(known: str, told: str) -> str | None:
    """The number that stands after this answer; None when it contradicts the known
    one: a document has one number."""
    if known and told and known != told:
        return None
    return told or known


def tax_code(codes: Mapping[str, str], category: str, rate: Decimal | None) -> str:
    """The other system's word for a tax: by category and rate (``S20``, ``S7.5``), by
    category, else the category itself."""
    if rate is not None:
        exact = f"{category}{_plain(rate)}"
        if exact in codes:
            return codes[exact]
    return codes.get(category, category)


def _plain(rate: Decimal) -> str:
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def known_tax_key(key: str) -> bool:
    """Whether a key of the tax codes can ever fit: S, AE or O, perhaps with a rate."""
    for category in ("S", "AE", "O"):
        if key.startswith(category):
            rest = key.removeprefix(category)
            return rest == "" or rest.replace(".", "", 1).isdecimal()
    return False
