"""A document as an export sees it: frozen facts and signed amounts, one part per rate.

Amounts of a credit note are stored positive; here they are negative, so that the sum of
a column is what the books gain.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.rules.rounding import ZERO
from billing.rules.tax import Category


@dataclass(frozen=True, kw_only=True)
class ExportedLine:
    """One priced line; ``net`` is signed, ``unit_price`` is not."""

    position: int
    code: str
    minutes: int | None
    unit_price: Decimal
    net: Decimal


@dataclass(frozen=True, kw_only=True)
class ExportedTax:
    """The part of a document under one category and rate, signed."""

    category: Category
    rate: Decimal | None
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True, kw_only=True)
class ExportedDocument:
    """An issued document with everything that some format wants to know."""

    document_id: int
    number: str
    kind: str
    issue_date: date
    due_date: date | None
    supply_from: date
    supply_to: date
    account_number: str
    name: str
    vat_id: str
    country: str
    currency: str
    reference: str
    refers_to: str
    sha256: str
    taxes: tuple[ExportedTax, ...]
    lines: tuple[ExportedLine, ...] = ()

    @property
    def is_credit_note(self) -> bool:
        return self.kind == "credit_note"

    @property
    def net(self) -> Decimal:
        return sum((tax.net for tax in self.taxes), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((tax.vat for tax in self.taxes), ZERO)


def signed(amount: Decimal, kind: str) -> Decimal:
    """The amount as the books gain it; never a negative zero."""
    return -amount or ZERO if kind == "credit_note" else amount
