"""Who may be calling: accounts that fit, numbers on file, the same case twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from emergency.models import Account, Contact, Incident, Report, ReportServer, Server
from emergency.queries.servers import alike, under_domain
from emergency.rules.joining import JOINABLE_STATES, normalised
from emergency.terms import account_agreement

MOST_CANDIDATES = 5
SHORTEST_NAME = 3


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An account that may be the caller's. ``reason``: server | number | domain |
    earlier | name. ``server`` is what the caller probably means, if that is known;
    else ``servers`` are the names of those in service, to choose from."""

    account: Account
    reason: str
    evidence: str
    server: Server | None = None
    servers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CallerView:
    """What is known of who calls about an incident.

    ``verified``: somebody who is verified reported it. ``on_file`` are people of the
    account with a telephone; calling one of them verifies. ``same_case`` are other open
    incidents that may be merged with this one, the oldest first. ``may_order`` are the
    people who may order by contract; none: whoever is confirmed.
    """

    verified: bool
    on_file: tuple[Contact, ...]
    candidates: tuple[Candidate, ...]
    same_case: tuple[Incident, ...]
    may_order: tuple[str, ...] = ()


def caller_view(
    incident: Incident, reports: Sequence[Report], servers: Sequence[ReportServer]
) -> CallerView:
    """The callers of this incident. ``servers`` are those of its first report."""
    report = reports[0] if reports else None
    on_file: tuple[Contact, ...] = ()
    may_order: tuple[str, ...] = ()
    if incident.account is not None:
        agreement = account_agreement(
            account_number=incident.account.number, at=incident.opened_at
        )
        may_order = agreement.may_order if agreement else ()
        people = incident.account.contacts.current().exclude(phone_number="")
        on_file = tuple(people.order_by("name"))
    return CallerView(
        verified=any(one.is_verified for one in reports),
        on_file=on_file,
        candidates=tuple(candidates(incident, report, servers)),
        same_case=tuple(same_case(incident)),
        may_order=may_order,
    )


def same_case(incident: Incident) -> list[Incident]:
    """Other incidents of the same account on which somebody still has to act."""
    if incident.account_id is None or incident.status not in JOINABLE_STATES:
        return []
    return list(
        Incident.objects.filter(account=incident.account_id, status__in=JOINABLE_STATES)
        .exclude(pk=incident.pk)
        .prefetch_related("reports__servers")
        .order_by("opened_at", "pk")
    )


def candidates(
    incident: Incident, report: Report | None, servers: Sequence[ReportServer]
) -> list[Candidate]:
    """Accounts that may be the caller's while nobody has confirmed one. At most six
    queries; the best reason stands first and each account once."""
    if report is None or incident.caller_confirmed_at is not None:
        return []
    found = [
        *_by_server(servers),
        *_by_number(report),
        *_by_domain(servers),
        *_by_earlier_reports(incident, report),
        *_by_name(report),
    ]
    by_account: dict[int, Candidate] = {}
    for candidate in found:
        by_account.setdefault(candidate.account.pk, candidate)
    return _with_servers(list(by_account.values())[:MOST_CANDIDATES])


def _with_servers(found: list[Candidate]) -> list[Candidate]:
    """Each with the servers of its account, where nobody knows which is meant."""
    asking = [one.account.pk for one in found if one.server is None]
    if not asking:
        return found
    serving = Server.objects.filter(account__in=asking, retired_at__isnull=True)
    names: dict[int, list[str]] = {}
    for account, name in serving.order_by("name").values_list("account", "name"):
        names.setdefault(account, []).append(name)
    return [
        one
        if one.server is not None
        else replace(one, servers=tuple(names.get(one.account.pk, ())))
        for one in found
    ]


def _by_server(servers: Sequence[ReportServer]) -> list[Candidate]:
    """The matched server's account; else servers of which a name or an alias contains
    what was typed."""
    matched = [named.server for named in servers if named.server is not None]
    typed = [named.typed.strip() for named in servers if named.server is None]
    fits = Q()
    for name in typed:
        if len(name) >= SHORTEST_NAME:
            fits |= alike(name)
    return [
        Candidate(
            account=server.account, reason="server", evidence=server.name, server=server
        )
        for server in [*matched, *(_in_service(fits) if fits else [])]
    ]


def _by_domain(servers: Sequence[ReportServer]) -> list[Candidate]:
    """Servers under the domain that was typed: shop.example for web01.shop.example."""
    fits = Q()
    for named in servers:
        labels = normalised(named.typed).split(".")
        if named.server is None and len(labels) > 1 and all(labels):
            fits |= under_domain(".".join(labels[-2:]))
    return [
        Candidate(account=server.account, reason="domain", evidence=server.name)
        for server in (_in_service(fits) if fits else [])
    ]


def _in_service(fits: Q) -> list[Server]:
    return list(
        Server.objects.filter(fits, retired_at__isnull=True)
        .select_related("account")
        .order_by("name")[:MOST_CANDIDATES]
    )


def _by_number(report: Report) -> list[Candidate]:
    people = Contact.objects.current().filter(phone_number=str(report.callback_number))
    return _people(people.select_related("account")[:MOST_CANDIDATES], "number")


def _by_name(report: Report) -> list[Candidate]:
    if len(report.reporter_name) < SHORTEST_NAME:
        return []
    people = Contact.objects.current().filter(name__iexact=report.reporter_name)
    return _people(people.select_related("account")[:MOST_CANDIDATES], "name")


def _people(people: Iterable[Contact], reason: str) -> list[Candidate]:
    return [
        Candidate(account=person.account, reason=reason, evidence=person.name)
        for person in people
    ]


def _by_earlier_reports(incident: Incident, report: Report) -> list[Candidate]:
    """Accounts confirmed earlier for the same callback number."""
    earlier = (
        Incident.objects.filter(
            reports__callback_number=report.callback_number,
            caller_confirmed_at__isnull=False,
            account__isnull=False,
        )
        .exclude(pk=incident.pk)
        .select_related("account")
        .order_by("-opened_at")[:MOST_CANDIDATES]
    )
    return [
        Candidate(account=past.account, reason="earlier", evidence=past.reference)
        for past in earlier
        if past.account is not None
    ]
