"""When somebody is away, and the addresses of their calendar."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions.absences import import_absences
from emergency.actions.feeds import renew_feed
from emergency.actions.own_absences import add_absence, remove_absence
from emergency.actions.refusal import Refused
from emergency.desk_forms import operator_zone
from emergency.exports.calendar import feed_url
from emergency.models import Technician
from emergency.queries.duty_board import absences_of, people_with_absences
from emergency.roster_forms import AbsenceForm, CalendarForm
from emergency.views.access import (
    DESK_ROLES,
    ROSTER_ROLES,
    StaffRequest,
    absence_for,
    roster_person_for,
    schedule_for,
    staff_required,
)
from emergency.views.incident import add_refusal, technician_of


@staff_required(*DESK_ROLES)
@require_safe
def show_own(request: StaffRequest) -> HttpResponse:
    """The signed-in technician's absences; everybody's for whoever sets up rosters."""
    if request.user.role in ROSTER_ROLES:
        return render(
            request,
            "emergency/roster_people.html",
            {"area": "roster", "people": people_with_absences(timezone.now())},
        )
    own = technician_of(request.user)
    if own is None:
        raise Http404
    return redirect("emergency:absences", own.pk)


@staff_required(*DESK_ROLES)
@require_safe
def show_absences(request: StaffRequest, technician_id: int) -> HttpResponse:
    """A technician's absences, by themselves or whoever sets up rosters."""
    person = roster_person_for(request.user, technician_id)
    return _page(request, person, timezone.now())


@staff_required(*DESK_ROLES)
@require_POST
def add(request: StaffRequest, technician_id: int) -> HttpResponse:
    """An absence as typed."""
    person = roster_person_for(request.user, technician_id)
    now = timezone.now()
    form = AbsenceForm(request.POST, zone=operator_zone())
    if form.is_valid():
        try:
            add_absence(
                technician=person, staff=request.user, now=now, **form.cleaned_data
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. The shifts stay as planned."))
            return redirect("emergency:absences", person.pk)
    return _page(request, person, now, absence=form)


@staff_required(*DESK_ROLES)
@require_POST
def import_calendar(request: StaffRequest, technician_id: int) -> HttpResponse:
    """The absences of a calendar file."""
    person = roster_person_for(request.user, technician_id)
    now = timezone.now()
    form = CalendarForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            imported = import_absences(
                technician=person,
                content=form.cleaned_data["calendar"],
                staff=request.user,
                now=now,
            )
        except Refused as refusal:
            form.add_error("calendar", str(refusal))
        else:
            messages.success(
                request,
                _("Read: %(absences)s absences, %(added)s new, %(removed)s gone.")
                % {
                    "absences": imported.absences,
                    "added": imported.added,
                    "removed": imported.removed,
                },
            )
            return redirect("emergency:absences", person.pk)
    return _page(request, person, now, calendar=form)


@staff_required(*DESK_ROLES)
@require_POST
def remove(request: StaffRequest, absence_id: int) -> HttpResponse:
    """The absence does not count any more."""
    absence = absence_for(request.user, absence_id)
    remove_absence(absence_id=absence.pk, staff=request.user, now=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("emergency:absences", absence.technician_id)


@staff_required(*DESK_ROLES)
@require_POST
def renew_own_feed(request: StaffRequest, technician_id: int) -> HttpResponse:
    """The calendar has a new address; the old one opens nothing."""
    person = roster_person_for(request.user, technician_id)
    renew_feed(of=person, by=request.user, now=timezone.now())
    messages.success(request, _("The calendar has a new address."))
    return redirect("emergency:absences", person.pk)


@staff_required(*ROSTER_ROLES)
@require_POST
def renew_schedule_feed(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """The schedule's calendar has a new address; the old one opens nothing."""
    schedule = schedule_for(request.user, schedule_id)
    renew_feed(of=schedule, by=request.user, now=timezone.now())
    messages.success(request, _("The calendar has a new address."))
    return redirect("emergency:schedule_change", schedule.pk)


def _page(
    request: StaffRequest, person: Technician, now: datetime, **bound: forms.Form
) -> HttpResponse:
    filled: dict[str, Any] = {
        "absence": AbsenceForm(zone=operator_zone()),
        "calendar": CalendarForm(),
    }
    return render(
        request,
        "emergency/roster_absences.html",
        {
            "area": "roster",
            "person": person,
            "own": person.staff_id == request.user.pk,
            "absences": absences_of(person, now),
            "feed": feed_url(person),
            "forms": filled | bound,
            "refused": bool(bound),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK,
    )
