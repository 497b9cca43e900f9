"""The callback promise by month as CSV: UTF-8 with BOM, semicolons, decimal comma.

Every cell goes through the shield of the audit's CSV, so that none is ever a formula
(CWE-1236), whoever adds a column with words later.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

from emergency.exports.audit_csv import shielded
from emergency.queries.promise_figures import PromiseFigures
from emergency.rules.callback_report import BUCKETS, CAUSES, Month, Spread

MINUTE = timedelta(minutes=1)


def _spread_columns(verb: str) -> Iterator[str]:
    yield f"{verb}_count"
    yield from (f"{verb}_within_{minutes}_min" for minutes in BUCKETS)
    yield f"{verb}_longer"
    for name in ("median", "nine_in_ten", "longest"):
        yield f"{verb}_{name}_min"


COLUMNS = (
    *("month", "emergencies", "met", "tried_in_time", "missed", "pending"),
    *_spread_columns("taken"),
    *_spread_columns("reached"),
    *(f"cause_{cause or 'not_named'}" for cause in CAUSES),
    *("proven_by_bridge", "self_declared"),
)


def promise_csv(figures: PromiseFigures) -> bytes:
    """A heading of fixed names and a row for each month."""
    made = StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for month in figures.months:
        writer.writerow([shielded(cell) for cell in _cells(month)])
    return BOM_UTF8 + made.getvalue().encode()


def _cells(month: Month) -> Iterator[str]:
    yield f"{month.year}-{month.month:02}"
    counts = (month.incidents, month.met, month.attempted, month.missed, month.pending)
    yield from map(str, counts)
    yield from _spread(month.to_take)
    yield from _spread(month.to_reach)
    yield from map(str, (*month.causes, month.proven, month.declared))


def _spread(found: Spread) -> Iterator[str]:
    yield from map(str, (found.count, *found.within, found.longer))
    for length in (found.median, found.nine_in_ten, found.longest):
        yield "" if length is None else _tenths(length)


def _tenths(length: timedelta) -> str:
    """Minutes with one place, rounded half up."""
    tenths = (length * 10 + MINUTE / 2) // MINUTE
    return f"{tenths // 10},{tenths % 10}"
