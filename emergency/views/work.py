"""The work on an incident: time, cause, resolution, closing."""

from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emergency.actions import closing, timelog
from emergency.actions.refusal import Refused
from emergency.desk_forms import TimeForm
from emergency.models import Incident, TimeEntry
from emergency.queries.agreements import agreements
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    staff_required,
    time_entry_for,
)
from emergency.views.cost import cost_if_stopped, cost_with
from emergency.views.incident import add_refusal, incident_page, technician_of
from emergency.work_forms import AmendForm, ResolveForm, times_of


@staff_required(*DESK_ROLES)
@require_POST
def log_time(request: StaffRequest, reference: str) -> HttpResponse:
    """A time entry of the signed-in technician (or the one named) stands."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    own = technician_of(request.user)
    form = TimeForm(request.POST, own=own, auto_id="time_%s")
    if form.is_valid():
        try:
            timelog.log_time(
                incident_id=incident.pk,
                technician=form.worker(),
                staff=request.user,
                kind=form.cleaned_data["kind"],
                started_at=form.cleaned_data["started_at"],
                ended_at=form.cleaned_data["ended_at"],
                billable=form.cleaned_data["billable"],
                waiver_reason=form.cleaned_data["waiver_reason"],
                would_cost=cost_with(
                    incident,
                    kind=form.cleaned_data["kind"],
                    started_at=form.cleaned_data["started_at"],
                    ended_at=form.cleaned_data["ended_at"],
                ),
                now=now,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Time saved."))
            if _not_agreed(incident, form):
                messages.warning(
                    request,
                    _(
                        "The customer has not agreed to application analysis yet. Ask"
                        " and record the answer; until then accounting holds it."
                    ),
                )
            return redirect("emergency:incident", reference)
    return incident_page(request, incident, now, time=form)


def _not_agreed(incident: Incident, form: TimeForm) -> bool:
    """Whether this charged time is analysis to which the customer has not agreed."""
    analysis = form.cleaned_data["kind"] == TimeEntry.Kind.APPLICATION_ANALYSIS
    charged = analysis and form.cleaned_data["billable"]
    return charged and not agreements(incident).analysis


@staff_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def amend_time(request: StaffRequest, reference: str, entry_id: int) -> HttpResponse:
    """A new version of the entry stands, with its reason; the old one is kept."""
    incident = incident_for(request.user, reference)
    entry = time_entry_for(request.user, incident, entry_id)
    form = AmendForm(
        request.POST if request.method == "POST" else None,
        own=entry.technician,
        initial=times_of(entry),
        auto_id="time_%s",
    )
    if form.is_valid():
        try:
            timelog.amend_time(
                entry_id=entry.pk,
                staff=request.user,
                kind=form.cleaned_data["kind"],
                started_at=form.cleaned_data["started_at"],
                ended_at=form.cleaned_data["ended_at"],
                billable=form.cleaned_data["billable"],
                waiver_reason=form.cleaned_data["waiver_reason"],
                reason=form.cleaned_data["reason"],
                would_cost=cost_with(
                    incident,
                    kind=form.cleaned_data["kind"],
                    started_at=form.cleaned_data["started_at"],
                    ended_at=form.cleaned_data["ended_at"],
                    instead_of=entry.pk,
                ),
                now=timezone.now(),
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Amended. The earlier version is kept."))
            return redirect("emergency:incident", reference)
    return render(
        request,
        "emergency/desk_amend.html",
        {"area": "board", "incident": incident, "entry": entry, "form": form},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


@staff_required(*DESK_ROLES)
@require_POST
def resolve(request: StaffRequest, reference: str) -> HttpResponse:
    """Work is finished and its cause is named."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    form = ResolveForm(request.POST, auto_id="resolve_%s")
    if form.is_valid():
        if _is_repeated(incident, form):
            messages.info(request, _("It is resolved already."))
            return redirect("emergency:incident", reference)
        try:
            closing.resolve(
                incident_id=incident.pk,
                staff=request.user,
                cause=form.cleaned_data["cause"],
                resolution=form.cleaned_data["resolution"],
                disposition=form.cleaned_data["disposition"],
                seen=request.POST.get("seen", ""),
                cost_at=partial(cost_if_stopped, incident),
                now=now,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            words = _("Resolved. Look through the charge, then close.")
            messages.success(request, words)
            return redirect("emergency:incident", reference)
    return incident_page(request, incident, now, resolve=form)


@staff_required(*DESK_ROLES)
@require_POST
def reopen(request: StaffRequest, reference: str) -> HttpResponse:
    """Work goes on; nothing logged is lost."""
    incident = incident_for(request.user, reference)
    try:
        closing.reopen(incident_id=incident.pk, staff=request.user, now=timezone.now())
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Opened again. Nothing is lost."))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def close(request: StaffRequest, reference: str) -> HttpResponse:
    """No more time may be added and billing may pull the incident."""
    incident = incident_for(request.user, reference)
    if incident.status == Incident.Status.CLOSED:
        messages.info(request, _("It is closed already."))
        return redirect("emergency:incident", reference)
    try:
        closing.close(
            incident_id=incident.pk,
            staff=request.user,
            seen=request.POST.get("seen", ""),
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Closed. It was a drill: nothing is charged or counted.")
            if incident.is_drill
            else _("Closed. Accounting sees it within seconds."),
        )
    return redirect("emergency:incident", reference)


def _is_repeated(incident: Incident, form: ResolveForm) -> bool:
    """Whether the same words stand already: the button was pressed twice."""
    disposition = form.cleaned_data["disposition"]
    return (
        incident.status == Incident.Status.RESOLVED
        and incident.cause == form.cleaned_data["cause"]
        and (incident.is_drill or incident.disposition == disposition)
        and incident.resolution == form.cleaned_data["resolution"]
    )
