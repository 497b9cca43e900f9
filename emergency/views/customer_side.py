"""The desk's doors to the customer's side."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emergency.actions import feedback as feedback_actions
from emergency.actions import tracking
from emergency.actions.feedback import Findings, Judged
from emergency.actions.refusal import Refused
from emergency.customer_forms import FeedbackForm
from emergency.queries.customer_side import language_of, servers_named
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    report_for,
    staff_required,
)
from emergency.views.incident import add_refusal, incident_page


@staff_required(*DESK_ROLES)
@require_POST
def revoke_link(request: StaffRequest, reference: str, report_id: int) -> HttpResponse:
    """The link of this report's tracking page opens nothing any more."""
    incident = incident_for(request.user, reference)
    report = report_for(request.user, incident, report_id)
    if tracking.revoke_link(
        report_id=report.pk, staff=request.user, now=timezone.now()
    ):
        messages.success(request, _("The link is revoked."))
    else:
        messages.info(request, _("The link was revoked already."))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def feedback(request: StaffRequest, reference: str) -> HttpResponse:
    """The customer reads these findings on the tracking page and in a message."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    form = FeedbackForm(
        request.POST,
        servers=servers_named(incident),
        language=language_of(incident),
        auto_id="feedback_%s",
    )
    if not form.is_valid():
        return incident_page(request, incident, now, feedback=form)
    try:
        feedback_actions.give_feedback(
            incident_id=incident.pk,
            staff=request.user,
            findings=Findings(
                network=form.cleaned_data["network"],
                application_ruled_out=form.cleaned_data["application_ruled_out"],
                next_step=form.says_next(),
                services=frozenset(
                    Judged(server_name=server, service=service, state=state)
                    for server, service, state in form.judged()
                ),
            ),
            seen=request.POST.get("seen", ""),
            now=now,
        )
    except Refused as refusal:
        add_refusal(form, refusal)
        return incident_page(request, incident, now, feedback=form)
    messages.success(request, _("Sent to the customer. It stands on their page, too."))
    return redirect("emergency:incident", reference)
