"""An invoice as the European standard EN 16931 sees it, and what must hold in it.

One internal model: every electronic format is written from this and from nothing else.
The BT and BG numbers are those of the standard (EN 16931-1:2017+A1:2019). Its own rules
accept a tax that is wrong by up to a euro and lines that are not quantity times price;
``contradictions`` does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.rules.recipient import SMALL_AMOUNT
from billing.rules.rounding import CENT, ZERO, to_cent, vat_on
from billing.rules.tax import EU_COUNTRIES, Category

# Codes for a reason why no tax is shown (VATEX, the CEF code list of BT-121).
EXEMPTIONS = {
    Category.REVERSE_CHARGE: "VATEX-EU-AE",
    Category.OUTSIDE_SCOPE: "VATEX-EU-O",
}
# UNTDID 4461: a SEPA credit transfer; amounts that partners set off.
CREDIT_TRANSFER, CLEARING = "58", "97"


class TypeCode(StrEnum):
    """UNTDID 1001. Never 384 or 389: a correction is a credit note of the seller."""

    INVOICE = "380"
    CREDIT_NOTE = "381"


class Unit(StrEnum):
    """UN/ECE Recommendation 20."""

    PIECE = "C62"
    MINUTE = "MIN"


@dataclass(frozen=True)
class Endpoint:
    """Where a party receives electronically (BT-34, BT-49): an id in a scheme."""

    scheme: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Party:
    """Seller (BG-4) or buyer (BG-7). What is not known is empty."""

    name: str
    street: tuple[str, ...]
    postcode: str
    city: str
    country: str
    identifier: str = ""
    register_number: str = ""
    vat_id: str = ""
    tax_number: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    endpoint: Endpoint | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """BG-25: ``price`` is for ``per`` units, so that minutes carry an hourly price."""

    position: int
    name: str
    description: str
    quantity: int
    unit: Unit
    price: Decimal
    per: int
    net: Decimal


@dataclass(frozen=True, kw_only=True)
class Tax:
    """BG-23, the one tax of the document and so of its lines. ``reason`` (BT-120) is
    the sentence of the law where no tax is shown."""

    category: Category
    rate: Decimal | None
    base: Decimal
    amount: Decimal
    reason: str = ""

    @property
    def reason_code(self) -> str:
        return EXEMPTIONS.get(self.category, "")


@dataclass(frozen=True)
class Preceding:
    """The invoice that a credit note corrects (BG-3)."""

    number: str
    issue_date: date


@dataclass(frozen=True, kw_only=True)
class Payment:
    """BG-16; without an account (a credit note) nothing is to be transferred."""

    means: str
    reference: str
    terms: str
    iban: str = ""
    bic: str = ""
    holder: str = ""


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """A document with everything an electronic format may ask for. Amounts are
    positive, also those of a credit note."""

    number: str
    type_code: TypeCode
    title: str
    issue_date: date
    due_date: date | None
    supply_from: date
    supply_to: date
    currency: str
    language: str
    note: str
    subject: str
    buyer_reference: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    tax: Tax
    net: Decimal
    vat: Decimal
    gross: Decimal
    payment: Payment
    preceding: Preceding | None = None

    @property
    def is_credit_note(self) -> bool:
        return self.type_code is TypeCode.CREDIT_NOTE

    @property
    def names_vat_ids(self) -> bool:
        """False outside the scope of the tax: rules BR-O-02 to BR-O-04 forbid them, and
        the seller is known by register and tax number."""
        return self.tax.category is not Category.OUTSIDE_SCOPE


def contradictions(invoice: Invoice) -> tuple[str, ...]:
    """What does not add up or is missing, each with the term it is about."""
    return (
        *_of_amounts(invoice),
        *_of_tax(invoice),
        *_of_dates(invoice),
        *_of_parties(invoice),
    )


def _of_amounts(invoice: Invoice) -> Iterator[str]:
    if not invoice.lines:
        yield "BG-25: there is no line"
    if len({line.position for line in invoice.lines}) < len(invoice.lines):
        yield "BT-126: two lines have the same number"
    for line in invoice.lines:
        if to_cent(line.quantity * line.price / line.per) != line.net:
            yield f"BT-131: line {line.position} is not quantity times price"
        if line.net < 0 or line.price < 0 or line.quantity < 0:
            yield f"BT-131: line {line.position} is negative"
    if sum((line.net for line in invoice.lines), ZERO) != invoice.net:
        yield "BT-109: the net total is not the sum of the lines"
    if invoice.net + invoice.vat != invoice.gross:
        yield "BT-112: the gross total is not net and tax"


def _of_tax(invoice: Invoice) -> Iterator[str]:
    tax = invoice.tax
    if tax.base != invoice.net:
        yield "BT-116: the tax is not on the net total"
    if tax.amount != invoice.vat:
        yield "BT-110: the tax total is not the tax"
    if tax.category is not Category.STANDARD:
        if tax.amount:
            yield "BT-117: a tax is shown where none is due"
        if not tax.reason:
            yield "BT-120: the reason why no tax is shown is missing"
        if bool(tax.rate) or (tax.category is Category.OUTSIDE_SCOPE) != (
            tax.rate is None
        ):
            yield "BT-119: the rate does not fit the category"
        return
    if not tax.rate:
        yield "BT-119: the rate does not fit the category"
        return
    # The tax of a second credit note takes up the cent that the first one left.
    allowed = CENT if invoice.is_credit_note else ZERO
    if abs(tax.amount - vat_on(tax.base, tax.rate)) > allowed:
        yield "BT-117: the tax is not the rate on its base"


def _of_dates(invoice: Invoice) -> Iterator[str]:
    if invoice.supply_from > invoice.supply_to:
        yield "BT-74: the supply ends before it begins"
    if invoice.due_date is not None and invoice.due_date < invoice.issue_date:
        yield "BT-9: due before it is issued"
    if invoice.is_credit_note != (invoice.preceding is not None):
        yield "BT-25: a credit note names its invoice, an invoice names none"
    if invoice.preceding and invoice.preceding.issue_date > invoice.issue_date:
        yield "BT-26: corrects an invoice of a later day"
    if not invoice.is_credit_note and invoice.due_date is None:
        yield "BT-9: nothing says when it is due"
    if invoice.payment.means == CREDIT_TRANSFER and not invoice.payment.iban:
        yield "BT-84: no account to transfer to"


def _of_parties(invoice: Invoice) -> Iterator[str]:
    named = [("BG-4", invoice.seller)]
    taxed = invoice.tax.category is Category.STANDARD
    # What the law lets a small amount leave out, a format may still insist on.
    if not taxed or invoice.gross > SMALL_AMOUNT:
        named.append(("BG-7", invoice.buyer))
    for term, party in named:
        for field in ("name", "postcode", "city", "country"):
            if not getattr(party, field):
                yield f"{term}: {field} is missing"
    if not invoice.seller.vat_id:
        yield "BT-31: the seller's VAT id is missing"
    yield from _of_places(invoice)
    if not invoice.names_vat_ids and not invoice.seller.register_number:
        yield "BT-30: nothing identifies the seller"


def _of_places(invoice: Invoice) -> Iterator[str]:
    """Where seller and buyer are has to fit the tax, whatever the codes say."""
    seller, buyer = invoice.seller, invoice.buyer
    if invoice.tax.category is Category.REVERSE_CHARGE:
        if not buyer.vat_id:
            yield "BT-48: reverse charge without the buyer's VAT id"
        elif buyer.vat_id[:2] == seller.vat_id[:2]:
            yield "BT-48: reverse charge with a VAT id of the seller's country"
        if buyer.country == seller.country or buyer.country not in EU_COUNTRIES:
            yield "BT-55: reverse charge at home or outside the union"
    if invoice.tax.category is Category.OUTSIDE_SCOPE and buyer.country in EU_COUNTRIES:
        yield "BT-55: no tax for a buyer inside the union"
