"""The figures of the callback promise are handed out, and that stands in the audit."""

from datetime import date, datetime

from emergency.actions.audit import Area, record
from emergency.models import Staff


def record_figures_export(
    *, kind: str, first: date, last: date, staff: Staff, now: datetime
) -> None:
    """Who took the figures of which months out of the house, as csv or pdf."""
    record(
        Area.TRANSFER,
        "figures_exported",
        now=now,
        by=staff,
        about="export:callback-promise",
        kind=kind,
        first=first,
        last=last,
    )
