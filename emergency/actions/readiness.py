"""The nightly look at the roster of the next days."""

from datetime import datetime

from django.utils import timezone

from emergency.actions.notices import tell_duty_manager
from emergency.queries.readiness import Finding, readiness

DAYS = 14
# Warnings of the law stand for weeks; once a week is enough to hear of them.
MONDAY = 0


def check_readiness(*, now: datetime) -> list[Finding]:
    """The duty manager is told when somebody may not be reached in the next 14 days,
    and on Mondays of mere warnings, too. Answers what was found."""
    found = readiness(now, days=DAYS)
    serious = sum(finding.serious for finding in found)
    if serious or (found and timezone.localtime(now).weekday() == MONDAY):
        tell_duty_manager(
            code="roster_not_ready",
            now=now,
            days=DAYS,
            serious=serious,
            warnings=len(found) - serious,
        )
    return found
