"""A reportable case is handed out, and that stands in the audit."""

from datetime import datetime
from typing import Any

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.exports.reportable import case_document
from emergency.models import ReportableCase, Staff
from emergency.queries.reportable import case_view


def export_case(*, case_id: int, staff: Staff, now: datetime) -> dict[str, Any]:
    """Everything about the case as plain values, as it stands at ``now``."""
    with transaction.atomic():
        case = ReportableCase.objects.select_related("flagged_by").get(pk=case_id)
        document = case_document(case_view(case, now), made_at=now)
        record(
            Area.AUTHORITY,
            "reportable_exported",
            now=now,
            by=staff,
            about=f"reportable:{case.pk}",
        )
    return document
