"""What accounting sets up stands in the audit: which fields, never their words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from emergency.billable import record_change


def values_of(row: Model | None, names: Iterable[str]) -> dict[str, Any]:
    """The fields as they are now, to be compared later; nothing of no row."""
    return {} if row is None else {name: getattr(row, name) for name in names}


def tell_changes(
    code: str,
    *,
    about: str,
    before: dict[str, Any],
    after: dict[str, Any],
    staff_id: int | None,
    now: datetime,
) -> None:
    """The names of the fields that differ stand in the audit; nothing where none do."""
    fields = [name for name, value in after.items() if before.get(name) != value]
    if fields:
        record_change(code, about=about, staff_id=staff_id, now=now, fields=fields)
