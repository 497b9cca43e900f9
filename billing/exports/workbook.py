"""An Excel workbook with two sheets, written row by row.

What begins like a formula is written as text with Excel's own mark for it, so that the
name stays as it is and nothing is computed. The file names no time but that of the
order, so that the same documents give the same bytes.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from billing.exports.piece import Job, Piece, Tally, pieces_of
from billing.rules.bookkeeping import Problem
from billing.rules.export_text import one_line, shielded
from billing.rules.plain_table import (
    DOCUMENT_COLUMNS,
    LINE_COLUMNS,
    Cell,
    document_rows,
    line_rows,
)

MOST_ROWS = 1_048_576
_WIDTH = 16
_DAY = (1980, 1, 1, 0, 0, 0)


def write(job: Job, tally: Tally) -> Iterator[Piece]:
    """The sheets documents and lines. Raises Problem beyond Excel's last row."""
    book = Workbook(write_only=True)
    book.properties.creator = "emergency-support"
    moment = job.asked_at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    book.properties.created = book.properties.modified = moment
    documents = Sheet(book, "documents", DOCUMENT_COLUMNS)
    lines = Sheet(book, "lines", LINE_COLUMNS)
    for document in job.documents():
        for row in document_rows(document):
            documents.append(row)
        for row in line_rows(document):
            lines.append(row)
        tally.documents += 1
    tally.rows = documents.rows + lines.rows
    with TemporaryFile() as file:
        with TimelessZip(file, "w", zipfile.ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).write_data()
        yield from pieces_of(file)


class TimelessZip(zipfile.ZipFile):
    """An archive whose members carry no time of day."""

    def writestr(
        self,
        zinfo_or_arcname: Any,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        super().writestr(self._member(zinfo_or_arcname), data)

    def write(
        self,
        filename: Any,
        arcname: Any = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        member = self._member(arcname or filename)
        with Path(filename).open("rb") as source, self.open(member, "w") as target:
            copyfileobj(source, target)

    def _member(self, name: str) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(name, date_time=_DAY)
        member.compress_type = self.compression
        return member


@dataclass
class Sheet:
    """A sheet that is only appended to. One cell of each kind is used again and again:
    a row is written before the next begins."""

    book: Workbook
    name: str
    columns: tuple[str, ...]
    rows: int = 0

    def __post_init__(self) -> None:
        self._sheet = self.book.create_sheet(self.name)
        self._sheet.freeze_panes = "A2"
        for index in range(len(self.columns)):
            letter = chr(ord("A") + index)
            self._sheet.column_dimensions[letter].width = _WIDTH
        heading = self._cell("General")
        heading.font = Font(bold=True)
        self._sheet.append(_with(heading, name) for name in self.columns)
        self._amount = self._cell("0.00")
        self._day = self._cell("yyyy-mm-dd")
        self._text = self._cell("@")
        self._text.quotePrefix = True

    def append(self, row: tuple[Cell, ...]) -> None:
        self.rows += 1
        if self.rows >= MOST_ROWS:
            raise Problem("too_many_rows", self.name)
        self._sheet.append(self._written(cell) for cell in row)

    def _cell(self, number_format: str) -> Any:
        cell = WriteOnlyCell(self._sheet)
        cell.number_format = number_format
        return cell

    def _written(self, cell: Cell) -> Any:
        match cell:
            case Decimal():
                return _with(self._amount, cell)
            case date():
                return _with(self._day, cell)
            case str():
                text = one_line(cell)
                if shielded(text) == text and text not in ERROR_CODES:
                    return text
                marked = _with(self._text, "")
                marked.value, marked.data_type = text, "s"
                return marked
        return cell


def _with(cell: Any, value: Any) -> Any:
    cell.value = value
    return cell
