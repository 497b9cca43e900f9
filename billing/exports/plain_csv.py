"""Plain CSV: UTF-8 with BOM, semicolons, one row per document or per line."""

import codecs
from collections.abc import Callable, Iterator

from billing.exports.piece import Job, Piece, Tally, in_pieces
from billing.rules.export_text import DecimalMark, csv_row
from billing.rules.exported import ExportedDocument
from billing.rules.plain_table import (
    DOCUMENT_COLUMNS,
    LINE_COLUMNS,
    Cell,
    document_rows,
    line_rows,
    row_texts,
)

Rows = Callable[[ExportedDocument], Iterator[tuple[Cell, ...]]]


def write_documents(job: Job, tally: Tally) -> Iterator[Piece]:
    """One row for each document and rate."""
    return in_pieces(_table(job, tally, DOCUMENT_COLUMNS, document_rows))


def write_lines(job: Job, tally: Tally) -> Iterator[Piece]:
    """One row for each line."""
    return in_pieces(_table(job, tally, LINE_COLUMNS, line_rows))


def _table(
    job: Job, tally: Tally, columns: tuple[str, ...], rows: Rows
) -> Iterator[bytes]:
    yield heading(columns)
    for document in job.documents():
        for row in rows(document):
            yield encoded(columns, row, job.books.decimal_mark)
            tally.rows += 1
        tally.documents += 1


def heading(columns: tuple[str, ...]) -> bytes:
    """The first row, with the mark that tells spreadsheets about UTF-8."""
    return codecs.BOM_UTF8 + csv_row(columns).encode()


def encoded(
    columns: tuple[str, ...], row: tuple[Cell, ...], mark: DecimalMark
) -> bytes:
    """A row of the table."""
    return csv_row(row_texts(columns, row, mark)).encode()
