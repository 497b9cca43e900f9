"""Withdrawing from the contract, objecting, and saying whether it is solved."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.cancellation import end_withdrawn
from emergency.actions.closing import reopen
from emergency.actions.message import tell_customer
from emergency.actions.owner_notice import tell_owner
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import (
    Incident,
    Message,
    Objection,
    Report,
    SolutionAnswer,
    Withdrawal,
)
from emergency.queries.order_rights import matters, may_withdraw
from emergency.queries.withdrawal_words import acknowledgement, statement

# One tap that arrives twice.
DOUBLE_TAP = timedelta(seconds=10)


def withdraw(*, report_id: int, name: str, email: str, now: datetime) -> Withdrawal:
    """The consumer has withdrawn, in the confirmed second step. The acknowledgement
    stands word for word; whoever was not called yet is not called any more, and
    accounting is told. Withdrawing again changes nothing.

    Raises Refused (``no_withdrawal``).
    """
    with transaction.atomic():
        report, incident = _locked(report_id)
        if hasattr(report, "withdrawal"):
            return report.withdrawal
        if not may_withdraw(report, now):
            raise Refused("no_withdrawal")
        withdrawal = Withdrawal.objects.create(
            report=report,
            at=now,
            name=name,
            email=email,
            language=report.language,
            acknowledgement=acknowledgement(report, name=name, at=now),
        )
        enter(incident, "withdrawn", now=now, report=report.pk)
        end_withdrawn(incident=incident, report=report, now=now)
        tell_customer(
            incident=incident,
            purpose=Message.Purpose.WITHDRAWAL,
            report=report,
            values={**statement(report, name=name, at=now), "email": email},
            now=now,
        )
    return withdrawal


def object_to(*, report_id: int, about: str, text: str, now: datetime) -> Objection:
    """The customer objects; accounting does not go on before a person has looked at it.
    The same matter again is the same objection.

    Raises Refused (``no_objection``).
    """
    with transaction.atomic():
        report, incident = _locked(report_id)
        raised = report.objections.filter(about=about).first()
        if raised is not None:
            return raised
        if about not in matters(report, now):
            raise Refused("no_objection", field="about")
        objection = Objection.objects.create(
            report=report, about=about, text=text, at=now
        )
        enter(incident, "objected", now=now, report=report.pk, about=about)
    return objection


def objections_seen(*, reference: str, about: Sequence[str], now: datetime) -> None:
    """Billing has taken up what customers object to about these matters; telling it
    twice changes nothing."""
    unseen = Objection.objects.filter(
        report__incident__reference=reference, about__in=about, seen_at__isnull=True
    )
    unseen.update(seen_at=now)


def answer_solution(*, report_id: int, solved: bool, now: datetime) -> bool:
    """What the customer says about the solution stands. True when the incident is open
    again: it was not closed yet and is not solved.

    The same answer within DOUBLE_TAP is the same answer. Raises Refused
    (``not_solved_yet``) before we said that it is.
    """
    with transaction.atomic():
        report, incident = _locked(report_id)
        repeated = report.solution_answers.filter(
            solved=solved, at__gt=now - DOUBLE_TAP
        ).exists()
        if repeated:
            return not solved and incident.is_open
        if incident.status not in {Incident.Status.RESOLVED, Incident.Status.CLOSED}:
            raise Refused("not_solved_yet")
        SolutionAnswer.objects.create(report=report, at=now, solved=solved)
        enter(
            incident,
            "customer_confirms" if solved else "customer_says_unsolved",
            now=now,
            report=report.pk,
        )
        if solved or incident.status == Incident.Status.CLOSED:
            return False
        opened = reopen(incident_id=incident.pk, staff=None, now=now)
        tell_owner(incident=opened, code="customer_unsolved", now=now)
    return True


def _locked(report_id: int) -> tuple[Report, Incident]:
    """The report with its incident, whose row is held."""
    report = Report.objects.get(pk=report_id)
    incident = Incident.objects.select_for_update(no_key=True).get(
        pk=report.incident_id
    )
    report.incident = incident
    return report, incident
