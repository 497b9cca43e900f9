"""Schedules as duty managers and administrators set them up."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emergency.actions import schedules
from emergency.exports.calendar import feed_url
from emergency.models import Schedule, When
from emergency.roster_forms import (
    ScheduleForm,
    schedule_initial,
    times_formset,
    times_of,
)
from emergency.views.access import (
    ROSTER_ROLES,
    StaffRequest,
    schedule_for,
    staff_required,
)
from emergency.views.roster_changes import form_page


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_schedule(request: StaffRequest) -> HttpResponse:
    """A schedule that nobody is on call in yet."""
    fresh = Schedule(time_zone=timezone.get_default_timezone_name())
    form, formset = _schedule_forms(request, None, fresh)
    if form.is_valid() and formset.is_valid() and has_times(form, formset, "coverage"):
        schedule = schedules.add_schedule(
            values=_schedule_values(form, formset),
            staff=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Saved. Now give it a rotation."))
        return redirect("emergency:rotation_add", schedule.pk)
    return _schedule_page(request, form, formset, fresh, title=_("New schedule"))


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_schedule(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """The schedule is as typed."""
    schedule = schedule_for(request.user, schedule_id)
    form, formset = _schedule_forms(request, schedule, schedule)
    if form.is_valid() and formset.is_valid() and has_times(form, formset, "coverage"):
        schedules.change_schedule(
            schedule_id=schedule.pk,
            values=_schedule_values(form, formset),
            staff=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("emergency:roster")
    return _schedule_page(
        request,
        form,
        formset,
        schedule,
        title=schedule.name,
        feed=feed_url(schedule),
    )


def _schedule_forms(
    request: StaffRequest, schedule: Schedule | None, shown: Schedule
) -> tuple[ScheduleForm, Any]:
    data = request.POST if request.method == "POST" else None
    form = ScheduleForm(data, schedule=schedule, initial=schedule_initial(shown))
    return form, times_formset(data, shown.coverage_times)


def _schedule_values(form: ScheduleForm, formset: Any) -> dict[str, Any]:
    within = timedelta(minutes=form.cleaned_data["answer_within"])
    return {
        **form.cleaned_data,
        "coverage_times": times_of(formset),
        "handoff_answer_within": within,
    }


def has_times(form: Any, formset: Any, field: str) -> bool:
    """Whether times are given where they are what counts; else the form says so."""
    if form.cleaned_data[field] == When.TIMES and not times_of(formset):
        form.add_error(field, _("Give at least one range of hours below."))
        return False
    return True


def _schedule_page(
    request: StaffRequest,
    form: ScheduleForm,
    formset: Any,
    schedule: Schedule,
    *,
    title: str,
    feed: str = "",
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        intro=_("A schedule says who is on call. Rotations fill it."),
        submit=_("Save the schedule"),
        schedule=schedule,
        template="emergency/roster_schedule.html",
        formset=formset,
        feed=feed,
    )
