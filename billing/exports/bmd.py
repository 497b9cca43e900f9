"""The file of bookings for BMD NTCS."""

from collections.abc import Iterator

from billing.exports.piece import Job, Piece, Tally, in_pieces
from billing.rules import bmd
from billing.rules.bookkeeping import Encoding
from billing.rules.export_text import csv_row
from billing.rules.windows_1252 import fitted_document


def write(job: Job, tally: Tally) -> Iterator[Piece]:
    """One row for each document and rate, in the encoding of the settings."""
    return in_pieces(_rows(job, tally))


def _rows(job: Job, tally: Tally) -> Iterator[bytes]:
    encoding = job.books.bmd_encoding
    # The name of an encoding with BOM writes one; it belongs to the first row alone.
    first, further = encoding.value, encoding.value.removesuffix("-sig")
    yield csv_row(bmd.header(job.books)).encode(first)
    for document in job.documents():
        fitting, replaced = (
            fitted_document(document) if encoding == Encoding.WINDOWS else (document, 0)
        )
        for row in bmd.rows(fitting, job.books):
            yield csv_row(row).encode(further)
            tally.rows += 1
        tally.replaced += replaced
        tally.documents += 1
