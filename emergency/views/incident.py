"""One incident: its page, and the doors for taking it, calling and writing notes."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency import billable
from emergency.actions import acknowledge, callback, cancellation, closing
from emergency.actions.refusal import Refused
from emergency.desk_forms import AttemptForm, NoteForm
from emergency.models import CallbackAttempt, Incident, Staff, Technician
from emergency.queries.bridge import bridge_view
from emergency.queries.customer_side import customer_side
from emergency.queries.dialling import numbers_for
from emergency.queries.incident import IncidentView, head_of, incident_view
from emergency.queries.reportable import lines_of
from emergency.queries.timers import missing_time, running_timers, timers_view
from emergency.queries.versions import (
    charge_version,
    end_version,
    findings_version,
)
from emergency.rules.disposition import findings_are_due
from emergency.terms import PriceExplanation, price_explanation
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    bridge_for,
    incident_for,
    staff_required,
)
from emergency.views.cost import desk_cost
from emergency.views.desk import etag_of, fragment_response
from emergency.views.incident_forms import fresh_forms


@staff_required(*DESK_ROLES)
@require_safe
def show_incident(request: StaffRequest, reference: str) -> HttpResponse:
    """Everything about this incident, the next step first."""
    incident = incident_for(request.user, reference)
    return incident_page(request, incident, timezone.now())


@staff_required(*DESK_ROLES)
@require_safe
def incident_fragment(request: StaffRequest, reference: str) -> HttpResponse:
    """State and clock; 304 when they read as before."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    return fragment_response(request, _head_fragment(request, incident, now), now)


@staff_required(*DESK_ROLES)
@require_POST
def take(request: StaffRequest, reference: str) -> HttpResponse:
    """The signed-in technician has it, or is told who has."""
    incident = incident_for(request.user, reference)
    technician = technician_of(request.user)
    if technician is None:
        messages.error(request, str(Refused("no_technician")))
    elif incident.status == Incident.Status.ACKNOWLEDGED and (
        incident.owner_id == technician.pk
    ):
        messages.info(request, _("You have it already."))
    else:
        now = timezone.now()
        taken = acknowledge.acknowledge(
            incident_id=incident.pk, technician=technician, now=now, via="desk"
        )
        _say_who_has_it(request, taken, now)
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def release(request: StaffRequest, reference: str) -> HttpResponse:
    """Nobody has it and paging starts again."""
    incident = incident_for(request.user, reference)
    released = acknowledge.release(
        incident_id=incident.pk, staff=request.user, now=timezone.now()
    )
    if released:
        messages.success(request, _("Released. Paging starts again from the top."))
    else:
        messages.info(request, _("Nobody has it at the moment. Nothing was changed."))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def attempt(request: StaffRequest, reference: str) -> HttpResponse:
    """A call to the customer is recorded; *reached* stops the clock."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    numbers = numbers_for(incident)
    form = AttemptForm(
        request.POST, numbers=numbers.offered, on_file=numbers.only_on_file
    )
    if not form.is_valid():
        return incident_page(request, incident, now, attempt=form)
    outcome = form.cleaned_data["outcome"]
    try:
        callback.record_attempt(
            incident_id=incident.pk,
            staff=request.user,
            outcome=outcome,
            number=form.dialled(),
            next_in=form.cleaned_data["next_in"],
            bridge=bridge_for(request.user, incident, form.cleaned_data["bridge"]),
            now=now,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _what_follows(incident, outcome))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def note(request: StaffRequest, reference: str) -> HttpResponse:
    """A note stands for colleagues to read."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return incident_page(request, incident, now, note=form)
    closing.add_note(
        incident_id=incident.pk,
        staff=request.user,
        text=form.cleaned_data["text"],
        now=now,
    )
    messages.success(request, _("Note saved."))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def cancel(request: StaffRequest, reference: str) -> HttpResponse:
    """Paging and clock stop; accounting decides about the fee."""
    incident = incident_for(request.user, reference)
    if incident.status == Incident.Status.CANCELLED:
        messages.info(request, _("It is cancelled already."))
        return redirect("emergency:incident", reference)
    try:
        cancellation.cancel(
            incident_id=incident.pk, staff=request.user, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Cancelled. Paging and the clock have stopped."))
    return redirect("emergency:incident", reference)


def incident_page(
    request: StaffRequest, incident: Incident, now: datetime, **bound: forms.Form
) -> HttpResponse:
    """The incident's page. ``bound`` forms were refused and keep what was typed; the
    page then answers 422 and shows what somebody else may have changed meanwhile."""
    if bound:
        incident = incident_for(request.user, incident.reference)
    view = incident_view(incident, now)
    side = customer_side(incident)
    fragment = _head_fragment(request, incident, now)
    own = technician_of(request.user)
    bridge = bridge_view(incident, own, now)
    filled: dict[str, forms.Form] = fresh_forms(view, side, bridge, own, now) | bound
    return render(
        request,
        "emergency/desk_incident.html",
        {
            "area": "board",
            "view": view,
            "incident": incident,
            "report": view.report,
            "fragment": fragment,
            "etag": etag_of(fragment),
            "forms": filled,
            "refused": set(bound),
            "own": own,
            "asked": view.asks(own),
            "mine": own is not None and incident.owner_id == own.pk,
            "price": _price(incident, view, now),
            "timers": timers_view(incident, own, now),
            "missing": missing_time(incident, [line.entry for line in view.entries])
            if view.next_step == "close"
            else [],
            "findings_due": findings_are_due(
                incident.disposition,
                reached=incident.reached_at is not None,
                given=bool(side.feedback),
            ),
            "seen": {
                "end": end_version(incident),
                "charge": charge_version(incident),
                "findings": findings_version(incident),
            },
            "customer": side,
            "bridge": bridge,
            "cases": lines_of(incident, now),
            "now": now,
            # The address of a refused form answers no GET.
            "return_to": reverse("emergency:incident", args=[incident.reference]),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK,
    )


def technician_of(staff: Staff) -> Technician | None:
    """The person as a technician, if they are one."""
    return Technician.objects.filter(staff=staff).first()


def add_refusal(form: forms.Form, refusal: Refused) -> None:
    """The refusal stands beside its input, or above the form when it has none."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))


def _head_fragment(request: StaffRequest, incident: Incident, now: datetime) -> str:
    return render_to_string(
        "emergency/_desk_incident_head.html",
        {
            "head": head_of(incident, now),
            "incident": incident,
            "timers_now": running_timers(incident, now),
            "cost": desk_cost(incident, now),
            "now": now,
        },
        request,
    )


def _price(
    incident: Incident, view: IncidentView, now: datetime
) -> PriceExplanation | None:
    """What closing would charge, when that is the next step."""
    if view.next_step != "close":
        return None
    return price_explanation(billable.preview(incident.reference, now=now))


def _what_follows(incident: Incident, outcome: str) -> str:
    """What the recorded call has led to."""
    incident.refresh_from_db(fields=["status"])
    if outcome == CallbackAttempt.Outcome.REACHED:
        return _("Noted: the customer is reached. The clock has stopped.")
    if incident.status == Incident.Status.UNREACHED:
        return _("Noted. We wait for the customer now; nobody is paged any more.")
    return _("Noted. The clock runs on until the customer is reached.")


def _say_who_has_it(
    request: StaffRequest, taken: acknowledge.Taken, now: datetime
) -> None:
    if taken.won:
        deadline = taken.incident.callback_deadline_at
        words = (
            _("You have it. Call the customer by %(at)s.")
            if now <= deadline
            else _("You have it. The deadline was %(at)s: call the customer now.")
        )
        at = date_format(timezone.localtime(deadline), "H:i")
        messages.success(request, words % {"at": at})
    elif taken.owner is not None:
        since = taken.incident.acknowledged_at
        words = _("%(name)s has it since %(at)s. There is nothing to do for you.")
        at_text = date_format(timezone.localtime(since), "H:i") if since else "–"
        values: dict[str, Any] = {"name": taken.owner, "at": at_text}
        messages.info(request, words % values)
    else:
        messages.info(request, _("It has ended already. There is nothing to do."))
