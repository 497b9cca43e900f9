"""The file of bookings for DATEV."""

from collections.abc import Iterator

from billing.exports.piece import Job, Piece, Tally, in_pieces
from billing.rules import datev
from billing.rules.bookkeeping import Problem
from billing.rules.windows_1252 import ENCODING, fitted_document

CURRENCY = "EUR"


def write(job: Job, tally: Tally) -> Iterator[Piece]:
    """Header, names of the columns, one booking for each document and rate."""
    return in_pieces(_rows(job, tally))


def _rows(job: Job, tally: Tally) -> Iterator[bytes]:
    header = datev.header(
        job.books,
        first=job.first,
        last=job.last,
        currency=CURRENCY,
        made_at=job.asked_at,
    )
    yield header.encode(ENCODING)
    yield datev.column_line().encode(ENCODING)
    for document in job.documents():
        if document.currency != CURRENCY:
            raise Problem("currency_unfit", document.number)
        fitting, replaced = fitted_document(document)
        for row in datev.rows(fitting, job.books):
            yield datev.row_line(row).encode(ENCODING)
            tally.rows += 1
        tally.replaced += replaced
        tally.documents += 1
