"""The link of the tracking page."""

from datetime import datetime

from django.db import transaction

from emergency.actions.timeline import enter
from emergency.models import Report, RevokedLink, Staff


def revoke_link(*, report_id: int, staff: Staff, now: datetime) -> bool:
    """The report's link opens nothing any more. False when it was revoked already."""
    with transaction.atomic():
        report = Report.objects.select_related("incident").get(pk=report_id)
        _link, revoked = RevokedLink.objects.get_or_create(
            report=report, defaults={"at": now, "staff": staff}
        )
        if revoked:
            enter(
                report.incident, "link_revoked", now=now, staff=staff, report=report.pk
            )
    return revoked
