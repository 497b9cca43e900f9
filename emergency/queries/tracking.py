"""What the customer may see of an incident, by the secret of the tracking page."""

from dataclasses import dataclass, replace
from datetime import datetime

from emergency.models import CallbackAttempt, Feedback, Incident, Page, Proposal, Report
from emergency.models.report import hash_token
from emergency.queries.aftermath import Aftermath, aftermath
from emergency.queries.agreements import Agreements, agreements
from emergency.queries.dialling import number_to_ring, numbers_given
from emergency.queries.mail import mail_address
from emergency.queries.order_rights import Rights, rights
from emergency.queries.read_back import read_back_code
from emergency.rules.progress import Facts
from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class Whole:
    """What only those are shown who may see everything. Instants are aware UTC.

    ``paged_people`` is how many technicians a page has left the house for;
    ``next_attempt_at`` is what the technician said after the last fruitless call;
    ``feedback`` is the newest one. ``calls`` are our calls to the numbers that the
    customer gave; what is on file for the account is not theirs to see.
    """

    paged_people: int
    calls: tuple[CallbackAttempt, ...]
    next_attempt_at: datetime | None
    feedback: Feedback | None
    agreements: Agreements
    proposals: tuple[Proposal, ...]
    aftermath: Aftermath
    rights: Rights


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """The customer's view. Instants are aware UTC.

    ``facts`` hold no more than this report may see. ``owner_first_name`` is empty until
    somebody has taken the incident; ``hotline`` is the number to ring, and the one that
    shows when we call; ``mail_address`` takes mail about it, where a mailbox is read.
    ``whole`` is None for a report that joined an incident and whose caller nobody has
    confirmed: it is shown its own text, received, taken and "we call by", and has no
    rights over the order. This is the one place that decides it.
    """

    report: Report
    incident: Incident
    reference: str
    language: str
    facts: Facts
    owner_first_name: str
    hotline: str
    mail_address: str
    code: str
    server_names: tuple[str, ...]
    terms: FeeTerms
    whole: Whole | None

    @property
    def is_over(self) -> bool:
        """Whether nothing of the page will change by itself any more."""
        documented = self.facts.documented_at is not None
        return documented or self.facts.status == Incident.Status.CANCELLED


def report_behind(token: str) -> Report | None:
    """The report behind this secret, its own or the one that messages bring; None when
    the secret opens nothing. One whose link was revoked is found all the same;
    ``is_revoked`` tells."""
    hashed = hash_token(token)
    reports = Report.objects.select_related(
        "incident__owner", "incident__account", "consent"
    ).prefetch_related("servers")
    own = reports.filter(token_hash=hashed).first()
    return own or reports.filter(links__token_hash=hashed).first()


def is_revoked(report: Report) -> bool:
    """Whether the desk has taken the report's link back."""
    return hasattr(report, "revoked_link")


def tracking(report: Report, now: datetime) -> Tracking:
    """What this report's page shows at ``now``."""
    incident = report.incident
    sees = report.sees_everything
    given = numbers_given(incident)
    calls = [
        call
        for call in incident.callback_attempts.select_related("bridge")
        if call.number in {"", *given}
    ]
    attempts = [call for call in calls if call.outcome != "reached"]
    owner = incident.owner if incident.status != Incident.Status.PAGING else None
    return Tracking(
        report=report,
        incident=incident,
        reference=incident.reference,
        language=report.language,
        facts=_facts(incident, attempts, sees=sees),
        owner_first_name=owner.first_name if owner else "",
        hotline=number_to_ring(now),
        mail_address=mail_address(),
        code=read_back_code(report),
        server_names=tuple(named.typed for named in report.servers.all()),
        terms=FeeTerms.from_json(report.consent.terms),
        whole=_whole(report, calls, now) if sees else None,
    )


def _facts(incident: Incident, attempts: list[CallbackAttempt], *, sees: bool) -> Facts:
    taken = incident.status != Incident.Status.PAGING and incident.owner is not None
    first_page = (
        incident.pages.filter(sent_at__isnull=False)
        .order_by("sent_at")
        .values_list("sent_at", flat=True)
        .first()
    )
    known = Facts(
        status=incident.status,
        opened_at=incident.opened_at,
        deadline_at=incident.callback_deadline_at,
        paged_at=first_page,
        taken_at=incident.acknowledged_at if taken else None,
    )
    if not sees:
        return known
    feedback = incident.feedback.order_by("at", "pk").first()
    document = incident.documents.order_by("issued_at", "pk").first()
    return replace(
        known,
        attempts=tuple(attempt.at for attempt in attempts),
        reached_at=incident.reached_at,
        findings_at=feedback.at if feedback else None,
        solved_at=incident.resolved_at,
        documented_at=document.issued_at if document else None,
    )


def _whole(report: Report, calls: list[CallbackAttempt], now: datetime) -> Whole:
    incident = report.incident
    in_vain = [call for call in calls if call.outcome != "reached"]
    told = in_vain[-1].next_at if in_vain else None
    return Whole(
        paged_people=incident.pages.filter(
            purpose=Page.Purpose.EMERGENCY, sent_at__isnull=False
        )
        .values("technician")
        .distinct()
        .count(),
        calls=tuple(calls),
        next_attempt_at=told if told is not None and told > now else None,
        feedback=incident.feedback.prefetch_related("services").last(),
        agreements=agreements(incident),
        proposals=tuple(incident.proposals.select_related("answer")),
        aftermath=aftermath(report),
        rights=rights(report, now),
    )
