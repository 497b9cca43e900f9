"""What the account area shows a customer of their account."""

from dataclasses import dataclass

from emergency.models import Incident, Report
from emergency.queries.accounts import Document, document_of
from emergency.queries.customers import Customer, incidents_of

MOST_INCIDENTS = 200


@dataclass(frozen=True, kw_only=True)
class AccountIncident:
    """One incident as its customer sees it. ``servers`` are as typed."""

    incident: Incident
    servers: tuple[str, ...]
    reports: tuple[Report, ...]
    documents: tuple[Document, ...]


def incidents_of_account(customer: Customer) -> list[AccountIncident]:
    """The account's incidents, the newest first; at most MOST_INCIDENTS."""
    rows = (
        incidents_of(customer)
        .prefetch_related("reports__servers", "documents")
        .order_by("-opened_at")
    )
    return [incident_of_account(incident) for incident in rows[:MOST_INCIDENTS]]


def incident_of_account(incident: Incident) -> AccountIncident:
    """This incident; the caller has checked that it may be seen."""
    reports = tuple(incident.reports.all())
    typed = (named.typed for report in reports for named in report.servers.all())
    return AccountIncident(
        incident=incident,
        servers=tuple(dict.fromkeys(name for name in typed if name)),
        reports=reports,
        documents=tuple(
            document_of(fact) for fact in incident.documents.all() if fact.number
        ),
    )
