"""Bookings for BMD NTCS: rows whose first line names the fields.

Source: vendors' manuals for the import of bookings (amounts gross, tax with the
opposite sign, dates TT.MM.JJJJ, decimal comma); BMD maps fields by name, so that their
order and spelling are a setting. Two families of names are in use; the long one is the
default.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.rules.bookkeeping import (
    BmdCreditNotes,
    BmdPostingDate,
    BmdTaxSign,
    Bookkeeping,
    Problem,
    TaxCode,
    debtor_account,
    description,
    month_end,
    tax_name,
)
from billing.rules.export_text import amount_text, rate_text, shielded
from billing.rules.exported import ExportedDocument, ExportedTax

LONGEST_TEXT = 255
DEBIT, CREDIT = "1", "2"


@dataclass(frozen=True)
class Booking:
    """What the fields of one row are made of."""

    document: ExportedDocument
    tax: ExportedTax
    code: TaxCode
    books: Bookkeeping

    @property
    def turned(self) -> bool:
        """The row is booked on the other side instead of with a negative amount."""
        return (
            self.document.is_credit_note
            and self.books.bmd_credit_notes == BmdCreditNotes.TURNED
        )

    @property
    def gross(self) -> Decimal:
        return -self.tax.gross if self.turned else self.tax.gross

    @property
    def vat(self) -> Decimal:
        vat = -self.tax.vat if self.turned else self.tax.vat
        return -vat if self.books.bmd_tax_sign == BmdTaxSign.OPPOSITE else vat

    @property
    def symbol(self) -> str:
        if self.document.is_credit_note:
            return self.books.bmd_credit_symbol
        return self.books.bmd_symbol

    @property
    def posted_on(self) -> date:
        day = self.document.issue_date
        at_end = self.books.bmd_posting_date == BmdPostingDate.MONTH_END
        return month_end(day) if at_end else day


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


FIELDS: dict[str, Callable[[Booking], str]] = {
    "satzart": lambda b: "0",
    "konto": lambda b: debtor_account(b.document.account_number, b.books),
    "gkonto": lambda b: b.code.bmd_account,
    "belegnr": lambda b: b.document.number,
    # For installations that take whole numbers only.
    "belegnr_ziffern": lambda b: re.sub(r"\D", "", b.document.number),
    "belegdatum": lambda b: _day(b.document.issue_date),
    "buchdatum": lambda b: _day(b.posted_on),
    "periode": lambda b: f"{b.posted_on:%m}",
    "buchsymbol": lambda b: b.symbol,
    "buchcode": lambda b: CREDIT if b.turned else DEBIT,
    "prozent": lambda b: rate_text(b.tax.rate or None),
    "steuercode": lambda b: b.code.bmd_code,
    "betrag": lambda b: amount_text(b.gross),
    "steuer": lambda b: amount_text(b.vat),
    "text": lambda b: shielded(description(b.document))[:LONGEST_TEXT],
    "extbelegnr": lambda b: b.document.number,
    "faelligkeit": lambda b: _day(b.document.due_date),
    "leistungsdatum": lambda b: _day(b.document.supply_to),
    "uidnr": lambda b: shielded(b.document.vat_id),
    "waehrung": lambda b: b.document.currency,
    "dokument": lambda b: f"{b.document.number}.pdf",
}
DEFAULT_COLUMNS = (
    *("satzart", "konto", "gkonto", "belegnr", "belegdatum", "buchdatum"),
    *("buchsymbol", "buchcode", "prozent", "steuercode", "betrag", "steuer"),
    *("text", "extbelegnr", "faelligkeit", "uidnr", "waehrung", "dokument"),
)
NEEDED = frozenset({"konto", "gkonto", "belegnr", "belegdatum", "betrag", "steuer"})
_HEADING = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def parse_columns(text: str) -> tuple[tuple[str, str], ...]:
    """Lines ``heading`` or ``heading = field`` as pairs. Raises Problem.

    Every heading stands once, every field is one of ours, and none that a booking
    cannot do without is absent.
    """
    found: list[tuple[str, str]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        heading, _, name = (part.strip() for part in line.partition("="))
        name = name or heading
        if not _HEADING.fullmatch(heading) or name not in FIELDS:
            raise Problem("column_unknown", line)
        if heading in dict(found):
            raise Problem("column_twice", heading)
        found.append((heading, name))
    fields = {name.removesuffix("_ziffern") for _, name in found}
    absent = sorted(NEEDED - fields)
    if absent:
        raise Problem("column_missing", ", ".join(absent))
    return tuple(found)


def columns_of(books: Bookkeeping) -> tuple[tuple[str, str], ...]:
    """Headings and fields, in the order of the file."""
    return books.bmd_columns or tuple((name, name) for name in DEFAULT_COLUMNS)


def header(books: Bookkeeping) -> list[str]:
    return [heading for heading, _ in columns_of(books)]


def check_numbers(books: Bookkeeping) -> None:
    """Credit notes can be told from invoices. Raises Problem.

    Both have a series of their own: of RE-2026-00001 and RK-2026-00001 the digits are
    the same, and then the symbol has to differ.
    """
    digits = any(name == "belegnr_ziffern" for _, name in columns_of(books))
    if digits and books.bmd_symbol == books.bmd_credit_symbol:
        raise Problem("bmd_symbols_alike", books.bmd_symbol)


def rows(document: ExportedDocument, books: Bookkeeping) -> Iterator[list[str]]:
    """One row for each rate; nothing is booked about nothing. Raises Problem."""
    if document.is_credit_note:
        check_numbers(books)
    for tax in document.taxes:
        if not tax.gross:
            continue
        booking = Booking(document, tax, tax_code(tax, books), books)
        yield [FIELDS[name](booking) for _, name in columns_of(books)]


def tax_code(tax: ExportedTax, books: Bookkeeping) -> TaxCode:
    """How the rate is booked. Raises Problem."""
    code = books.tax_code(tax.category, tax.rate)
    if not code.bmd_account:
        raise Problem("bmd_account_missing", tax_name(tax.category, tax.rate))
    if not code.bmd_code:
        raise Problem("bmd_code_missing", tax_name(tax.category, tax.rate))
    return code
