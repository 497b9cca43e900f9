"""Cancelling before the callback: by the customer, or by the desk at their word."""

from datetime import datetime

from django.db import transaction

from emergency.actions.callback import stop_clock
from emergency.actions.joining import leave
from emergency.actions.owner_notice import tell_owner
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timer_due import await_timers
from emergency.actions.timer_end import end_all
from emergency.models import Cancellation, Incident, Report, Staff
from emergency.queries.order_rights import cancelling
from emergency.rules.states import Verb, sources


def cancel(*, incident_id: int, staff: Staff, now: datetime) -> Incident:
    """The customer gave up before being reached, as ``staff`` was told: paging and
    clock stop. Whether a fee is due is recorded; accounting looks at it. Raises Refused
    (``wrong_state``)."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if incident.status not in sources(Verb.CANCEL):
            raise Refused("wrong_state")
        _end(incident, now, staff=staff)
    return incident


def cancel_order(*, report_id: int, stated_free: bool, now: datetime) -> Cancellation:
    """The customer has cancelled on the tracking page, at the cost that stood there;
    cancelling again changes nothing, and others who reported are called all the same.

    Raises Refused: ``cost_has_changed`` when it was stated to be free and is not any
    more, ``too_late_to_cancel`` once we have spoken with the customer.
    """
    with transaction.atomic():
        report = Report.objects.get(pk=report_id)
        incident = Incident.objects.select_for_update(no_key=True).get(
            pk=report.incident_id
        )
        if incident.status == Incident.Status.CANCELLED:
            return incident.cancellation
        if incident.status not in sources(Verb.CANCEL):
            raise Refused("too_late_to_cancel")
        if stated_free and not cancelling(incident, now).free:
            raise Refused("cost_has_changed")
        own = leave(incident=incident, report=report, now=now)
        return _end(own, now, report=report)


def end_withdrawn(*, incident: Incident, report: Report, now: datetime) -> None:
    """Nobody is called about a contract that the customer has withdrawn from. The
    caller holds the row; an incident that has gone further stays as it is."""
    if incident.status in sources(Verb.CANCEL):
        _end(leave(incident=incident, report=report, now=now), now, report=report)


def _end(
    incident: Incident,
    now: datetime,
    *,
    staff: Staff | None = None,
    report: Report | None = None,
) -> Cancellation:
    terms = cancelling(incident, now)
    incident.status = Incident.Status.CANCELLED
    incident.cancelled_at = now
    incident.closed_at = now
    incident.cause = incident.cause or Incident.Cause.UNDETERMINED
    incident.save(update_fields=["status", "cancelled_at", "closed_at", "cause"])
    stop_clock(incident=incident, now=now)
    end_all(incident=incident, staff=staff, now=now)
    await_timers(incident=incident, now=now)
    enter(
        incident,
        "cancelled",
        now=now,
        staff=staff,
        by="desk" if staff else "customer",
        free=terms.free,
    )
    if report is not None and terms.taken_at is not None:
        tell_owner(incident=incident, code="customer_cancelled", now=now)
    return Cancellation.objects.create(
        incident=incident,
        at=now,
        free=terms.free,
        free_until=terms.free_until,
        taken_at=terms.taken_at,
        report=report,
        staff=staff,
    )
