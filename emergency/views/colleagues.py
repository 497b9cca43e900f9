"""Doors for handing an incident over, calling somebody in, and saying yes to that."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emergency.actions import colleagues
from emergency.actions.refusal import Refused
from emergency.desk_forms import ColleagueForm
from emergency.models import Incident
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    staff_required,
)
from emergency.views.incident import add_refusal, incident_page, technician_of


@staff_required(*DESK_ROLES)
@require_POST
def hand_over(request: StaffRequest, reference: str) -> HttpResponse:
    """A colleague is asked to take it; the owner has it until they confirm."""
    return _ask(
        request,
        reference,
        name="hand_over",
        act=colleagues.hand_over,
        said=_("%(name)s is paged. Until they confirm, everything stays as it is."),
    )


@staff_required(*DESK_ROLES)
@require_POST
def call_in(request: StaffRequest, reference: str) -> HttpResponse:
    """A colleague is asked to help."""
    return _ask(
        request,
        reference,
        name="call_in",
        act=colleagues.call_in,
        said=_("%(name)s is paged and asked to help."),
    )


@staff_required(*DESK_ROLES)
@require_POST
def accept(request: StaffRequest, reference: str) -> HttpResponse:
    """The signed-in technician says yes to what a colleague asked."""
    incident = incident_for(request.user, reference)
    technician = technician_of(request.user)
    try:
        if technician is None:
            raise Refused("no_technician")
        answered = colleagues.accept(
            incident_id=incident.pk, technician=technician, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = {
            "handed_over": _("You have it now."),
            "joined": _("You come in. Your colleague still has it."),
        }
        nothing = _("This has been settled meanwhile. Nothing was changed.")
        messages.success(request, words.get(answered.code, nothing))
    return redirect("emergency:incident", reference)


def _ask(
    request: StaffRequest,
    reference: str,
    *,
    name: str,
    act: Callable[..., Incident],
    said: str,
) -> HttpResponse:
    incident = incident_for(request.user, reference)
    now = timezone.now()
    form = ColleagueForm(request.POST, owner=incident.owner, auto_id=f"{name}_%s")
    if form.is_valid():
        colleague = form.cleaned_data["colleague"]
        try:
            act(
                incident_id=incident.pk,
                colleague=colleague,
                staff=request.user,
                now=now,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, said % {"name": colleague})
            return redirect("emergency:incident", reference)
    return incident_page(request, incident, now, **{name: form})
