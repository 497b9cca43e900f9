"""What lists of accounts have in common: bytes in, rows out."""

from collections.abc import Iterator
from typing import Protocol

from emergency.rules.account_rows import RawRow

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000


class ListUnreadable(Exception):
    """The whole list cannot be read. ``code`` is stable; ``place`` says where, if that
    is known."""

    def __init__(self, code: str, *, place: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.place = place


class Reader(Protocol):
    """One function per format implements this. Raises ListUnreadable."""

    def __call__(self, content: bytes) -> Iterator[RawRow]: ...
