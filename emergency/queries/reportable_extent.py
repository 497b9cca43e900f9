"""How far a reportable case reaches: who has reported what since when, and who else
may belong to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from emergency.models import Incident, Report, ReportableCase

# What begins within a day of one another may be one and the same.
WITHIN = timedelta(days=1)
MOST_LOOKED_AT = 500
MOST_PROPOSED = 20


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How many customers have reported how often, since when, about which servers.
    Callers of unknown accounts are told apart by their number."""

    customers: int
    reports: int
    since: datetime | None
    servers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Likely:
    """An incident that may belong to a case. ``same``: server | account | maintenance,
    the strongest of them."""

    incident: Incident
    same: str


@dataclass(frozen=True, kw_only=True)
class Marks:
    """By what reports are known to be about the same."""

    accounts: frozenset[int]
    servers: frozenset[int]
    names: frozenset[str]
    pages: frozenset[str]


def extent_of(incidents: Iterable[Incident]) -> Extent:
    """What the reports of these incidents come to, wherever a merging put them."""
    reports = _reports_of(incidents)
    who = {
        ("account", one.incident.account_id)
        if one.incident.account_id
        else ("number", str(one.callback_number))
        for one in reports
    }
    servers = {named.typed: None for one in reports for named in one.servers.all()}
    return Extent(
        customers=len(who),
        reports=len(reports),
        since=min((one.ordered_at for one in reports), default=None),
        servers=tuple(servers),
    )


def likely_of(case: ReportableCase, incidents: Sequence[Incident]) -> list[Likely]:
    """Incidents within a day of these with the same server, account or announced
    maintenance, which no open case of this kind has; the oldest first."""
    if not incidents:
        return []
    marks = _marks(_reports_of(incidents))
    opened = [incident.opened_at for incident in incidents]
    taken = ReportableCase.objects.filter(
        Q(pk=case.pk) | Q(ended_at__isnull=True, kind=case.kind)
    )
    others = (
        Incident.objects.filter(
            opened_at__gte=min(opened) - WITHIN, opened_at__lte=max(opened) + WITHIN
        )
        .exclude(status=Incident.Status.MERGED)
        .exclude(pk__in=taken.values("incidents"))
        .select_related("account")
        .prefetch_related("reports__servers")
        .order_by("opened_at", "pk")[:MOST_LOOKED_AT]
    )
    found = [
        Likely(incident=other, same=same)
        for other in others
        if (same := _same(marks, _marks(other.reports.all())))
    ]
    return found[:MOST_PROPOSED]


def _reports_of(incidents: Iterable[Incident]) -> list[Report]:
    """The reports of these incidents, and of those that took them over."""
    keys = {incident.pk for incident in incidents}
    new = keys
    while new:
        took_over = Incident.objects.filter(merged__in=new)
        new = set(took_over.values_list("pk", flat=True)) - keys
        keys = keys | new
    rows = Report.objects.filter(incident__in=keys).select_related("incident")
    return list(rows.prefetch_related("servers").order_by("ordered_at", "pk"))


def _marks(reports: Iterable[Report]) -> Marks:
    reports = list(reports)
    named = [server for one in reports for server in one.servers.all()]
    pages = {
        str(window.get("source") or "")
        for one in reports
        for window in one.maintenance_evidence.get("windows", [])
    }
    return Marks(
        accounts=frozenset(
            one.incident.account_id for one in reports if one.incident.account_id
        ),
        servers=frozenset(one.server_id for one in named if one.server_id),
        names=frozenset(one.name for one in named if one.name),
        pages=frozenset(pages - {""}),
    )


def _same(one: Marks, other: Marks) -> str:
    if one.servers & other.servers or one.names & other.names:
        return "server"
    if one.accounts & other.accounts:
        return "account"
    return "maintenance" if one.pages & other.pages else ""
