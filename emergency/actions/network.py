"""Network addresses that asked for something, kept for a short time and counted.

The rows are PostgreSQL's: a lost Redis neither opens nor closes a limit.
"""

from datetime import datetime

from emergency.models import NetworkTouch, Report
from emergency.rules.limits import Ordinary


def touch(
    *, purpose: str, address: str, now: datetime, report: Report | None = None
) -> None:
    """The address has asked now. Without an address nothing is kept."""
    if address:
        NetworkTouch.objects.create(
            purpose=purpose, address=address, at=now, report=report
        )


def is_above(*, purpose: str, address: str, ordinary: Ordinary, now: datetime) -> bool:
    """Whether the address has asked as often as is ordinary, before this time."""
    if not address:
        return False
    seen = NetworkTouch.objects.filter(
        purpose=purpose, address=address, at__gt=now - ordinary.within
    )
    return seen.count() >= ordinary.most
