"""The doors of the running timer, and of time that waits for a person."""

from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emergency.actions import timer as timers
from emergency.actions import timer_review
from emergency.actions.refusal import Refused
from emergency.desk_forms import wall_clock
from emergency.models import Incident, Technician, Timer
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    own_timer_for,
    staff_required,
    timer_for,
)
from emergency.views.cost import cost_if_stopped, cost_with
from emergency.views.incident import add_refusal, technician_of
from emergency.work_forms import KindForm, ReviewForm


@staff_required(*DESK_ROLES)
@require_POST
def start(request: StaffRequest, reference: str) -> HttpResponse:
    """The signed-in technician's timer runs here, from now or from the call."""
    incident = incident_for(request.user, reference)
    technician = technician_of(request.user)
    form = KindForm(request.POST)
    if technician is None or not form.is_valid():
        messages.error(request, str(Refused("no_technician")))
        return redirect("emergency:incident", reference)
    now = timezone.now()
    other = _elsewhere(technician, incident)
    try:
        timers.start_timer(
            incident_id=incident.pk,
            technician=technician,
            staff=request.user,
            kind=form.cleaned_data["kind"],
            from_the_call=request.POST.get("from") == "call",
            stop_other=request.POST.get("stop_other") == "1",
            cost_at=partial(cost_if_stopped, other) if other else None,
            now=now,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The timer runs. You may close this page; it goes on.")
        )
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def confirm(request: StaffRequest, reference: str, timer_id: int) -> HttpResponse:
    """Its owner is still at it."""
    incident = incident_for(request.user, reference)
    timer = own_timer_for(request.user, incident, timer_id)
    try:
        timers.confirm_timer(
            timer_id=timer.pk, staff=request.user, now=timezone.now(), via="desk"
        )
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Noted. The timer goes on."))
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def switch(request: StaffRequest, reference: str, timer_id: int) -> HttpResponse:
    """From now on its owner does another kind of work."""
    incident = incident_for(request.user, reference)
    timer = own_timer_for(request.user, incident, timer_id)
    form = KindForm(request.POST)
    if not form.is_valid():
        return redirect("emergency:incident", reference)
    now = timezone.now()
    try:
        after = timers.switch_timer(
            timer_id=timer.pk,
            staff=request.user,
            kind=form.cleaned_data["kind"],
            cost_at=partial(cost_if_stopped, incident),
            now=now,
        )
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        words = _("From now on: %(kind)s.")
        messages.success(request, words % {"kind": after.get_kind_display()})
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_POST
def stop(request: StaffRequest, reference: str, timer_id: int) -> HttpResponse:
    """Its time is saved, or waits for review."""
    incident = incident_for(request.user, reference)
    timer = timer_for(request.user, incident, timer_id)
    now = timezone.now()
    try:
        ended = timers.stop_timer(
            timer_id=timer.pk,
            staff=request.user,
            cost_at=partial(cost_if_stopped, incident),
            now=now,
        )
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        _say_how_it_ended(request, ended)
    return redirect("emergency:incident", reference)


@staff_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: StaffRequest, reference: str, timer_id: int) -> HttpResponse:
    """Somebody says what of this time was work, and whether it is charged."""
    incident = incident_for(request.user, reference)
    timer = timer_for(request.user, incident, timer_id)
    if timer.state != Timer.State.REVIEW:
        messages.info(request, _("Somebody has looked at this time already."))
        return redirect("emergency:incident", reference)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        own=timer.technician,
        initial=_measured(timer),
        auto_id="time_%s",
    )
    if request.method == "POST" and "drop" in request.POST:
        try:
            timer_review.drop_timer(
                timer_id=timer.pk, staff=request.user, now=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Noted: no work. Nothing of it is charged."))
        return redirect("emergency:incident", reference)
    if form.is_valid() and _reviewed(request, incident, timer, form):
        return redirect("emergency:incident", reference)
    return render(
        request,
        "emergency/desk_timer_review.html",
        {"area": "board", "incident": incident, "timer": timer, "form": form},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


def _reviewed(
    request: StaffRequest, incident: Incident, timer: Timer, form: ReviewForm
) -> bool:
    typed = form.cleaned_data
    try:
        timer_review.review_timer(
            timer_id=timer.pk,
            staff=request.user,
            kind=typed["kind"],
            started_at=typed["started_at"],
            ended_at=typed["ended_at"],
            billable=typed["billable"],
            waiver_reason=typed["waiver_reason"],
            would_cost=cost_with(
                incident,
                kind=typed["kind"],
                started_at=typed["started_at"],
                ended_at=typed["ended_at"],
            ),
            now=timezone.now(),
        )
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Time saved."))
    return True


def _measured(timer: Timer) -> dict[str, object]:
    return {
        "kind": timer.kind,
        "billable": True,
        **wall_clock(timer.started_at, "started_at"),
        **wall_clock(timer.ended_at or timer.started_at, "ended_at"),
    }


def _elsewhere(technician: Technician, incident: Incident) -> Incident | None:
    """The other incident on which this person's timer runs."""
    timer = technician.timers.running().select_related("incident").first()
    return timer.incident if timer and timer.incident_id != incident.pk else None


def _waits_of(timer: Timer) -> Timer | None:
    """What of the same work waits for review."""
    waiting = Timer.objects.waiting().filter(
        technician=timer.technician_id, started_at=timer.ended_at or timer.started_at
    )
    return waiting.filter(incident=timer.incident_id).first()


def _say_how_it_ended(request: StaffRequest, timer: Timer) -> None:
    rest = _waits_of(timer)
    if timer.state == Timer.State.SAVED and rest is not None:
        words = _(
            "Stopped. The time until %(until)s is saved; the rest waits for review:"
            " %(why)s."
        )
        at = f"{timezone.localtime(rest.started_at):%H:%M}"
        messages.warning(request, words % {"until": at, "why": rest.get_why_display()})
    elif timer.state == Timer.State.REVIEW:
        words = _("Stopped. The time is kept and waits for review: %(why)s.")
        messages.warning(request, words % {"why": timer.get_why_display()})
    else:
        messages.success(request, _("The timer is stopped. Its time is saved."))
