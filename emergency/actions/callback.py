"""The callback: attempts, reaching the customer, missing the deadline."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.acknowledge import stop_paging
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import CallbackAttempt, DueRow, Incident, Staff, Technician
from emergency.rules.deadline import is_met
from emergency.rules.states import Verb, sources

# One tap that arrives twice: nobody dials, waits and hangs up this fast.
DOUBLE_TAP = timedelta(seconds=5)

CLOCK = (
    DueRow.Kind.REMINDER,
    DueRow.Kind.REPAGE,
    DueRow.Kind.DEADLINE,
    DueRow.Kind.LATE,
)


def record_attempt(
    *, incident_id: int, staff: Staff, outcome: str, now: datetime
) -> CallbackAttempt:
    """One attempt to call the customer stands; *reached*, and only it, stops the clock.

    The same outcome by the same person within DOUBLE_TAP is the same attempt. Raises
    Refused (``not_open``) when the incident is no longer open.
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if not incident.is_open:
            raise Refused("not_open")
        repeated = incident.callback_attempts.filter(
            staff=staff, outcome=outcome, at__gt=now - DOUBLE_TAP
        ).first()
        if repeated is not None:
            return repeated
        technician = Technician.objects.filter(staff=staff).first()
        attempt = CallbackAttempt.objects.create(
            incident=incident,
            technician=technician,
            staff=staff,
            at=now,
            outcome=outcome,
        )
        enter(incident, "callback_attempt", now=now, staff=staff, outcome=outcome)
        if outcome == CallbackAttempt.Outcome.REACHED:
            _reach(incident, technician, staff, now)
    return attempt


def _reach(
    incident: Incident, technician: Technician | None, staff: Staff, now: datetime
) -> None:
    """The customer is reached; a second *reached* changes nothing."""
    if incident.status not in sources(Verb.REACH):
        return
    in_time = is_met(now, incident.callback_deadline_at)
    incident.status = Incident.Status.REACHED
    incident.reached_at = now
    incident.owner = incident.owner or technician
    # The tick that records a miss may be late, or a moment quicker than whoever reached
    # the customer in the last second; the truth is the clock.
    if in_time:
        incident.callback_outcome = Incident.CallbackOutcome.MET
        incident.missed_at = None
    elif incident.callback_outcome == Incident.CallbackOutcome.PENDING:
        incident.callback_outcome = Incident.CallbackOutcome.MISSED
        incident.missed_at = incident.callback_deadline_at
        enter(incident, "deadline_missed", now=now)
    incident.save(
        update_fields=["status", "reached_at", "owner", "callback_outcome", "missed_at"]
    )
    stop_paging(incident=incident, now=now)
    DueRow.objects.filter(
        incident=incident, kind__in=CLOCK, done_at__isnull=True
    ).update(done_at=now)
    enter(
        incident,
        "reached",
        now=now,
        staff=staff,
        in_time=incident.callback_outcome == Incident.CallbackOutcome.MET,
        seconds=round((now - incident.opened_at).total_seconds()),
    )
