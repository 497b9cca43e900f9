"""Which format a list has, and its rows."""

from itertools import islice

from emergency.rules.account_rows import RawRow
from emergency.sources import csv_list, json_list
from emergency.sources.base import MOST_BYTES, MOST_ROWS, ListUnreadable


def rows_of(content: bytes) -> list[RawRow]:
    """The rows of a list in CSV or JSON; what begins like an object is JSON. Raises
    ListUnreadable, also for a list without rows."""
    if len(content) > MOST_BYTES:
        raise ListUnreadable("too_large")
    begins = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    reader = json_list.rows if begins in {b"{", b"["} else csv_list.rows
    found = list(islice(reader(content), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise ListUnreadable("too_many_rows")
    if not found:
        raise ListUnreadable("no_rows")
    return found
