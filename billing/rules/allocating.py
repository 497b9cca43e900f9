"""What one payment pays: open amounts first, small differences as set, the rest stays
with the account.

All amounts are signed: what reduces a customer's debt is positive, an invoice is open
with a positive amount and a credit note with a negative one. Whatever happens, the
parts add up to the payment: that is the one invariant of this module and of the
database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.rules.rounding import ZERO


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """What is still open of one document. ``due`` None: at once."""

    number: str
    account: str
    due: date | None
    open: Decimal


@dataclass(frozen=True, kw_only=True)
class Split:
    """How an amount is used: per document, as a difference, and on account."""

    parts: tuple[tuple[str, Decimal], ...]
    difference: Decimal
    on_account: Decimal

    @property
    def total(self) -> Decimal:
        return sum((p for _, p in self.parts), ZERO) + self.difference + self.on_account


def split(
    amount: Decimal,
    items: Sequence[OpenItem],
    *,
    tolerance: Decimal = ZERO,
    charges: Decimal = ZERO,
) -> Split:
    """``amount`` over these items.

    When it fits the sum of all of them but for at most ``tolerance``, or falls short of
    it by exactly the bank's ``charges``, all are paid and the rest is a difference.
    Otherwise they are paid in the order of their due dates as far as the amount goes,
    credit notes among them first, and what is left stays on account.
    """
    wanted = sum((item.open for item in items), ZERO)
    difference = amount - wanted
    if items and _is_small(difference, amount, tolerance, charges):
        parts = tuple((i.number, i.open) for i in items if i.open)
        return Split(parts=parts, difference=difference, on_account=ZERO)
    parts_made: list[tuple[str, Decimal]] = []
    left = amount
    for item in in_order(items):
        part = _part(item.open, left)
        if part:
            parts_made.append((item.number, part))
            left -= part
    return Split(parts=tuple(parts_made), difference=ZERO, on_account=left)


def in_order(items: Sequence[OpenItem]) -> list[OpenItem]:
    """Credit notes first, then what was due first; between equals, the number."""
    return sorted(
        items,
        key=lambda item: (item.open > 0, item.due or date.min, item.number),
    )


def _is_small(
    difference: Decimal, amount: Decimal, tolerance: Decimal, charges: Decimal
) -> bool:
    if not amount:
        return False
    return abs(difference) <= tolerance or (charges > 0 and difference == -charges)


def _part(open_amount: Decimal, left: Decimal) -> Decimal:
    """A payment in pays invoices and takes credit notes with it; a payment out pays
    credit notes only."""
    if open_amount < 0:
        return open_amount if left > 0 else max(open_amount, left)
    return min(open_amount, left) if left > 0 else ZERO
