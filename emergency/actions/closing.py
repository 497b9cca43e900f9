"""The end of an incident: cause, resolution, closing, notes."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.idle import ask_when_idle, stop_asking
from emergency.actions.message import tell_customer
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timer_due import await_timers, still_at_it
from emergency.actions.timer_end import end_all
from emergency.models import Incident, Message, Note, Staff
from emergency.queries.versions import charge_version, end_version
from emergency.rules.cost import CostAt
from emergency.rules.disposition import findings_are_due
from emergency.rules.states import Verb, sources

# The same words again so soon are one note that was sent twice.
SAME_NOTE = timedelta(seconds=60)


def resolve(
    *,
    incident_id: int,
    staff: Staff,
    cause: str,
    resolution: str,
    disposition: str = Incident.Disposition.SOLVED,
    seen: str = "",
    cost_at: CostAt | None = None,
    now: datetime,
) -> Incident:
    """Work is finished, its cause is named and what it was; every timer has stopped.
    A drill ends as a drill, whatever is said, and nothing else does.

    ``seen`` is the ``end_version`` that whoever decides had before them;
    ``cost_at`` the gross amount with the running timers. Raises Refused
    (``cause_missing``, ``disposition_missing``, ``wrong_state``, ``end_changed``).
    """
    if cause not in Incident.Cause.values:
        raise Refused("cause_missing", field="cause")
    with transaction.atomic():
        incident = _locked(incident_id, Verb.RESOLVE)
        if seen and seen != end_version(incident):
            raise Refused("end_changed")
        incident.status = Incident.Status.RESOLVED
        incident.cause = cause
        incident.disposition = _disposition(incident, disposition)
        incident.resolution = resolution
        incident.resolved_at = now
        incident.save(
            update_fields=[
                *("status", "cause", "disposition", "resolution", "resolved_at"),
            ]
        )
        end_all(incident=incident, staff=staff, cost_at=cost_at, now=now)
        await_timers(incident=incident, now=now)
        stop_asking(incident=incident, now=now)
        enter(
            incident,
            "resolved",
            now=now,
            staff=staff,
            cause=cause,
            disposition=incident.disposition,
        )
        tell_customer(incident=incident, purpose=Message.Purpose.RESOLVED, now=now)
    return incident


def _disposition(incident: Incident, said: str) -> str:
    drill = Incident.Disposition.DRILL.value
    if incident.is_drill:
        return drill
    if said not in Incident.Disposition.values or said == drill:
        raise Refused("disposition_missing", field="disposition")
    return said


def reopen(*, incident_id: int, staff: Staff | None, now: datetime) -> Incident:
    """Work goes on; nothing logged is lost; without ``staff`` the customer said that it
    is not solved. Without having been reached, the customer
    is waited for again. Raises Refused (``wrong_state``)."""
    with transaction.atomic():
        incident = _locked(incident_id, Verb.REOPEN)
        reached = incident.reached_at is not None
        incident.status = (
            Incident.Status.REACHED if reached else Incident.Status.UNREACHED
        )
        incident.resolved_at = None
        incident.active_at = now
        incident.save(update_fields=["status", "resolved_at", "active_at"])
        ask_when_idle(incident=incident, now=now)
        enter(incident, "reopened", now=now, staff=staff)
    return incident


def close(*, incident_id: int, staff: Staff, seen: str = "", now: datetime) -> Incident:
    """No more time may be added; billing may pull the incident. ``seen`` is the
    ``charge_version`` whose price was looked through.

    Raises Refused: ``wrong_state``, ``charge_changed``, ``time_waits`` while time that
    nobody confirmed waits for review, ``findings_missing`` while the customer was
    reached and has not been told what was found.
    """
    with transaction.atomic():
        incident = _locked(incident_id, Verb.CLOSE)
        if seen and seen != charge_version(incident):
            raise Refused("charge_changed")
        if incident.timers.waiting().exists():
            raise Refused("time_waits")
        if findings_are_due(
            incident.disposition,
            reached=incident.reached_at is not None,
            given=incident.feedback.exists(),
        ):
            raise Refused("findings_missing")
        incident.status = Incident.Status.CLOSED
        incident.closed_at = now
        incident.save(update_fields=["status", "closed_at"])
        enter(incident, "closed", now=now, staff=staff)
    return incident


def add_note(*, incident_id: int, staff: Staff, text: str, now: datetime) -> Note:
    """A colleague can read this note; its text stands outside the timeline.

    The same text by the same person within SAME_NOTE is the same note."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        repeated = incident.notes.filter(
            staff=staff, text=text, at__gt=now - SAME_NOTE
        ).first()
        if repeated is not None:
            return repeated
        note = Note.objects.create(incident=incident, staff=staff, at=now, text=text)
        incident.active_at = now
        incident.save(update_fields=["active_at"])
        still_at_it(incident=incident, staff=staff, now=now)
        enter(incident, "note_added", now=now, staff=staff, note=note.pk)
    return note


def _locked(incident_id: int, verb: Verb) -> Incident:
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if incident.status not in sources(verb):
        raise Refused("wrong_state")
    return incident
