"""Many reports at once: an outage, or somebody who means no good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from emergency.models import Report
from emergency.operator_facts import limit_in_force
from emergency.rules.limits import ABOUT_ONE_SOURCE

# How long a marked report keeps the banner on the board.
SHOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Storm:
    """``reports`` within ``minutes``; ``marked`` of the last hour come from one network
    address, number or account that reported unusually often."""

    reports: int
    minutes: int
    marked: int


def storm(now: datetime) -> Storm | None:
    """What the board warns of, or None while everything is ordinary. One query."""
    ordinary = limit_in_force("reports-total")
    lately = Report.objects.filter(
        ordered_at__gt=now - SHOWN_FOR, incident__is_drill=False
    )
    rows = list(lately.values_list("ordered_at", "above_limits"))
    reports = sum(1 for ordered_at, _ in rows if ordered_at > now - ordinary.within)
    marked = sum(1 for _, limits in rows if ABOUT_ONE_SOURCE & set(limits))
    if reports <= ordinary.most and not marked:
        return None
    minutes = int(ordinary.within.total_seconds() // 60)
    return Storm(reports=reports, minutes=minutes, marked=marked)
