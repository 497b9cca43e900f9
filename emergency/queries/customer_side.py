"""What the desk shows of the customer's side: the codes, and what the customer said."""

from dataclasses import dataclass

from django.conf import settings

from emergency.models import (
    AddedFact,
    AddedFile,
    AddedNumber,
    Feedback,
    Incident,
    Objection,
    Proposal,
    Report,
    ReportServer,
    SolutionAnswer,
    Withdrawal,
)
from emergency.queries.agreements import Agreements, agreements
from emergency.queries.read_back import read_back_code


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One report: the code to say when calling, and whether its link still opens."""

    report: Report
    code: str
    revoked: bool


@dataclass(frozen=True, kw_only=True)
class CustomerSide:
    """The customer's side of one incident; ``servers`` as they were typed; the
    newest feedback stands first. ``language`` is what the first reporter speaks."""

    reports: tuple[ReportLine, ...]
    language: str
    servers: tuple[str, ...]
    feedback: tuple[Feedback, ...]
    facts: tuple[AddedFact, ...]
    files: tuple[AddedFile, ...]
    numbers: tuple[AddedNumber, ...]
    agreements: Agreements
    proposals: tuple[Proposal, ...]
    objections: tuple[Objection, ...]
    withdrawals: tuple[Withdrawal, ...]
    solution: SolutionAnswer | None


def customer_side(incident: Incident) -> CustomerSide:
    """The customer's side of this incident as it is now."""
    reports = list(
        incident.reports.select_related("revoked_link").order_by("ordered_at", "pk")
    )
    return CustomerSide(
        reports=tuple(
            ReportLine(
                report=report,
                code=read_back_code(report),
                revoked=hasattr(report, "revoked_link"),
            )
            for report in reports
        ),
        language=reports[0].language if reports else settings.LANGUAGE_CODE,
        servers=tuple(servers_named(incident)),
        feedback=tuple(
            incident.feedback.select_related("staff")
            .prefetch_related("services")
            .order_by("-at", "-pk")
        ),
        facts=tuple(AddedFact.objects.filter(report__incident=incident)),
        files=tuple(
            AddedFile.objects.filter(report__incident=incident).defer("content")
        ),
        numbers=tuple(AddedNumber.objects.filter(report__incident=incident)),
        agreements=agreements(incident),
        proposals=tuple(incident.proposals.select_related("answer", "staff")),
        objections=tuple(Objection.objects.filter(report__incident=incident)),
        withdrawals=tuple(Withdrawal.objects.filter(report__incident=incident)),
        solution=SolutionAnswer.objects.filter(report__incident=incident).last(),
    )


def servers_named(incident: Incident) -> list[str]:
    """The servers of all reports, as they were typed."""
    return list(
        ReportServer.objects.filter(report__incident=incident)
        .exclude(typed="")
        .order_by("pk")
        .values_list("typed", flat=True)
    )


def language_of(incident: Incident) -> str:
    """What the first reporter speaks."""
    languages = incident.reports.order_by("ordered_at", "pk")
    first = languages.values_list("language", flat=True).first()
    return first or settings.LANGUAGE_CODE
