"""Overrides and swaps at the desk."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emergency.actions import overrides, swaps
from emergency.actions.refusal import Refused
from emergency.models import Schedule
from emergency.roster_forms import OverrideForm, SwapForm, wall
from emergency.views.access import (
    DESK_ROLES,
    ROSTER_ROLES,
    StaffRequest,
    override_for,
    schedule_for,
    staff_required,
    swap_for,
)
from emergency.views.incident import add_refusal, technician_of


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_override(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """Somebody else is on call for a while, or one more, or one less."""
    schedule = schedule_for(request.user, schedule_id)
    zone = ZoneInfo(schedule.time_zone)
    form = OverrideForm(
        request.POST if request.method == "POST" else None,
        zone=zone,
        initial=_prefilled(request, zone, "starts_at", "ends_at"),
    )
    if form.is_valid():
        try:
            overrides.add_override(
                schedule_id=schedule.pk,
                staff=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Changed. Whoever it concerns is told."))
            return redirect("emergency:roster")
    return form_page(
        request,
        form,
        title=_("Change a shift"),
        intro=_("%(schedule)s, times in %(zone)s."),
        submit=_("Save the change"),
        schedule=schedule,
    )


@staff_required(*ROSTER_ROLES)
@require_POST
def cancel_override(request: StaffRequest, override_id: int) -> HttpResponse:
    """The change holds no more; the plan does again."""
    override = override_for(request.user, override_id)
    if overrides.cancel_override(
        override_id=override.pk, staff=request.user, now=timezone.now()
    ):
        messages.success(request, _("Cancelled. Whoever it concerns is told."))
    else:
        messages.info(request, _("It was over already."))
    return redirect("emergency:roster")


@staff_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def propose_swap(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """The signed-in technician offers to exchange shifts."""
    schedule = schedule_for(request.user, schedule_id)
    own = technician_of(request.user)
    if own is None:
        messages.error(request, _("Only a technician can do this."))
        return redirect("emergency:roster")
    zone = ZoneInfo(schedule.time_zone)
    form = SwapForm(
        request.POST if request.method == "POST" else None,
        zone=zone,
        own=own,
        initial=_prefilled(request, zone, "given_from", "given_until"),
    )
    if form.is_valid():
        try:
            swaps.propose_swap(
                schedule_id=schedule.pk,
                proposer=own,
                partner=form.cleaned_data["partner"],
                given=form.given,
                taken=form.taken,
                now=timezone.now(),
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("Asked. Nothing changes before your colleague agrees.")
            )
            return redirect("emergency:roster")
    return form_page(
        request,
        form,
        title=_("Offer a swap"),
        intro=_("%(schedule)s, times in %(zone)s."),
        submit=_("Ask your colleague"),
        schedule=schedule,
    )


@staff_required(*DESK_ROLES)
@require_POST
def answer_swap(request: StaffRequest, swap_id: int) -> HttpResponse:
    """The partner agrees or declines, the proposer withdraws."""
    swap = swap_for(request.user, swap_id)
    own = technician_of(request.user)
    verbs = {
        "accept": (swaps.accept_swap, _("Agreed. Both shifts are changed.")),
        "decline": (swaps.decline_swap, _("Declined. Nothing changes.")),
        "withdraw": (swaps.withdraw_swap, _("Withdrawn. Nothing changes.")),
    }
    chosen = verbs.get(request.POST.get("answer", ""))
    if own is None or chosen is None:
        return redirect("emergency:roster")
    act, done = chosen
    try:
        act(swap_id=swap.pk, technician=own, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("emergency:roster")


def form_page(
    request: StaffRequest,
    form: Any,
    *,
    title: str,
    intro: str,
    submit: str,
    schedule: Schedule,
    template: str = "emergency/roster_form.html",
    **more: Any,
) -> HttpResponse:
    """A form on a page of its own; 422 with what was typed when it was refused."""
    refused = form.errors or any(f.errors for f in more.get("formset", ()))
    return render(
        request,
        template,
        {
            "area": "roster",
            "form": form,
            "title": title,
            "intro": intro % {"schedule": schedule.name, "zone": schedule.time_zone},
            "submit": submit,
            "schedule": schedule,
            **more,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )


def _prefilled(
    request: StaffRequest, zone: ZoneInfo, begin: str, end: str
) -> dict[str, Any]:
    """What the link from a shift fills in: its times and its person."""
    initial: dict[str, Any] = {}
    for name, field in (("from", begin), ("until", end)):
        try:
            at = datetime.fromisoformat(request.GET.get(name, ""))
        except ValueError:
            continue
        if at.tzinfo is not None:
            initial[field] = wall(at, zone)
    if request.GET.get("replaced", "").isdecimal():
        initial["replaced"] = int(request.GET["replaced"])
    return initial
