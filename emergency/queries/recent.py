"""What else happened lately to a server and its account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from emergency.models import Incident, ReportServer

LATELY = timedelta(days=90)
MOST = 20


@dataclass(frozen=True, kw_only=True)
class Recent:
    """Another incident: of the same server, or else of the same account. ``servers``
    are as they were typed then."""

    incident: Incident
    same_server: bool
    servers: tuple[str, ...]


def recent_incidents(
    incident: Incident, servers: Sequence[ReportServer], now: datetime
) -> tuple[Recent, ...]:
    """Other incidents of the last 90 days, those of the same server first, then the
    newest. ``servers`` are all that were reported with this one. Three queries."""
    known = {one.server_id for one in servers if one.server_id is not None}
    names = {one.name for one in servers if one.name}
    same = Q(server__in=known) | Q(name__in=names)
    about = ReportServer.objects.filter(same).values("report__incident")
    wanted = Q(pk__in=about)
    if incident.account_id is not None:
        wanted |= Q(account=incident.account_id)
    found = (
        Incident.objects.filter(
            wanted, opened_at__gt=now - LATELY, merged_into__isnull=True
        )
        .exclude(pk=incident.pk)
        .prefetch_related("reports__servers")
        .order_by("-opened_at", "-pk")
    )
    rows = [_recent(one, known, names) for one in found[: MOST * 5]]
    return tuple(sorted(rows, key=lambda row: not row.same_server)[:MOST])


def _recent(incident: Incident, known: set[int], names: set[str]) -> Recent:
    named = [one for r in incident.reports.all() for one in r.servers.all()]
    return Recent(
        incident=incident,
        same_server=any(o.server_id in known or o.name in names for o in named),
        servers=tuple(dict.fromkeys(one.typed for one in named if one.typed)),
    )
