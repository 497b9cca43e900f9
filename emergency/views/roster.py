"""Who is on call: the overview, and what a person on call says with one tap."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from emergency.actions import drop_out as dropping
from emergency.actions.drop_out_words import schedules_on_call
from emergency.actions.hand_off import confirm_hand_off
from emergency.actions.refusal import Refused
from emergency.models import Page, Staff, Technician
from emergency.queries.duty_board import duty_board, open_swaps
from emergency.queries.readiness import readiness
from emergency.queries.readiness_wording import findings_in_words
from emergency.views.access import (
    DESK_ROLES,
    ROSTER_ROLES,
    StaffRequest,
    drop_out_for,
    hand_off_for,
    schedule_for,
    staff_required,
)
from emergency.views.incident import technician_of


@staff_required(*DESK_ROLES)
@require_safe
def show_roster(request: StaffRequest) -> HttpResponse:
    """Who is on call now and next, what is missing, and the next four weeks."""
    now = timezone.now()
    own = technician_of(request.user)
    # Gaps stand beside their schedule.
    warnings = [
        worded
        for worded in findings_in_words(readiness(now))
        if worded.finding.code != "gap"
    ]
    return render(
        request,
        "emergency/roster.html",
        {
            "area": "roster",
            "views": duty_board(request.user, now),
            "warnings": warnings,
            "serious": any(worded.finding.serious for worded in warnings),
            "own": own,
            "asked": _asked(own, now) if own else [],
            "swaps": open_swaps(request.user),
            "may_plan": may_plan(request.user),
            "figures": settings.DUTY_FIGURES,
            "now": now,
        },
    )


@staff_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def drop_out(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """The signed-in technician cannot go on: one tap leads here, one confirms."""
    schedule = schedule_for(request.user, schedule_id)
    own = technician_of(request.user)
    now = timezone.now()
    if request.method == "POST":
        if own is None:
            messages.error(request, _("Only a technician can do this."))
            return redirect("emergency:roster")
        try:
            row = dropping.drop_out(
                schedule_id=schedule.pk, technician=own, now=now, via="desk"
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _who_is_asked(row.successor))
        return redirect("emergency:roster")
    return render(
        request,
        "emergency/roster_drop_out.html",
        {
            "area": "roster",
            "schedule": schedule,
            "on_call": own is not None and schedule in schedules_on_call(own, now=now),
        },
    )


@staff_required(*DESK_ROLES)
@require_POST
def come_back(request: StaffRequest, drop_out_id: int) -> HttpResponse:
    """Whoever dropped out goes on as planned, while nobody has taken over."""
    row = drop_out_for(request.user, drop_out_id)
    own = technician_of(request.user)
    if own is not None:
        try:
            dropping.take_back(drop_out_id=row.pk, technician=own, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You are on call as planned."))
    return redirect("emergency:roster")


@staff_required(*DESK_ROLES)
@require_POST
def confirm(request: StaffRequest, hand_off_id: int) -> HttpResponse:
    """The incoming person has the duty."""
    row = hand_off_for(request.user, hand_off_id)
    confirm_hand_off(
        hand_off_id=row.pk, technician=row.incoming, now=timezone.now(), via="desk"
    )
    messages.success(request, _("Confirmed. The duty is yours."))
    return redirect("emergency:roster")


@staff_required(*DESK_ROLES)
@require_POST
def succeed(request: StaffRequest, drop_out_id: int) -> HttpResponse:
    """Whoever is asked takes over, or says that they cannot."""
    row = drop_out_for(request.user, drop_out_id)
    own = technician_of(request.user)
    if own is None:
        return redirect("emergency:roster")
    now = timezone.now()
    try:
        if request.POST.get("answer") == "decline":
            dropping.decline_successor(
                drop_out_id=row.pk, technician=own, now=now, via="desk"
            )
            messages.info(request, _("Understood. The next person is asked."))
        else:
            outcome = dropping.confirm_successor(
                drop_out_id=row.pk, technician=own, now=now, via="desk"
            )
            messages.success(request, _outcome(outcome))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("emergency:roster")


def may_plan(staff: Staff) -> bool:
    """Whether this person sets up rosters, not only their own shifts."""
    return staff.role in ROSTER_ROLES


def _asked(own: Technician, now: datetime) -> list[object]:
    """Drop-outs for which this person is asked to take over and nobody has."""
    return list(
        dropping.open_drop_outs(now)
        .filter(
            confirmed_at__isnull=True,
            pages__technician=own,
            pages__purpose=Page.Purpose.SUCCESSOR,
        )
        .distinct()
    )


def _who_is_asked(successor: Technician | None) -> str:
    if successor is None:
        return _(
            "Noted. The duty manager looks for somebody. You are paged until then."
        )
    return _(
        "Noted. %(name)s is asked to take over. Until somebody confirms, you are paged"
        " too."
    ) % {"name": successor}


def _outcome(code: str) -> str:
    return {
        "confirmed": _("You have taken over. You are on call now."),
        "other_confirmed": _("A colleague has taken over already."),
        "over": _("This shift is over. There is nothing to take over."),
    }[code]
