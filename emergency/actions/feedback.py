"""The qualified feedback: what a technician found out first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.message import tell_customer
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timer_due import still_at_it
from emergency.models import Feedback, Incident, Message, ServiceState, Staff
from emergency.queries.findings_words import findings_in_words
from emergency.queries.versions import findings_version

# The same findings again so soon were sent twice.
SAME_FEEDBACK = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One service of one server and its state; codes of ServiceState."""

    server_name: str
    service: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What is found; codes of Feedback. ``next_step`` is text for the customer."""

    network: str
    application_ruled_out: str
    next_step: str
    services: frozenset[Judged]


def give_feedback(
    *,
    incident_id: int,
    staff: Staff,
    findings: Findings,
    seen: str = "",
    now: datetime,
) -> Feedback:
    """The customer reads these findings on the tracking page, and is sent them in their
    language; earlier ones are kept.

    The same findings by the same person within SAME_FEEDBACK are the same feedback.
    ``seen`` is the ``findings_version`` that was read before. Raises Refused
    (``not_open``, ``findings_changed``).
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if not incident.is_open:
            raise Refused("not_open")
        last = incident.feedback.filter(staff=staff, at__gt=now - SAME_FEEDBACK).last()
        if last is not None and _found(last) == findings:
            return last
        if seen and seen != findings_version(incident):
            raise Refused("findings_changed")
        feedback = _write(incident, staff, findings, now)
        incident.active_at = now
        incident.save(update_fields=["active_at"])
        still_at_it(incident=incident, staff=staff, now=now)
        enter(
            incident,
            "feedback_given",
            now=now,
            staff=staff,
            feedback=feedback.pk,
            network=findings.network,
            application=findings.application_ruled_out,
        )
        _tell(incident, feedback, now)
    return feedback


def _tell(incident: Incident, feedback: Feedback, now: datetime) -> None:
    """Whoever sees everything is told in their own language."""
    for report in incident.reports.order_by("ordered_at", "pk"):
        if report.sees_everything:
            tell_customer(
                incident=incident,
                purpose=Message.Purpose.FINDINGS,
                report=report,
                values=findings_in_words(feedback, report.language),
                now=now,
            )


def _write(
    incident: Incident, staff: Staff, findings: Findings, now: datetime
) -> Feedback:
    feedback = Feedback.objects.create(
        incident=incident,
        staff=staff,
        at=now,
        network=findings.network,
        application_ruled_out=findings.application_ruled_out,
        next_step=findings.next_step,
    )
    judged = sorted(findings.services, key=lambda one: (one.server_name, one.service))
    ServiceState.objects.bulk_create(
        ServiceState(
            feedback=feedback,
            server_name=one.server_name,
            service=one.service,
            state=one.state,
        )
        for one in judged
    )
    return feedback


def _found(feedback: Feedback) -> Findings:
    return Findings(
        network=feedback.network,
        application_ruled_out=feedback.application_ruled_out,
        next_step=feedback.next_step,
        services=frozenset(
            Judged(server_name=one.server_name, service=one.service, state=one.state)
            for one in feedback.services.all()
        ),
    )
