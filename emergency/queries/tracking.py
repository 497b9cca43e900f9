"""What the customer may see of an incident, by the secret of the tracking page."""

from dataclasses import dataclass
from datetime import datetime

from emergency.models import Incident, Report
from emergency.models.report import hash_token
from emergency.queries.dialling import number_to_ring
from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """The customer's view. Instants are aware UTC.

    ``paged_at`` is when the first page left the house; ``owner_first_name`` is empty
    until somebody has taken the incident; ``attempts`` are the calls that did not
    reach the customer; ``hotline`` is the number to ring instead. ``joined`` reports
    have no fee and no deadline of their own; unless one ``sees_everything``, its page
    shows its own text and received, taken and "we call by" alone.
    """

    reference: str
    status: str
    language: str
    opened_at: datetime
    deadline_at: datetime
    callback_outcome: str
    paged_at: datetime | None
    acknowledged_at: datetime | None
    owner_first_name: str
    attempts: tuple[datetime, ...]
    hotline: str
    reached_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    cause: str
    server_name: str
    callback_number: str
    callback_number_typed: str
    callback_extension: str
    problem_description: str
    maintenance_result: str
    terms: FeeTerms
    joined: bool
    sees_everything: bool


def tracking(token: str, now: datetime) -> Tracking | None:
    """The incident behind this secret, or None when the secret opens nothing."""
    report = (
        Report.objects.filter(token_hash=hash_token(token))
        .select_related("incident__owner", "consent")
        .first()
    )
    return _view(report, now) if report else None


def _view(report: Report, now: datetime) -> Tracking:
    incident = report.incident
    sent = (
        incident.pages.filter(sent_at__isnull=False)
        .order_by("sent_at")
        .values_list("sent_at", flat=True)
        .first()
    )
    attempts = incident.callback_attempts.exclude(outcome="reached")
    server = report.servers.order_by("pk").first()
    owner = incident.owner if incident.status != Incident.Status.PAGING else None
    return Tracking(
        reference=incident.reference,
        status=incident.status,
        language=report.language,
        opened_at=incident.opened_at,
        deadline_at=incident.callback_deadline_at,
        callback_outcome=incident.callback_outcome,
        paged_at=sent,
        acknowledged_at=incident.acknowledged_at if owner else None,
        owner_first_name=owner.first_name if owner else "",
        attempts=tuple(attempts.values_list("at", flat=True)),
        hotline=number_to_ring(now),
        reached_at=incident.reached_at,
        resolved_at=incident.resolved_at,
        closed_at=incident.closed_at,
        cause=incident.cause,
        server_name=server.typed if server else "",
        callback_number=str(report.callback_number),
        callback_number_typed=report.callback_number_typed,
        callback_extension=report.callback_extension,
        problem_description=report.problem_description,
        maintenance_result=report.maintenance_result,
        terms=FeeTerms.from_json(report.consent.terms),
        joined=report.joined,
        sees_everything=report.sees_everything,
    )
