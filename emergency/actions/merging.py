"""Two open incidents are one: the older goes on, the younger ends without a fee."""

from datetime import datetime

from django.db import transaction

from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import reach, stop_clock
from emergency.actions.idle import stop_asking
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.actions.timer_due import await_timers
from emergency.models import Incident, Staff
from emergency.rules.joining import JOINABLE_STATES


def merge(
    *, incident_id: int, other_id: int, staff: Staff, now: datetime
) -> tuple[Incident, Incident]:
    """Of the two the older goes on with all reports, notes, calls and time entries: its
    customer has waited longer, so its deadline stands. The younger is merged: nobody is
    paged for it and it is never charged.

    Whoever has the younger has both, unless somebody has the older already; a customer
    who was reached in one was reached. Returns the one that goes on and the other.
    Raises Refused (``wrong_state``, ``other_account``, ``frozen``, ``bridge_runs``,
    ``not_with_a_drill``).
    """
    if incident_id == other_id:
        raise Refused("wrong_state")
    with transaction.atomic():
        locked = Incident.objects.select_for_update(no_key=True).order_by("pk")
        pair = list(locked.filter(pk__in=(incident_id, other_id)))
        if len(pair) != 2 or any(one.status not in JOINABLE_STATES for one in pair):
            raise Refused("wrong_state")
        if any(one.billing_frozen_at is not None for one in pair):
            raise Refused("frozen")
        if pair[0].is_drill != pair[1].is_drill:
            raise Refused("not_with_a_drill")
        stays, goes = sorted(pair, key=lambda one: (one.opened_at, one.pk))
        _one_call_at_a_time(stays, goes)
        _same_account(stays, goes)
        _move(goes, stays)
        _end(goes, stays, staff, now)
        enter(stays, "took_over_reports", now=now, staff=staff, other=goes.reference)
        _go_on(stays, goes, staff, now)
    return stays, goes


def _one_call_at_a_time(stays: Incident, goes: Incident) -> None:
    """Two calls over the bridge cannot both go on in one incident."""
    running = stays.bridges.live().select_related("technician__staff").first()
    if running is not None and goes.bridges.live().exists():
        raise Refused("bridge_runs", technician=running.technician)


def _same_account(stays: Incident, goes: Incident) -> None:
    """What was confirmed for one counts for both."""
    if stays.account_id and goes.account_id and stays.account_id != goes.account_id:
        raise Refused("other_account")
    if stays.caller_confirmed_at is None:
        stays.account = goes.account or stays.account
        stays.caller_confirmed_at = goes.caller_confirmed_at
        stays.save(update_fields=["account", "caller_confirmed_at"])


def _move(goes: Incident, stays: Incident) -> None:
    goes.reports.update(incident=stays, joined=True)
    goes.notes.update(incident=stays)
    goes.bridges.update(incident=stays)
    goes.callback_attempts.update(incident=stays)
    goes.time_entries.update(incident=stays)
    goes.timers.update(incident=stays)
    goes.feedback.update(incident=stays)
    goes.proposals.update(incident=stays)


def _end(goes: Incident, stays: Incident, staff: Staff, now: datetime) -> None:
    stop_clock(incident=goes, now=now)
    stop_asking(incident=goes, now=now)
    await_timers(incident=goes, now=now)
    await_timers(incident=stays, now=now)
    before = goes.status
    Incident.objects.filter(pk=goes.pk).update(
        status=Incident.Status.MERGED, merged_into=stays, closed_at=now
    )
    enter(goes, "merged", now=now, staff=staff, other=stays.reference, was=before)


def _go_on(stays: Incident, goes: Incident, staff: Staff, now: datetime) -> None:
    """The work that was under way for the younger is under way for the older."""
    if goes.owner is not None and stays.status == Incident.Status.PAGING:
        acknowledge(incident_id=stays.pk, technician=goes.owner, now=now, via="desk")
        stays.refresh_from_db()
    if goes.reached_at is not None:
        reach(stays, goes.owner, staff, now, at=goes.reached_at)
