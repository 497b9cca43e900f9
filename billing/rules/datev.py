"""Bookings for DATEV: EXTF 700, category 21 (Buchungsstapel), version 13.

Source: DATEV's developer portal, format of the header and of the booking batch; the
names of the columns and the quoting of 119 to 125 as public writers of version 13 have
them. Windows-1252, CRLF, decimal comma; text always in quotation marks, also empty.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

from billing.rules.bookkeeping import (
    Bookkeeping,
    Problem,
    TaxCode,
    debtor_account,
    fiscal_year_start,
    month_end,
    tax_day,
    tax_name,
)
from billing.rules.export_text import (
    LINE_END,
    SEPARATOR,
    amount_text,
    quoted,
    shielded,
)
from billing.rules.exported import ExportedDocument, ExportedTax
from billing.rules.tax import Category
from billing.rules.windows_1252 import fitted


def _pairs(kind: str, content: str, count: int) -> list[str]:
    return [f"{name} {n}" for n in range(1, count + 1) for name in (kind, content)]


COLUMNS: tuple[str, ...] = (
    *("Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs"),
    *("Basis-Umsatz", "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)"),
    *("BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto"),
    *("Buchungstext", "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank"),
    *("Sachverhalt", "Zinssperre", "Beleglink"),
    *_pairs("Beleginfo - Art", "Beleginfo - Inhalt", 8),
    *("KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge"),
    *("EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)"),
    *("Abw. Versteuerungsart", "Sachverhalt L+L", "Funktionsergänzung L+L"),
    *("BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer"),
    "BU 49 Funktionsergänzung",
    *_pairs("Zusatzinformation - Art", "Zusatzinformation- Inhalt", 20),
    *("Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr"),
    *("Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp"),
    *("USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)"),
    *("Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)"),
    *("Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum"),
    *("SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername"),
    *("Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer"),
    *("Postensperre bis", "Bezeichnung SoBil-Sachverhalt"),
    *("Kennzeichen SoBil-Buchung", "Festschreibung", "Leistungsdatum"),
    *("Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)"),
    *("Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position"),
    *("EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto"),
)
# Fields in quotation marks, counted from 1 as DATEV does.
TEXT_FIELDS = frozenset(
    {
        *(2, 3, 6, 9, 11, 12, 14, 16, *range(20, 39), 40, 42, *range(48, 88)),
        *(91, 95, 96, 98, 102, 103, 105, 107, 109, 110, 112, 118, 120, 121, 123),
    }
)
HEADER_TEXT_FIELDS = frozenset({1, 4, 8, 9, 10, 17, 18, 22, 24, 27, 30, 31})
HEADER_FIELDS = 31
LONGEST = {11: 36, 12: 12, 14: 60, 40: 15, 95: 30}
LEAST_CONSULTANT = 1001
ORIGIN = "RE"
LABEL = "Ausgangsrechnungen"
_NUMBER = re.compile(r"[A-Za-z0-9_$&%*+\-/]{1,36}")
_AMOUNT = re.compile(r"\d{1,10},\d{2}")
_KEY = re.compile(r"\d{1,4}")
_LABEL = re.compile(r"[\w./ -]{1,30}")
_CHART = re.compile(r"(\d{2}){0,2}")


def header(
    books: Bookkeeping, *, first: date, last: date, currency: str, made_at: datetime
) -> str:
    """The first line. ``first`` and ``last`` are days of issue; the batch spans their
    months. Raises Problem."""
    consultant, client = numbers(books)
    begins = fiscal_year_start(first, books.datev_year_begins)
    if begins != fiscal_year_start(last, books.datev_year_begins):
        raise Problem("two_fiscal_years", f"{first:%d.%m.%Y}-{last:%d.%m.%Y}")
    label = fitted(books.datev_label or LABEL)[0][:30]
    if not _LABEL.fullmatch(label):
        raise Problem("datev_label_unclear", label)
    if not _CHART.fullmatch(books.datev_chart):
        raise Problem("datev_chart_unclear", books.datev_chart)
    fields = {
        1: "EXTF",
        2: "700",
        3: "21",
        4: "Buchungsstapel",
        5: "13",
        6: f"{made_at:%Y%m%d%H%M%S}{made_at.microsecond // 1000:03}",
        8: ORIGIN,
        11: str(consultant),
        12: str(client),
        13: f"{begins:%Y%m%d}",
        14: str(books.datev_account_length),
        15: f"{first.replace(day=1):%Y%m%d}",
        16: f"{month_end(last):%Y%m%d}",
        17: label,
        18: books.datev_initials[:2],
        19: "1",
        20: "0",
        21: "1" if books.datev_locked else "0",
        22: currency,
        27: books.datev_chart,
    }
    return _line(fields, HEADER_FIELDS, HEADER_TEXT_FIELDS)


def column_line() -> str:
    """The second line: the names of the columns."""
    return SEPARATOR.join(COLUMNS) + LINE_END


def rows(document: ExportedDocument, books: Bookkeeping) -> Iterator[dict[int, str]]:
    """One booking for each rate as fields by number. Raises Problem.

    Amounts are positive; debit or credit says the direction, seen from the customer's
    account. What is zero cannot be booked and is left out.
    """
    for tax in document.taxes:
        if tax.gross:
            yield _booking(document, tax, books)


def row_line(fields: dict[int, str]) -> str:
    """A booking as a line of the file."""
    return _line(fields, len(COLUMNS), TEXT_FIELDS)


def _booking(
    document: ExportedDocument, tax: ExportedTax, books: Bookkeeping
) -> dict[int, str]:
    code = tax_code(tax, books)
    amount = amount_text(abs(tax.gross))
    if not _AMOUNT.fullmatch(amount):
        raise Problem("amount_too_large", document.number)
    if not _NUMBER.fullmatch(document.number):
        raise Problem("number_unfit", document.number)
    fields = {
        1: amount,
        2: "S" if tax.gross > 0 else "H",
        3: document.currency,
        7: personal_account(document.account_number, books),
        8: code.datev_account,
        9: code.datev_key.zfill(4) if code.datev_key else "",
        10: f"{document.issue_date:%d%m}",
        11: document.number,
        12: f"{document.due_date:%d%m%y}" if document.due_date else "",
        14: shielded(document.name),
        40: document.vat_id if tax.category == Category.REVERSE_CHARGE else "",
        # A note has a heading and a text, or neither.
        48: "Korrigiert" if document.refers_to else "",
        49: document.refers_to,
        95: shielded(document.reference),
        114: "1" if books.datev_locked else "0",
        115: f"{document.supply_to:%d%m%Y}",
        # A day of supply is taken only together with the tax period.
        116: f"{tax_day(document, tax.category):%d%m%Y}",
        117: f"{document.due_date:%d%m%Y}" if document.due_date else "",
    }
    return {n: text[: LONGEST.get(n, len(text))] for n, text in fields.items()}


def _line(fields: dict[int, str], count: int, text_fields: frozenset[int]) -> str:
    cells = (
        quoted(fields.get(n, "")) if n in text_fields else fields.get(n, "")
        for n in range(1, count + 1)
    )
    return SEPARATOR.join(cells) + LINE_END


def numbers(books: Bookkeeping) -> tuple[int, int]:
    """Consultant and client. Raises Problem."""
    if books.datev_consultant is None or books.datev_consultant < LEAST_CONSULTANT:
        raise Problem("datev_consultant_missing")
    if books.datev_client is None:
        raise Problem("datev_client_missing")
    return books.datev_consultant, books.datev_client


def personal_account(account_number: str, books: Bookkeeping) -> str:
    """The customer's account, one digit longer than others. Raises Problem."""
    account = debtor_account(account_number, books)
    if len(account) != books.datev_account_length + 1:
        raise Problem("debtor_account_length", f"{account_number} = {account}")
    if not int(account):
        raise Problem("debtor_account_unclear", account_number)
    return account


def tax_code(tax: ExportedTax, books: Bookkeeping) -> TaxCode:
    """How the rate is booked; automatic accounts have no key. Raises Problem."""
    code = books.tax_code(tax.category, tax.rate)
    name = tax_name(tax.category, tax.rate)
    if not code.datev_account.strip("0"):
        raise Problem("datev_account_missing", name)
    if len(code.datev_account) > books.datev_account_length:
        raise Problem("datev_account_length", f"{name} = {code.datev_account}")
    if code.datev_key and not _KEY.fullmatch(code.datev_key):
        raise Problem("datev_key_unclear", f"{name} = {code.datev_key}")
    return code
