"""Cases that may have to be reported to an authority: the list, one case, the flag."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import reportable
from emergency.actions.refusal import Refused
from emergency.desk_forms import wall_clock
from emergency.models import ReportableCase
from emergency.queries.reportable import (
    CaseView,
    case_view,
    ended_cases,
    likely_incidents,
    open_cases,
)
from emergency.reportable_forms import (
    AddForm,
    FlagForm,
    KnownForm,
    ReasonForm,
    StepForm,
)
from emergency.views.access import (
    DESK_ROLES,
    REPORTABLE_ROLES,
    StaffRequest,
    incident_for,
    reportable_case_for,
    staff_required,
)
from emergency.views.incident import incident_page

LATEST = 50


@staff_required(*DESK_ROLES)
@require_safe
def show_cases(request: StaffRequest) -> HttpResponse:
    """The open cases with their deadlines, and those that ended last."""
    now = timezone.now()
    return render(
        request,
        "emergency/reportable.html",
        {
            "area": "board",
            "open": open_cases(now),
            "ended": ended_cases(LATEST),
            "may": request.user.role in REPORTABLE_ROLES,
            "now": now,
        },
    )


@staff_required(*DESK_ROLES)
@require_safe
def show_case(request: StaffRequest, case_id: int) -> HttpResponse:
    """Everything about this case, what is due next first."""
    case = reportable_case_for(request.user, case_id, roles=DESK_ROLES)
    return case_page(request, case, timezone.now())


@staff_required(*DESK_ROLES)
@require_POST
def flag_incident(request: StaffRequest, reference: str) -> HttpResponse:
    """There is a case with this incident, and its deadlines run."""
    incident = incident_for(request.user, reference)
    now = timezone.now()
    form = FlagForm(request.POST, auto_id="flag_%s")
    if not form.is_valid():
        return incident_page(request, incident, now, flag=form)
    try:
        case = reportable.flag(
            incident_id=incident.pk,
            kind=form.cleaned_data["kind"],
            staff=request.user,
            now=now,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("emergency:incident", reference)
    messages.success(request, _("Flagged. The deadlines run."))
    return redirect("emergency:reportable_case", case.pk)


def case_page(
    request: StaffRequest,
    case: ReportableCase,
    now: datetime,
    bound: Mapping[str, forms.Form] | None = None,
) -> HttpResponse:
    """The case's page. ``bound`` forms were refused and keep what was typed; the page
    then answers 422."""
    view = case_view(case, now)
    may = request.user.role in REPORTABLE_ROLES
    filled = _fresh_forms(view) | dict(bound or {})
    return render(
        request,
        "emergency/reportable_case.html",
        {
            "area": "board",
            "one": view,
            "may": may,
            "forms": filled,
            "steps": [
                (line, *(filled[f"{what}_{line.deadline.step}"] for what in FORMS))
                for line in view.steps
            ]
            if may and case.ending != ReportableCase.Ending.NOT_REPORTABLE
            else [(line, None, None) for line in view.steps],
            "likely": likely_incidents(view) if may else (),
            "refused": set(bound or ()),
            "now": now,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK,
    )


FORMS = ("done", "waive")


def _fresh_forms(view: CaseView) -> dict[str, forms.Form]:
    """Every form of the page, before anybody types."""
    known = wall_clock(view.known_at, "known_at")
    fresh: dict[str, forms.Form] = {
        "add": AddForm(auto_id="add_%s"),
        "known": KnownForm(auto_id="known_%s", initial=known),
        "end": ReasonForm(auto_id="end_%s"),
    }
    for line in view.steps:
        step = line.deadline.step
        fresh[f"done_{step}"] = StepForm(auto_id=f"done_{step}_%s")
        fresh[f"waive_{step}"] = ReasonForm(auto_id=f"waive_{step}_%s")
    return fresh
