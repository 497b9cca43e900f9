"""Who is calling: confirming the caller, merging what is one case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emergency.actions import merging
from emergency.actions.caller import confirm_caller
from emergency.actions.refusal import Refused
from emergency.caller_forms import CallerForm, MergeForm
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    staff_required,
)
from emergency.views.incident import add_refusal, incident_page
from emergency.views.incident_forms import callers_of, names_of


@staff_required(*DESK_ROLES)
@require_POST
def confirm(request: StaffRequest, reference: str) -> HttpResponse:
    """The incident belongs to this account and the caller is confirmed for it."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    reports = incident.reports.prefetch_related("servers__server").order_by(
        "ordered_at", "pk"
    )
    form = CallerForm(
        request.POST,
        auto_id="caller_%s",
        callers=callers_of(list(reports)),
        names=names_of(list(reports)),
    )
    if form.is_valid():
        try:
            changed = confirm_caller(
                incident_id=incident.pk,
                account_number=form.cleaned_data["account_number"],
                server_name=form.cleaned_data["server_name"],
                report_id=form.report_id(),
                named_id=form.named_id(),
                staff=request.user,
                now=now,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("Assigned to %(account)s, the caller is confirmed.")
                % {"account": changed.account},
            )
            return redirect("emergency:incident", reference)
    return incident_page(request, incident, now, caller=form)


@staff_required(*DESK_ROLES)
@require_POST
def merge(request: StaffRequest, reference: str) -> HttpResponse:
    """Both incidents are one; the page of the one that goes on is shown."""
    incident = incident_for(request.user, reference)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return redirect("emergency:incident", reference)
    other = incident_for(request.user, form.cleaned_data["other"])
    try:
        stays, goes = merging.merge(
            incident_id=incident.pk,
            other_id=other.pk,
            staff=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("emergency:incident", reference)
    messages.success(
        request,
        _("%(gone)s is merged with this incident: one fee, all callers.")
        % {"gone": goes.reference},
    )
    return redirect("emergency:incident", stays.reference)
