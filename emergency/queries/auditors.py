"""Who was let in to look at the books."""

from dataclasses import dataclass
from datetime import datetime

from emergency.models import AuditorGrant


@dataclass(frozen=True, kw_only=True)
class AuditorAccess:
    """One grant: to whom, by whom, why, and from when until when it really was."""

    auditor: str
    granted_by: str
    granted_at: datetime
    until: datetime
    why: str


def auditor_accesses() -> tuple[AuditorAccess, ...]:
    """Every grant ever made, newest first."""
    return tuple(
        AuditorAccess(
            auditor=grant.staff.full_name,
            granted_by=grant.granted_by.full_name,
            granted_at=grant.granted_at,
            until=grant.ended_at or grant.until,
            why=grant.why,
        )
        for grant in AuditorGrant.objects.select_related("staff", "granted_by")
    )
