"""Asking before charging: limits, proposals and answers."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from emergency.actions.owner_notice import tell_owner
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Answer, CostLimit, Incident, Proposal, Report, Staff
from emergency.queries.agreements import (
    agreements,
    analysis_question,
    limit_question,
    terms_of,
)


def set_limit(*, report_id: int, gross: Decimal | None, now: datetime) -> CostLimit:
    """The customer is asked before it costs more than ``gross``; None takes the limit
    back. Setting the same again changes nothing. Raises Refused (``not_open``)."""
    with transaction.atomic():
        report = Report.objects.select_related("consent").get(pk=report_id)
        incident = _open(report.incident_id)
        last = CostLimit.objects.filter(report__incident=incident).last()
        if last is not None and last.gross == gross:
            return last
        limit = CostLimit.objects.create(
            report=report,
            at=now,
            gross=gross,
            currency=terms_of(incident).currency,
        )
        enter(
            incident,
            "cost_limit_set" if gross is not None else "cost_limit_lifted",
            now=now,
            amount=f"{gross:.2f} {limit.currency}" if gross is not None else "",
        )
    return limit


def propose_analysis(*, incident_id: int, staff: Staff, now: datetime) -> Proposal:
    """The customer is asked whether we may analyse the application at the hourly rate
    of the order. A question that is still open is not asked again. Raises Refused
    (``not_open``)."""
    with transaction.atomic():
        incident = _open(incident_id)
        asked = _unanswered(incident, Proposal.Kind.APPLICATION_ANALYSIS)
        if asked is not None:
            return asked
        terms = terms_of(incident)
        language = _language(incident)
        proposal = Proposal.objects.create(
            incident=incident,
            kind=Proposal.Kind.APPLICATION_ANALYSIS,
            at=now,
            staff=staff,
            currency=terms.currency,
            hourly_net=terms.application_analysis_hourly_net,
            hourly_gross=terms.application_analysis_hourly_gross,
            language=language,
            text=analysis_question(terms, language),
        )
        _note(incident, proposal, staff, now)
    return proposal


def propose_beyond_limit(
    *, incident_id: int, staff: Staff, gross: Decimal, now: datetime
) -> Proposal:
    """The customer is asked whether it may cost up to ``gross``, beyond their limit.

    Raises Refused: ``not_open``, ``no_limit``, ``within_limit``.
    """
    with transaction.atomic():
        incident = _open(incident_id)
        asked = _unanswered(incident, Proposal.Kind.BEYOND_LIMIT)
        if asked is not None and asked.limit_gross == gross:
            return asked
        limit = agreements(incident).limit
        if limit is None or limit.gross is None:
            raise Refused("no_limit")
        if gross <= limit.gross:
            raise Refused("within_limit", field="gross")
        language = _language(incident)
        proposal = Proposal.objects.create(
            incident=incident,
            kind=Proposal.Kind.BEYOND_LIMIT,
            at=now,
            staff=staff,
            currency=limit.currency,
            limit_gross=gross,
            language=language,
            text=limit_question(limit, gross, language),
        )
        _note(incident, proposal, staff, now)
    return proposal


def answer_on_page(
    *, report_id: int, proposal_id: int, accepted: bool, now: datetime
) -> Answer:
    """The customer has answered on the tracking page, once. Raises Refused
    (``answered_already`` when it was answered differently)."""
    with transaction.atomic():
        report = Report.objects.get(pk=report_id)
        proposal = _locked(report.incident_id, proposal_id)
        return _answer(proposal, accepted, now, via=Answer.Via.TRACKING, report=report)


def record_spoken_answer(
    *,
    incident_id: int,
    proposal_id: int,
    staff: Staff,
    accepted: bool,
    spoken_by: str,
    now: datetime,
) -> Answer:
    """What ``spoken_by`` said on the telephone stands, as ``staff`` heard it. Raises
    Refused (``answered_already``)."""
    with transaction.atomic():
        proposal = _locked(incident_id, proposal_id)
        return _answer(
            proposal,
            accepted,
            now,
            via=Answer.Via.TELEPHONE,
            staff=staff,
            spoken_by=spoken_by,
        )


def _answer(
    proposal: Proposal,
    accepted: bool,
    now: datetime,
    *,
    via: str,
    report: Report | None = None,
    staff: Staff | None = None,
    spoken_by: str = "",
) -> Answer:
    verdict = Answer.Verdict.ACCEPTED if accepted else Answer.Verdict.DECLINED
    given: Answer | None = getattr(proposal, "answer", None)
    if given is not None:
        if given.verdict != verdict:
            raise Refused("answered_already")
        return given
    answer = Answer.objects.create(
        proposal=proposal,
        verdict=verdict,
        at=now,
        via=via,
        report=report,
        staff=staff,
        spoken_by=spoken_by,
    )
    enter(
        proposal.incident,
        "proposal_answered",
        now=now,
        staff=staff,
        proposal=proposal.pk,
        proposed=proposal.kind,
        verdict=verdict.value,
        answered_via=via,
    )
    if report is not None:
        tell_owner(incident=proposal.incident, code="customer_answered", now=now)
    return answer


def _note(incident: Incident, proposal: Proposal, staff: Staff, now: datetime) -> None:
    incident.active_at = now
    incident.save(update_fields=["active_at"])
    enter(
        incident,
        "proposal_made",
        now=now,
        staff=staff,
        proposal=proposal.pk,
        proposed=proposal.kind,
    )


def _open(incident_id: int) -> Incident:
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if not incident.is_open:
        raise Refused("not_open")
    return incident


def _locked(incident_id: int, proposal_id: int) -> Proposal:
    """The proposal, whose incident's row is held. Raises Proposal.DoesNotExist."""
    Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    return Proposal.objects.select_related("incident").get(
        pk=proposal_id, incident_id=incident_id
    )


def _unanswered(incident: Incident, kind: str) -> Proposal | None:
    return incident.proposals.filter(kind=kind, answer__isnull=True).last()


def _language(incident: Incident) -> str:
    return incident.reports.order_by("ordered_at", "pk")[0].language
