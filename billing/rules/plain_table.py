"""The plain tables of an export: one row per document and tax rate, one per line.

A document has one rate as a rule and then one row; with several rates each row holds
the part of its rate, so that every column of amounts sums to the books.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from billing.rules.export_text import DecimalMark, amount_text, rate_text, shielded
from billing.rules.exported import ExportedDocument

Cell = str | date | Decimal | int | None
# Text that we made of a fixed alphabet is not shielded: a number stays a number.
DOCUMENT_COLUMNS = (
    *("number", "kind", "issue_date", "supply_from", "supply_to", "due_date"),
    *("account_number", "name", "vat_id", "country", "category", "rate"),
    *("net", "vat", "gross", "currency", "refers_to", "reference", "sha256"),
)
LINE_COLUMNS = (
    *("number", "kind", "issue_date", "account_number", "position", "code"),
    *("minutes", "unit_price", "net", "currency", "reference"),
)
RATES = frozenset({"rate"})


def document_rows(document: ExportedDocument) -> Iterator[tuple[Cell, ...]]:
    """The rows of one document, one for each rate."""
    for tax in document.taxes:
        yield (
            *(document.number, document.kind, document.issue_date),
            *(document.supply_from, document.supply_to, document.due_date),
            *(document.account_number, document.name, document.vat_id),
            *(document.country, tax.category.value, tax.rate),
            *(tax.net, tax.vat, tax.gross, document.currency),
            *(document.refers_to, document.reference, document.sha256),
        )


def line_rows(document: ExportedDocument) -> Iterator[tuple[Cell, ...]]:
    """The rows of a document's lines. ``unit_price`` is per hour where minutes are."""
    for line in document.lines:
        yield (
            *(document.number, document.kind, document.issue_date),
            *(document.account_number, line.position, line.code, line.minutes),
            *(line.unit_price, line.net, document.currency, document.reference),
        )


def cell_text(column: str, cell: Cell, mark: DecimalMark) -> str:
    """A cell as a CSV file has it: ISO dates, plain amounts, shielded text."""
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case Decimal():
            return rate_text(cell, mark) if column in RATES else amount_text(cell, mark)
        case int():
            return str(cell)
    return shielded(cell)


def row_texts(
    columns: tuple[str, ...], row: tuple[Cell, ...], mark: DecimalMark
) -> list[str]:
    """The cells of a row as texts."""
    return [
        cell_text(column, cell, mark) for column, cell in zip(columns, row, strict=True)
    ]
