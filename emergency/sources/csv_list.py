"""A list of accounts as CSV: UTF-8, comma or semicolon, one header line."""

import csv
import io
from collections.abc import Iterator

from emergency.rules.account_rows import COLUMNS, RawRow
from emergency.sources.base import ListUnreadable

SEPARATORS = (",", ";", "\t")


def rows(content: bytes) -> Iterator[RawRow]:
    """The rows of the file; lines without any text are no rows. In a row with more or
    fewer cells than columns nothing can be told apart."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ListUnreadable("not_utf8", place=str(line)) from error
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        _check(header)
        begins = lines.line_num + 1
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield _row(header, cells, begins)
            begins = lines.line_num + 1
    except csv.Error as error:
        raise ListUnreadable("bad_csv", place=str(lines.line_num)) from error


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(SEPARATORS, key=first.count)


def _check(header: list[str]) -> None:
    if not {"record", "account"} <= set(header):
        raise ListUnreadable("no_header", place="1")
    if set(header) - set(COLUMNS):
        raise ListUnreadable("unknown_column", place="1")
    if len(set(header)) != len(header):
        raise ListUnreadable("column_twice", place="1")


def _row(header: list[str], cells: list[str], line: int) -> RawRow:
    if len(cells) != len(header):
        return RawRow(place=str(line), fields={}, damage=(("wrong_cells", ""),))
    return RawRow(place=str(line), fields=dict(zip(header, cells, strict=True)))
