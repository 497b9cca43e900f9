"""Where a document goes in somebody's books: accounts, tax codes, signs.

None of it can be known here: charts of accounts and tax codes are the accountant's, and
public sources contradict each other about them. Therefore nothing is guessed: what is
not set is a problem with a name, and no file is made.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from billing.rules.export_text import DecimalMark
from billing.rules.exported import ExportedDocument
from billing.rules.tax import Category

ACCOUNT = re.compile(r"\d{1,9}")
EXCEPTION = re.compile(r"\s*(\S[^=]*?)\s*=\s*(\d{1,9})\s*")


class DebtorRule(StrEnum):
    COLLECTIVE = "collective"
    FROM_NUMBER = "from_number"


class BmdCreditNotes(StrEnum):
    """How BMD is told that money goes back."""

    NEGATIVE = "negative"
    TURNED = "turned"


class BmdTaxSign(StrEnum):
    OPPOSITE = "opposite"
    SAME = "same"


class BmdPostingDate(StrEnum):
    ISSUE_DATE = "issue_date"
    MONTH_END = "month_end"


class Encoding(StrEnum):
    WINDOWS = "cp1252"
    UTF_8 = "utf-8-sig"


class Problem(Exception):
    """Why a format cannot be written; ``about`` names the setting or the document."""

    def __init__(self, code: str, about: str = "") -> None:
        self.code = code
        self.about = about
        super().__init__(f"{code}: {about}" if about else code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


@dataclass(frozen=True, kw_only=True)
class TaxCode:
    """How one category and rate is booked; empty: not set."""

    bmd_code: str = ""
    bmd_account: str = ""
    datev_key: str = ""
    datev_account: str = ""


TaxKey = tuple[Category, Decimal | None]


@dataclass(frozen=True, kw_only=True)
class Bookkeeping:
    """One version of the settings for exports."""

    decimal_mark: DecimalMark = DecimalMark.COMMA
    debtor_rule: DebtorRule = DebtorRule.FROM_NUMBER
    debtor_account: str = ""
    debtor_offset: int = 0
    debtor_exceptions: Mapping[str, str] = field(default_factory=dict)
    bmd_encoding: Encoding = Encoding.WINDOWS
    bmd_columns: tuple[tuple[str, str], ...] = ()
    bmd_symbol: str = "AR"
    bmd_credit_symbol: str = "AR"
    bmd_credit_notes: BmdCreditNotes = BmdCreditNotes.NEGATIVE
    bmd_tax_sign: BmdTaxSign = BmdTaxSign.OPPOSITE
    bmd_posting_date: BmdPostingDate = BmdPostingDate.ISSUE_DATE
    datev_consultant: int | None = None
    datev_client: int | None = None
    datev_year_begins: int = 1
    datev_account_length: int = 4
    datev_label: str = ""
    datev_initials: str = ""
    datev_chart: str = ""
    datev_locked: bool = False
    tax_codes: Mapping[TaxKey, TaxCode] = field(default_factory=dict)

    def tax_code(self, category: Category, rate: Decimal | None) -> TaxCode:
        return self.tax_codes.get(tax_key(category, rate), TaxCode())


def tax_key(category: Category, rate: Decimal | None) -> TaxKey:
    """What a tax code is found by; only the standard category has several rates."""
    return (category, rate if category == Category.STANDARD else None)


def tax_name(category: Category, rate: Decimal | None) -> str:
    """A category and rate as settings and problems name it: S 20, AE, O."""
    if category != Category.STANDARD or rate is None:
        return category.value
    return f"{category.value} {rate.normalize():f}"


def debtor_account(account_number: str, books: Bookkeeping) -> str:
    """The customer's account in the books. Raises Problem."""
    known = books.debtor_exceptions.get(account_number)
    if known:
        return known
    if books.debtor_rule == DebtorRule.COLLECTIVE:
        if not books.debtor_account:
            raise Problem("debtor_account_missing")
        return books.debtor_account
    digits = re.sub(r"\D", "", account_number)
    account = str(int(digits) + books.debtor_offset) if digits else ""
    if not ACCOUNT.fullmatch(account):
        raise Problem("debtor_account_unclear", account_number)
    return account


def shared_accounts(numbers: Iterable[str], books: Bookkeeping) -> Iterator[Problem]:
    """Customers whose open items would be mixed up: K-1001 and L-1001 have the same
    digits. Whom the accountant put together by exceptions stays together."""
    if books.debtor_rule == DebtorRule.COLLECTIVE:
        return
    first: dict[str, str] = {}
    for number in numbers:
        try:
            account = debtor_account(number, books)
        except Problem:
            continue
        other = first.setdefault(account, number)
        if other != number and not {number, other} <= books.debtor_exceptions.keys():
            yield Problem("debtor_account_shared", f"{other}, {number} = {account}")


def parse_exceptions(text: str) -> dict[str, str]:
    """Lines like ``K-1001 = 200123``. Raises Problem naming the line."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        match = EXCEPTION.fullmatch(line)
        if match is None or match[1] in found:
            raise Problem("exception_unclear", line.strip())
        found[match[1]] = match[2]
    return found


def fiscal_year_start(day: date, month: int) -> date:
    """The first day of the fiscal year that the day is in."""
    year = day.year if day.month >= month else day.year - 1
    return date(year, month, 1)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def tax_day(document: ExportedDocument, category: Category) -> date:
    """A day of the month that the tax belongs to.

    Source: UStG 1994 § 19 Abs 2 Z 1: the month of the supply, or the one after it where
    the invoice was issued later; never later where the recipient owes the tax. § 16 Abs
    1: a correction belongs to the month in which it was made.
    """
    if document.is_credit_note:
        return document.issue_date
    ends = month_end(document.supply_to)
    if document.issue_date <= ends or category != Category.STANDARD:
        return document.supply_to
    return min(document.issue_date, month_end(ends + timedelta(days=1)))


def description(document: ExportedDocument) -> str:
    """The words of a booking: for whom, which document, what it corrects, when the
    service was given."""
    period = f"{document.supply_to:%d.%m.%Y}"
    if document.supply_from != document.supply_to:
        period = f"{document.supply_from:%d.%m.%Y}-{period}"
    corrects = f" zu {document.refers_to}" if document.refers_to else ""
    return f"{document.name} {document.number}{corrects} Leistung {period}"
