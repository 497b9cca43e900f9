"""The one writer of the audit: who changed what of the set-up, for good."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from emergency.models import AuditEntry, Staff

Area, Via = AuditEntry.Area, AuditEntry.Via


def record(
    area: str,
    code: str,
    *,
    now: datetime,
    by: Staff | None,
    about: str = "",
    via: str = "",
    **values: Any,
) -> None:
    """The fact stands, for good, if the transaction of what it is about does.

    ``about`` names the row, as ``account:10042``; values are codes, ids and numbers,
    never words of or about a person. Without ``by`` and ``via`` it was the engine.
    """
    record_all([(area, code, about, values)], now=now, by=by, via=via)


def record_all(
    facts: Iterable[tuple[str, str, str, Mapping[str, Any]]],
    *,
    now: datetime,
    by: Staff | None,
    via: str = "",
) -> None:
    """As ``record`` for many facts of one deed: area, code, about and values."""
    way = via or (Via.DESK if by is not None else Via.ENGINE)
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                at=now,
                area=area,
                code=code,
                staff=by,
                via=way,
                subject=about,
                values={name: _plain(value) for name, value in values.items()},
            )
            for area, code, about, values in facts
        ],
        batch_size=1000,
    )


def _plain(value: Any) -> Any:
    """As JSON holds it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.total_seconds() if isinstance(value, timedelta) else value
