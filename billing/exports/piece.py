"""What every format is given and what it gives back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from billing.rules.bookkeeping import Bookkeeping
from billing.rules.exported import ExportedDocument

SIZE = 256 * 1024
PDF, XML = "pdf", "xml"


@dataclass(frozen=True)
class Piece:
    """Bytes of the file: its own, and then those of an issued file."""

    content: bytes
    file_id: int | None = None
    part: str = ""
    issued: bytes = b""


@dataclass
class Tally:
    """What was written so far."""

    documents: int = 0
    rows: int = 0
    replaced: int = 0


@dataclass(frozen=True, kw_only=True)
class Job:
    """The documents of an export, which may be read several times, and its settings.

    ``asked_at`` is local time; ``first`` and ``last`` are days of issue.
    """

    documents: Callable[[], Iterator[ExportedDocument]]
    books: Bookkeeping
    asked_at: datetime
    first: date
    last: date


Write = Callable[[Job, Tally], Iterator[Piece]]


def in_pieces(rows: Iterable[bytes]) -> Iterator[Piece]:
    """The rows, gathered to pieces of some size."""
    gathered: list[bytes] = []
    length = 0
    for row in rows:
        gathered.append(row)
        length += len(row)
        if length >= SIZE:
            yield Piece(b"".join(gathered))
            gathered, length = [], 0
    if gathered:
        yield Piece(b"".join(gathered))


def pieces_of(file: IO[bytes]) -> Iterator[Piece]:
    """The content of a file, from its beginning."""
    file.seek(0)
    while content := file.read(SIZE):
        yield Piece(content)
