"""Calling the customer from the incident's page: over the bridge, or by oneself."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import bridge
from emergency.actions.refusal import Refused
from emergency.bridge_forms import BridgeForm
from emergency.models import Incident
from emergency.queries.bridge import bridge_view
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    staff_required,
)
from emergency.views.desk import fragment_response
from emergency.views.incident import incident_page, technician_of


@staff_required(*DESK_ROLES)
@require_POST
def start(request: StaffRequest, reference: str) -> HttpResponse:
    """The technician's telephone rings in a moment; a second tap changes nothing."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    view = bridge_view(incident, technician_of(request.user), now)
    form = BridgeForm(request.POST, view=view, auto_id="bridge_%s")
    if not form.is_valid():
        return incident_page(request, incident, now, bridge=form)
    try:
        bridge.start_bridge(
            incident_id=incident.pk,
            staff=request.user,
            number=form.cleaned_data.get("number", ""),
            method_id=form.method_id(),
            now=now,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your telephone rings in a moment."))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def own_phone(request: StaffRequest, reference: str) -> HttpResponse:
    """It stands that the signed-in person calls from a telephone of their own."""
    incident = incident_for(request.user, reference)
    try:
        bridge.call_from_own_phone(
            incident_id=incident.pk, staff=request.user, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Noted. Say below how the call ends; the record marks it self-declared."),
        )
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_safe
def bridge_fragment(request: StaffRequest, reference: str) -> HttpResponse:
    """How the call over the bridge stands; 304 when it reads as before."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    shown = request.GET.get("stage", "")
    return fragment_response(request, _fragment(request, incident, now, shown), now)


def _fragment(
    request: StaffRequest, incident: Incident, now: datetime, shown: str
) -> str:
    view = bridge_view(incident, technician_of(request.user), now)
    over = shown not in {"", "ended"} and not view.live
    return render_to_string(
        "emergency/_desk_bridge_state.html",
        {"bridge": view, "incident": incident, "over": over},
        request,
    )
