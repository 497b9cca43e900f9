"""Whether an export can be made, and what it would look like, before it is made.

Everything is found by looking at what differs (rates, accounts, names), not at every
document, so that the preview of 100,000 documents is quick.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Max, Min, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from billing.exports import archive
from billing.exports.reading import read
from billing.exports.selection import Wanted
from billing.exports.workbook import MOST_ROWS
from billing.models import Document, DocumentLine, DocumentTax, ExportRun
from billing.rules import bmd, datev
from billing.rules.bookkeeping import (
    Bookkeeping,
    Encoding,
    Problem,
    debtor_account,
    shared_accounts,
)
from billing.rules.exported import ExportedDocument, ExportedTax
from billing.rules.plain_table import (
    DOCUMENT_COLUMNS,
    LINE_COLUMNS,
    document_rows,
    line_rows,
    row_texts,
)
from billing.rules.rounding import ZERO
from billing.rules.tax import Category
from billing.rules.windows_1252 import fitted, fitted_document

SHOWN = 12
BOOKINGS = frozenset({ExportRun.Format.BMD, ExportRun.Format.DATEV})


@dataclass(frozen=True)
class Preview:
    """The first rows as the file will have them, and names that will look different."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...]
    losses: tuple[tuple[str, str], ...]
    several_months: bool


def preview(
    documents: QuerySet[Document], wanted: Wanted, books: Bookkeeping
) -> Preview:
    """What the file would begin with, and everything that stops it."""
    found = tuple(problems(documents, wanted.format, books))
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    if not found:
        try:
            header, rows = _shown(documents, wanted.format, books)
        except Problem as problem:
            found = (problem,)
    return Preview(
        header=header,
        rows=rows,
        problems=found,
        losses=tuple(islice(_losses(documents, wanted.format, books), SHOWN)),
        several_months=wanted.format == ExportRun.Format.DATEV
        and _spans_months(documents),
    )


def problems(
    documents: QuerySet[Document], export_format: str, books: Bookkeeping
) -> Iterator[Problem]:
    """Everything that would stop the file, each once."""
    if not documents.exists():
        yield Problem("nothing_selected")
        return
    if export_format == ExportRun.Format.XLSX:
        lines = DocumentLine.objects.filter(document__in=documents)
        if lines.count() >= MOST_ROWS:
            yield Problem("too_many_rows", "lines")
    if export_format not in BOOKINGS:
        return
    rules = bmd if export_format == ExportRun.Format.BMD else datev
    account = debtor_account if rules is bmd else datev.personal_account
    if rules is datev:
        yield from _caught(lambda: _datev_header(documents, books))
    elif documents.filter(kind=Document.Kind.CREDIT_NOTE).exists():
        yield from _caught(lambda: bmd.check_numbers(books))
    for tax in _rates(documents):
        yield from _caught(lambda tax=tax: rules.tax_code(tax, books))  # type: ignore[misc]
    numbers = documents.order_by().values_list("account_number", flat=True).distinct()
    seen: set[Problem] = set()
    for number in numbers.iterator():
        for problem in _caught(lambda number=number: account(number, books)):  # type: ignore[misc]
            if problem not in seen and len(seen) < SHOWN:
                seen.add(problem)
                yield problem
    # Also those of other exports: their items stand on the same account.
    known = Document.objects.filter(number__isnull=False).order_by("account_number")
    yield from islice(
        shared_accounts(
            known.values_list("account_number", flat=True).distinct().iterator(), books
        ),
        SHOWN,
    )


def _caught(attempt: Callable[[], object]) -> Iterator[Problem]:
    try:
        attempt()
    except Problem as problem:
        yield problem


def _rates(documents: QuerySet[Document]) -> Iterator[ExportedTax]:
    found = (
        DocumentTax.objects.filter(document__in=documents.order_by())
        .order_by("category", "rate")
        .values_list("category", "rate")
        .distinct()
    )
    for category, rate in found:
        yield ExportedTax(category=Category(category), rate=rate, net=ZERO, vat=ZERO)


def _datev_header(documents: QuerySet[Document], books: Bookkeeping) -> str:
    days = documents.order_by().aggregate(
        first=Min("issue_date"), last=Max("issue_date")
    )
    return datev.header(
        books,
        first=days["first"],
        last=days["last"],
        currency="EUR",
        made_at=timezone.localtime(),
    )


def _spans_months(documents: QuerySet[Document]) -> bool:
    days = documents.order_by().aggregate(
        first=Min("issue_date"), last=Max("issue_date")
    )
    first, last = days["first"], days["last"]
    return bool(first) and (first.year, first.month) != (last.year, last.month)


def _losses(
    documents: QuerySet[Document], export_format: str, books: Bookkeeping
) -> Iterator[tuple[str, str]]:
    """Names that Windows-1252 cannot hold, and what the file will say instead."""
    in_windows = export_format == ExportRun.Format.DATEV or (
        export_format == ExportRun.Format.BMD and books.bmd_encoding == Encoding.WINDOWS
    )
    if not in_windows:
        return
    names = (
        documents.order_by()
        .annotate(name=KT("recipient__legal_name"))
        .values_list("name", flat=True)
        .distinct()
    )
    for name in names.iterator():
        written, replaced = fitted(name or "")
        if replaced:
            yield name, written


def _shown(
    documents: QuerySet[Document], export_format: str, books: Bookkeeping
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    some = list(read(documents, most=SHOWN))
    match export_format:
        case ExportRun.Format.ZIP:
            return ("file",), tuple((name,) for name in archive.names(some))
        case ExportRun.Format.BMD:
            windows = books.bmd_encoding == Encoding.WINDOWS
            fitting = [fitted_document(d)[0] if windows else d for d in some]
            rows = (tuple(row) for d in fitting for row in bmd.rows(d, books))
            return tuple(bmd.header(books)), tuple(islice(rows, SHOWN))
        case ExportRun.Format.DATEV:
            return _datev_rows(some, books)
    columns, make = (
        (LINE_COLUMNS, line_rows)
        if export_format == ExportRun.Format.CSV_LINES
        else (DOCUMENT_COLUMNS, document_rows)
    )
    written = (
        tuple(row_texts(columns, row, books.decimal_mark))
        for document in some
        for row in make(document)
    )
    return columns, tuple(islice(written, SHOWN))


def _datev_rows(
    documents: list[ExportedDocument], books: Bookkeeping
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Only the fields that are filled; nobody looks through 125."""
    rows = [row for d in documents for row in datev.rows(fitted_document(d)[0], books)][
        :SHOWN
    ]
    filled = sorted({number for row in rows for number, text in row.items() if text})
    header = tuple(f"{number} {datev.COLUMNS[number - 1]}" for number in filled)
    return header, tuple(tuple(row.get(n, "") for n in filled) for row in rows)
