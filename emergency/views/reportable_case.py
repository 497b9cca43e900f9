"""What is entered into a case that may have to be reported to an authority."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emergency.actions import reportable
from emergency.actions.refusal import Refused
from emergency.actions.reportable_export import export_case
from emergency.reportable_forms import AddForm, KnownForm, ReasonForm, StepForm
from emergency.rules.reportable import STEPS, Kind
from emergency.views.access import (
    REPORTABLE_ROLES,
    StaffRequest,
    reportable_case_for,
    staff_required,
)
from emergency.views.downloads import download
from emergency.views.incident import add_refusal
from emergency.views.reportable import case_page


@staff_required(*REPORTABLE_ROLES)
@require_POST
def add(request: StaffRequest, case_id: int) -> HttpResponse:
    """Another incident belongs to the case."""
    form = AddForm(request.POST, auto_id="add_%s")
    return _enter(request, case_id, "add", form, reportable.add_incident)


@staff_required(*REPORTABLE_ROLES)
@require_POST
def step_done(request: StaffRequest, case_id: int, step: str) -> HttpResponse:
    """The step was done: now, or when it says."""
    form = StepForm(request.POST, auto_id=f"done_{step}_%s")
    return _enter(
        *(request, case_id, f"done_{step}", form, reportable.record_step), step=step
    )


@staff_required(*REPORTABLE_ROLES)
@require_POST
def step_not_needed(request: StaffRequest, case_id: int, step: str) -> HttpResponse:
    """The step need not be done."""
    form = ReasonForm(request.POST, auto_id=f"waive_{step}_%s")
    return _enter(
        *(request, case_id, f"waive_{step}", form, reportable.waive_step), step=step
    )


@staff_required(*REPORTABLE_ROLES)
@require_POST
def known(request: StaffRequest, case_id: int) -> HttpResponse:
    """We knew of it at another time."""
    form = KnownForm(request.POST, auto_id="known_%s")
    return _enter(request, case_id, "known", form, reportable.state_knowledge)


@staff_required(*REPORTABLE_ROLES)
@require_POST
def end(request: StaffRequest, case_id: int) -> HttpResponse:
    """The case need not be reported."""
    form = ReasonForm(request.POST, auto_id="end_%s")
    return _enter(request, case_id, "end", form, reportable.end_as_not_reportable)


@staff_required(*REPORTABLE_ROLES)
@require_POST
def export(request: StaffRequest, case_id: int) -> HttpResponse:
    """Every fact with its instant in UTC, as JSON; that it was handed out is
    entered."""
    case = reportable_case_for(request.user, case_id)
    now = timezone.now()
    document = export_case(case_id=case.pk, staff=request.user, now=now)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return download(f"case-{case.pk}-{now:%Y%m%dT%H%M%SZ}.json", text.encode())


def _enter(
    request: StaffRequest,
    case_id: int,
    name: str,
    form: forms.Form,
    act: Callable[..., Any],
    **values: str,
) -> HttpResponse:
    """The action is called with what was typed, or the page says what is missing."""
    case = reportable_case_for(request.user, case_id)
    if "step" in values and values["step"] not in STEPS[Kind(case.kind)]:
        raise Http404
    now = timezone.now()
    if form.is_valid():
        typed = form.cleaned_data | values
        try:
            act(case_id=case.pk, staff=request.user, now=now, **typed)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Entered."))
            return redirect("emergency:reportable_case", case.pk)
    case.refresh_from_db()
    return case_page(request, case, now, bound={name: form})
