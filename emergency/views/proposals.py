"""The desk's doors to asking before charging."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emergency.actions import proposal as actions
from emergency.actions.refusal import Refused
from emergency.customer_forms import BeyondLimitForm, SpokenAnswerForm
from emergency.models import Proposal
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    staff_required,
)
from emergency.views.incident import add_refusal, incident_page


@staff_required(*DESK_ROLES)
@require_POST
def propose_analysis(request: StaffRequest, reference: str) -> HttpResponse:
    """The customer is asked whether the application may be analysed at its rate."""
    incident = incident_for(request.user, reference)
    try:
        actions.propose_analysis(
            incident_id=incident.pk, staff=request.user, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Asked. The answer appears here."))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def propose_beyond_limit(request: StaffRequest, reference: str) -> HttpResponse:
    """The customer is asked whether it may cost more than their limit."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    form = BeyondLimitForm(request.POST, auto_id="beyond_%s")
    if form.is_valid():
        try:
            actions.propose_beyond_limit(
                incident_id=incident.pk,
                staff=request.user,
                gross=form.cleaned_data["gross"],
                now=now,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Asked. The answer appears here."))
            return redirect("emergency:incident", reference)
    return incident_page(request, incident, now, beyond=form)


@staff_required(*DESK_ROLES)
@require_POST
def spoken_answer(
    request: StaffRequest, reference: str, proposal_id: int
) -> HttpResponse:
    """What the customer said on the telephone stands, with who said it."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    form = SpokenAnswerForm(request.POST, auto_id="spoken_%s")
    if not form.is_valid():
        return incident_page(request, incident, now, spoken=form)
    try:
        actions.record_spoken_answer(
            incident_id=incident.pk,
            proposal_id=proposal_id,
            staff=request.user,
            accepted=form.cleaned_data["verdict"] == "accepted",
            spoken_by=form.cleaned_data["spoken_by"],
            now=now,
        )
    except Proposal.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The answer is noted."))
    return redirect("emergency:incident", reference)
