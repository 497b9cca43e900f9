"""Accounts as the desk shows them, and the incidents that have ended."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import NoReverseMatch, reverse

from emergency.models import (
    Account,
    AccountImport,
    Contact,
    DocumentFact,
    Incident,
    Server,
    SupportPin,
)
from emergency.queries.server_links import ServerLinks, links_of
from emergency.queries.servers import alike

MOST_ACCOUNTS = 100
MOST_INCIDENTS = 100


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document of billing. ``url`` is empty where nothing can be opened."""

    fact: DocumentFact
    url: str


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """One account. Servers in service stand first; incidents newest first."""

    account: Account
    servers: tuple[Server, ...]
    contacts: tuple[Contact, ...]
    incidents: tuple[Incident, ...]
    documents: tuple[Document, ...]
    links: tuple[ServerLinks, ...]


def find_accounts(search: str) -> list[Account]:
    """Accounts whose number, name, external id or server fits the words; all for none,
    a server also by an alias. At most
    ``MOST_ACCOUNTS``; each carries ``open_incidents`` and ``all_servers``."""
    found = Account.objects.all()
    if search:
        found = found.filter(
            Q(number__icontains=search)
            | Q(name__icontains=search)
            | Q(external_id__iexact=search)
            | Q(pk__in=Server.objects.filter(alike(search)).values("account"))
        )
    return list(
        found.annotate(
            all_servers=Count(
                "servers", filter=Q(servers__retired_at__isnull=True), distinct=True
            ),
            open_incidents=Count(
                "incidents",
                filter=Q(incidents__in=Incident.objects.open()),
                distinct=True,
            ),
        ).order_by("number")[:MOST_ACCOUNTS]
    )


def imports_waiting() -> int:
    """How many imports somebody has to confirm or discard."""
    return AccountImport.objects.waiting().count()


def account_view(account: Account, now: datetime) -> AccountView:
    """Everything the account's page shows."""
    incidents = (
        Incident.objects.filter(account=account)
        .select_related("owner__staff")
        .prefetch_related("reports__servers")
        .order_by("-opened_at")
    )
    facts = (
        DocumentFact.objects.filter(incident__account=account)
        .select_related("incident")
        .order_by("-issued_at", "-pk")
    )
    servers = tuple(
        account.servers.select_related("account")
        .order_by(F("retired_at").asc(nulls_first=True), "name")
        .prefetch_related("aliases")
    )
    return AccountView(
        account=account,
        servers=servers,
        contacts=tuple(
            account.contacts.filter(retired_at__isnull=True).order_by("name")
        ),
        incidents=tuple(incidents[:MOST_INCIDENTS]),
        documents=tuple(document_of(fact) for fact in facts[:MOST_INCIDENTS]),
        links=links_of([one for one in servers if one.retired_at is None], now),
    )


def pin_of(account: Account) -> SupportPin | None:
    """The account's support PIN that is not revoked; only its hash is known."""
    return (
        SupportPin.objects.filter(account=account, revoked_at__isnull=True)
        .select_related("created_by")
        .first()
    )


def ended_incidents() -> list[Incident]:
    """The incidents that were closed or cancelled last, newest first."""
    return list(
        Incident.objects.filter(closed_at__isnull=False)
        .select_related("account", "owner__staff")
        .prefetch_related("reports__servers")
        .order_by("-closed_at")[:MOST_INCIDENTS]
    )


def document_of(fact: DocumentFact) -> Document:
    """The document with its address in billing, as far as billing told one."""
    return Document(fact=fact, url=_address(fact.url_name, fact.number))


def customer_document_of(fact: DocumentFact, token: str) -> Document:
    """The document with the address that opens it to whoever has this secret of a
    tracking page."""
    return Document(fact=fact, url=_address(fact.public_url_name, token, fact.number))


def _address(url_name: str, *values: str) -> str:
    """The address in billing, empty where there is none."""
    if not url_name or not all(values):
        return ""
    try:
        return reverse(url_name, args=values)
    except NoReverseMatch:
        return ""
