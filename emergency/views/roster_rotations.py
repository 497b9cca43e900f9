"""Rotations as duty managers and administrators set them up, seen before they hold."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emergency.actions import schedules
from emergency.actions.refusal import Refused
from emergency.models import Rotation, Schedule, Technician
from emergency.queries.rotation_preview import DAYS, preview_rotation
from emergency.roster_forms import times_formset, times_of
from emergency.rotation_forms import RotationForm, rotation_initial
from emergency.views.access import (
    ROSTER_ROLES,
    StaffRequest,
    rotation_for,
    schedule_for,
    staff_required,
)
from emergency.views.roster_changes import form_page
from emergency.views.roster_settings import has_times


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_rotation(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """A new rotation of the schedule."""
    return _rotation_page(request, schedule_for(request.user, schedule_id), None)


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_rotation(
    request: StaffRequest, schedule_id: int, rotation_id: int
) -> HttpResponse:
    """The rotation is as typed."""
    schedule = schedule_for(request.user, schedule_id)
    rotation_for(request.user, schedule, rotation_id)
    return _rotation_page(request, schedule, rotation_id)


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_rotation(
    request: StaffRequest, schedule_id: int, rotation_id: int
) -> HttpResponse:
    """The rotation is gone, after one confirmation."""
    schedule = schedule_for(request.user, schedule_id)
    rotation = rotation_for(request.user, schedule, rotation_id)
    if request.method == "POST":
        schedules.remove_rotation(
            rotation_id=rotation.pk, staff=request.user, now=timezone.now()
        )
        messages.success(request, _("Removed. Whoever it concerns is told."))
        return redirect("emergency:roster")
    return render(
        request,
        "emergency/roster_rotation_remove.html",
        {"area": "roster", "schedule": schedule, "rotation": rotation},
    )


def _rotation_page(
    request: StaffRequest, schedule: Schedule, rotation_id: int | None
) -> HttpResponse:
    """The form, then what it would change, then one confirmation."""
    rotation = (
        schedule.rotations.filter(pk=rotation_id).first() if rotation_id else None
    )
    data = request.POST if request.method == "POST" else None
    form = RotationForm(
        data,
        places=rotation.members.count() if rotation else 0,
        initial=rotation_initial(rotation) if rotation else {"handoff_time": "08:00"},
    )
    formset = times_formset(data, rotation.times if rotation else [])
    valid = form.is_valid() and formset.is_valid()
    if valid and has_times(form, formset, "limited_to") and "edit" not in request.POST:
        values = {**form.cleaned_data, "times": times_of(formset)}
        return _previewed(request, schedule, rotation, values, form.members)
    return form_page(
        request,
        form,
        title=_("Rotation") if rotation else _("New rotation"),
        intro=_("%(schedule)s, times in %(zone)s."),
        submit=_("Show what it changes"),
        schedule=schedule,
        template="emergency/roster_rotation.html",
        formset=formset,
        rotation=rotation,
    )


def _previewed(
    request: StaffRequest,
    schedule: Schedule,
    rotation: Rotation | None,
    values: dict[str, Any],
    members: list[Technician],
) -> HttpResponse:
    """Saved, when exactly this was seen before; else what it would change."""
    now = timezone.now()
    overtaken = ""
    if "seen" in request.POST:
        try:
            schedules.save_rotation(
                schedule_id=schedule.pk,
                rotation_id=rotation.pk if rotation else None,
                values=values,
                members=members,
                staff=request.user,
                now=now,
                seen=request.POST["seen"],
            )
        except Refused as refusal:
            overtaken = str(refusal)
        else:
            messages.success(request, _("Saved. Whoever's shifts change is told."))
            return redirect("emergency:roster")
    return render(
        request,
        "emergency/rotation_preview.html",
        {
            "area": "roster",
            "schedule": schedule,
            "rotation": rotation,
            "preview": preview_rotation(
                schedule, rotation, values=values, members=members, now=now
            ),
            "days": DAYS,
            "overtaken": overtaken,
            "typed": [
                (name, value)
                for name, given in request.POST.lists()
                for value in given
                if name not in {"csrfmiddlewaretoken", "seen"}
            ],
        },
    )
