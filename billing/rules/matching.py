"""Which open documents a bank entry pays, how sure that is, and why.

Only a named document makes a match exact. The account's IBAN and the amount are hints:
they suggest, a person confirms.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.rules.allocating import OpenItem, Split, split
from billing.rules.references import numbers_in
from billing.rules.rounding import ZERO


class Certainty(StrEnum):
    """Exact matches may be booked by the machine, suggestions by a person."""

    EXACT = "exact"
    SUGGESTED = "suggested"
    NONE = "none"


class Why(StrEnum):
    """What speaks for it."""

    NUMBER = "number"
    PARTIAL = "partial"
    OVERPAID = "overpaid"
    DIFFERENCE = "difference"
    SEVERAL_ACCOUNTS = "several_accounts"
    ALREADY_PAID = "already_paid"
    IBAN = "iban"
    AMOUNT = "amount"
    RETURNED = "returned"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the bank says about one movement; ``amount`` is negative for money out."""

    amount: Decimal
    currency: str
    text: str
    reference: str = ""
    iban: str = ""
    charges: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What to book. ``account`` keeps what is left over, if anything is."""

    certainty: Certainty
    why: tuple[Why, ...]
    split: Split
    account: str = ""

    @property
    def key(self) -> str:
        """All of it in one line: who confirms it sends back what they saw."""
        parts = [f"{number}={part:.2f}" for number, part in self.split.parts]
        rest = (f"{self.split.difference:.2f}", f"{self.split.on_account:.2f}")
        return ";".join((*parts, *rest, self.account))


def nothing(amount: Decimal, *why: Why) -> Proposal:
    """No document is proposed."""
    empty = Split(parts=(), difference=ZERO, on_account=amount)
    return Proposal(certainty=Certainty.NONE, why=why, split=empty)


def propose(
    entry: Entry,
    *,
    open_items: Sequence[OpenItem],
    settled: Mapping[str, str],
    accounts_of_iban: Collection[str],
    tolerance: Decimal,
    currency: str,
) -> Proposal:
    """The best proposal for this entry.

    ``settled``: account by number, of named documents that are no longer open.
    ``accounts_of_iban``: accounts for which this IBAN has paid before.
    """
    if entry.currency != currency:
        return nothing(entry.amount, Why.OTHER_CURRENCY)
    numbers = numbers_in(entry.text, entry.reference)
    named = [item for item in open_items if item.number in numbers]
    if entry.amount < 0:
        return _money_out(entry, named)
    if any(item.open > 0 for item in named):
        return _by_number(entry, named, tolerance)
    paid = [settled[number] for number in numbers if number in settled]
    if paid:
        left = Split(parts=(), difference=ZERO, on_account=entry.amount)
        return Proposal(
            certainty=Certainty.SUGGESTED,
            why=(Why.NUMBER, Why.ALREADY_PAID),
            split=left,
            account=paid[0],
        )
    return _by_hints(entry, open_items, accounts_of_iban)


def _by_number(entry: Entry, named: Sequence[OpenItem], tolerance: Decimal) -> Proposal:
    parts = split(entry.amount, named, tolerance=tolerance, charges=entry.charges)
    accounts = {item.account for item in named}
    why = [Why.NUMBER]
    exact = not parts.on_account and len(accounts) == 1
    if parts.difference:
        why.append(Why.DIFFERENCE)
    if parts.on_account:
        why.append(Why.OVERPAID)
    elif sum((part for _number, part in parts.parts), ZERO) < sum(
        (item.open for item in named), ZERO
    ):
        why.append(Why.PARTIAL)
        exact = False
    if len(accounts) > 1:
        why.append(Why.SEVERAL_ACCOUNTS)
    return Proposal(
        certainty=Certainty.EXACT if exact else Certainty.SUGGESTED,
        why=tuple(why),
        split=parts,
        account=named[0].account,
    )


def _money_out(entry: Entry, named: Sequence[OpenItem]) -> Proposal:
    """A refund names the credit note that it pays."""
    owed = [item for item in named if item.open < 0]
    parts = split(entry.amount, owed)
    if not owed or not parts.parts:
        return nothing(entry.amount)
    exact = not parts.on_account and entry.amount == sum(
        (item.open for item in owed), ZERO
    )
    why = (Why.NUMBER,) if exact else (Why.NUMBER, Why.PARTIAL)
    return Proposal(
        certainty=Certainty.EXACT if exact else Certainty.SUGGESTED,
        why=why,
        split=parts,
        account=owed[0].account,
    )


def _by_hints(
    entry: Entry, open_items: Sequence[OpenItem], accounts: Collection[str]
) -> Proposal:
    """Without a number: who paid before, and what costs exactly as much."""
    theirs = [i for i in open_items if i.account in accounts and i.account]
    fits = [item for item in theirs if item.open == entry.amount]
    if fits:
        return _suggest(entry, fits[:1], Why.IBAN, Why.AMOUNT)
    whole = sum((item.open for item in theirs), ZERO)
    if len({item.account for item in theirs}) == 1 and whole == entry.amount:
        return _suggest(entry, theirs, Why.IBAN, Why.AMOUNT)
    if len({item.account for item in theirs}) == 1:
        return _suggest(entry, [i for i in theirs if i.open > 0], Why.IBAN)
    alone = [item for item in open_items if item.open == entry.amount]
    if len(alone) == 1:
        return _suggest(entry, alone, Why.AMOUNT)
    return nothing(entry.amount)


def _suggest(entry: Entry, items: Sequence[OpenItem], *why: Why) -> Proposal:
    if not items:
        return nothing(entry.amount)
    parts = split(entry.amount, items)
    return Proposal(
        certainty=Certainty.SUGGESTED,
        why=(*why, Why.OVERPAID) if parts.on_account else why,
        split=parts,
        account=items[0].account,
    )
