"""The audit is handed out, and that stands in the audit."""

from datetime import datetime

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.models import AuditEntry, Staff
from emergency.queries.audit import Asked, entries

MOST_ENTRIES = 50_000


def export_audit(*, asked: Asked, staff: Staff, now: datetime) -> list[AuditEntry]:
    """The newest entries that fit, as they were before this one was entered."""
    with transaction.atomic():
        found = list(entries(asked)[:MOST_ENTRIES])
        record(
            Area.TRANSFER,
            "audit_exported",
            now=now,
            by=staff,
            entries=len(found),
            asked={name: str(value) for name, value in vars(asked).items() if value},
        )
    return found
