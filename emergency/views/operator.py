"""The desk's page about the operator: facts, office hours, closing days."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import operator as actions
from emergency.actions.refusal import Refused
from emergency.models import Holiday, OperatorProfile
from emergency.operator_facts import kept
from emergency.operator_forms import ClosingDayForm, ProfileForm
from emergency.views.access import OPERATOR_ROLES, StaffRequest, staff_required

LATEST = 20


def _today() -> date:
    return timezone.localtime().date()


@staff_required(*OPERATOR_ROLES)
@require_safe
def show_operator(request: StaffRequest) -> HttpResponse:
    """Everything that the customers' pages take from the operator."""
    return _page(request)


@staff_required(*OPERATOR_ROLES)
@require_POST
def save_operator(request: StaffRequest) -> HttpResponse:
    """A new version is in force; this process shows it at once, others within half a
    minute."""
    form = ProfileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.publish_profile(
                values=form.cleaned_data,
                based_on=form.cleaned_data["based_on"],
                staff=request.user,
                now=timezone.now(),
                logo=_content(form.cleaned_data["logo_file"]),
                remove_logo=form.cleaned_data["remove_logo"],
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            kept.forget()
            messages.success(request, _("Saved. Customers see it within a minute."))
            return redirect("emergency:operator")
    return _page(request, profile=form)


def _content(file: Any) -> bytes | None:
    # One byte more says that it is too large, without reading all of it.
    return file.read(actions.LOGO_KILOBYTES * 1024 + 1) if file else None


@staff_required(*OPERATOR_ROLES)
@require_POST
def close_on(request: StaffRequest) -> HttpResponse:
    """The office is closed on one more day."""
    form = ClosingDayForm(request.POST, today=_today())
    if form.is_valid():
        try:
            actions.close_on(
                staff=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            kept.forget()
            messages.success(request, _("The day is a closing day now."))
            return redirect("emergency:operator")
    return _page(request, closing=form)


@staff_required(*OPERATOR_ROLES)
@require_POST
def open_again(request: StaffRequest) -> HttpResponse:
    """A closing day is an ordinary day again; a repeat changes nothing."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        day = date.min
    if actions.open_again(
        day=day, today=_today(), staff=request.user, now=timezone.now()
    ):
        kept.forget()
        messages.success(request, _("The day is an ordinary day again."))
    return redirect("emergency:operator")


def _page(
    request: StaffRequest,
    *,
    profile: ProfileForm | None = None,
    closing: ClosingDayForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    current = OperatorProfile.objects.in_force(now)
    if profile is None:
        profile = ProfileForm(
            instance=current, initial={"based_on": current.pk if current else None}
        )
    versions = OperatorProfile.objects.select_related("staff")[:LATEST]
    return render(
        request,
        "emergency/operator.html",
        {
            "area": "operator",
            "now": now,
            "profile": profile,
            "closing": closing or ClosingDayForm(today=_today()),
            "days": Holiday.objects.filter(day__gte=_today()).order_by("day"),
            "versions": versions,
        },
    )
