"""CSV files of a bank, read by the names of their columns."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import StringIO

from billing.rules.bank_entry import Movement
from billing.rules.rounding import CENT
from billing.sources.refusal import MOST_BYTES, MOST_MOVEMENTS, BankFileError

LONGEST_CELL = 4000


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where things stand; an empty name is a column that the bank does not have."""

    delimiter: str
    encoding: str
    skipped_lines: int
    day_form: str
    decimal_comma: bool
    booked_on: str
    amount: str
    text: str
    value_on: str = ""
    currency: str = ""
    payer: str = ""
    iban: str = ""
    reference: str = ""
    bank_reference: str = ""
    default_currency: str = "EUR"


def read_csv(content: bytes, columns: Columns) -> list[Movement]:
    """The movements of the file, money out negative. Raises BankFileError, which names
    the line."""
    if len(content) > MOST_BYTES:
        raise BankFileError("too_large")
    try:
        text = content.decode(columns.encoding)
    except UnicodeDecodeError as error:
        raise BankFileError("encoding", str(error.start)) from error
    movements: list[Movement] = []
    try:
        for line, row in _rows(text, columns):
            movement = _movement(row, columns, line)
            if movement is not None:
                movements.append(movement)
            if len(movements) > MOST_MOVEMENTS:
                raise BankFileError("too_many")
    except csv.Error as error:
        raise BankFileError("no_csv", str(error)[:120]) from error
    return movements


def _rows(text: str, columns: Columns) -> Iterator[tuple[int, dict[str, str]]]:
    lines = text.splitlines(keepends=True)[columns.skipped_lines :]
    reader = csv.DictReader(
        StringIO("".join(lines), newline=""), delimiter=columns.delimiter, restval=""
    )
    names = [name.strip() for name in reader.fieldnames or ()]
    wanted = (
        *(columns.booked_on, columns.amount, columns.text, columns.value_on),
        *(columns.currency, columns.payer, columns.iban, columns.reference),
        columns.bank_reference,
    )
    missing = [name for name in wanted if name and name not in names]
    if missing:
        raise BankFileError("column", ", ".join(missing)[:120])
    reader.fieldnames = names
    for row in reader:
        yield (
            reader.line_num + columns.skipped_lines,
            {
                name: " ".join(value.split())[:LONGEST_CELL]
                for name, value in row.items()
                if isinstance(name, str) and isinstance(value, str)
            },
        )


def _movement(row: dict[str, str], columns: Columns, line: int) -> Movement | None:
    """The line's movement; None where nothing moves (an empty line, a balance)."""
    if not row.get(columns.booked_on) and not row.get(columns.amount):
        return None
    amount = _amount(row.get(columns.amount, ""), columns.decimal_comma, line)
    if not amount:
        return None
    booked = _day(row.get(columns.booked_on, ""), columns.day_form, line)
    value = row.get(columns.value_on, "") if columns.value_on else ""
    return Movement(
        account="",
        booked_on=booked,
        value_on=_day(value, columns.day_form, line) if value else booked,
        amount=amount,
        currency=(row.get(columns.currency, "") or columns.default_currency)[:3],
        name=row.get(columns.payer, "")[:200],
        iban=row.get(columns.iban, "").replace(" ", "").upper()[:34],
        text=row.get(columns.text, "")[:1000],
        reference=row.get(columns.reference, "")[:200],
        bank_reference=row.get(columns.bank_reference, "")[:100],
    )


def _amount(written: str, decimal_comma: bool, line: int) -> Decimal:
    """-1.234,56 or +1,234.56, also with the sign behind and an apostrophe between."""
    compact = re.sub(r"[\s'\u2019\u00a0]|EUR|€", "", written).replace("\u2212", "-")
    if compact.endswith(("-", "+")):
        compact = compact[-1] + compact[:-1]
    point, group = (",", ".") if decimal_comma else (".", ",")
    grouped = rf"[+-]?\d{{1,3}}(?:{re.escape(group)}\d{{3}})*(?:{re.escape(point)}\d+)?"
    plain = rf"[+-]?\d+(?:{re.escape(point)}\d+)?"
    if not re.fullmatch(f"(?:{grouped})|(?:{plain})", compact):
        raise BankFileError("amount", f"{line}: {written[:40]}")
    try:
        amount = Decimal(compact.replace(group, "").replace(point, "."))
    except InvalidOperation:
        raise BankFileError("amount", f"{line}: {written[:40]}") from None
    if abs(amount) >= Decimal(10) ** 10 or amount != amount.quantize(CENT):
        raise BankFileError("amount", f"{line}: {written[:40]}")
    return amount.quantize(CENT)


def _day(written: str, form: str, line: int) -> date:
    try:
        return datetime.strptime(written[:10].strip(), form).date()  # noqa: DTZ007
    except ValueError:
        raise BankFileError("day", f"{line}: {written[:40]}") from None
