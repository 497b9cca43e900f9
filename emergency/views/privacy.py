"""The desk's page about personal data: what is kept of a person, erasure, holds."""

import json
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emergency.actions import holds
from emergency.actions.person import Forgotten, erase_person, export_person
from emergency.actions.refusal import Refused
from emergency.models import LegalHold, PrivacyRequest
from emergency.privacy_forms import HoldForm, PersonForm
from emergency.queries.person import parts_of, person_by
from emergency.queries.privacy_wording import why_it_stayed
from emergency.views.access import (
    PRIVACY_ROLES,
    StaffRequest,
    legal_hold_for,
    staff_required,
)

LATEST = 20


@staff_required(*PRIVACY_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_privacy(request: StaffRequest) -> HttpResponse:
    """The page; a POST looks somebody up, so that no name stands in an address."""
    if request.method != "POST":
        return _page(request)
    form = PersonForm(request.POST)
    return _page(request, person=form)


@staff_required(*PRIVACY_ROLES)
@require_POST
def export(request: StaffRequest) -> HttpResponse:
    """Everything about the person as a file: JSON, or a page to read and print."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, person=form)
    exported = export_person(
        subject=form.cleaned_data["subject"], staff=request.user, now=timezone.now()
    )
    if request.POST.get("format") == "html":
        page = render_to_string("emergency/privacy_export.html", {"found": exported})
        return _file(page, "text/html; charset=utf-8", "html", exported.made_at)
    text = json.dumps(exported.data, ensure_ascii=False, indent=2)
    return _file(text, "application/json", "json", exported.made_at)


@staff_required(*PRIVACY_ROLES)
@require_POST
def erase(request: StaffRequest) -> HttpResponse:
    """What need not stay is gone; the answer says what stayed, and by which law."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, person=form)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick that you are sure. Nothing was erased."))
        return _page(request, person=form)
    done = erase_person(
        subject=form.cleaned_data["subject"], staff=request.user, now=timezone.now()
    )
    return _page(request, done=done)


@staff_required(*PRIVACY_ROLES)
@require_POST
def hold(request: StaffRequest) -> HttpResponse:
    """The incident is held: nothing of it is erased."""
    form = HoldForm(request.POST)
    if form.is_valid():
        try:
            holds.set_hold(
                reference=form.cleaned_data["reference"],
                why=form.cleaned_data["why"],
                staff=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("The incident is held."))
            return redirect("emergency:privacy")
    return _page(request, hold=form)


@staff_required(*PRIVACY_ROLES)
@require_POST
def lift(request: StaffRequest, hold_id: int) -> HttpResponse:
    """The hold is over."""
    found = legal_hold_for(request.user, hold_id)
    holds.lift_hold(hold_id=found.pk, staff=request.user, now=timezone.now())
    messages.success(request, _("The hold is lifted."))
    return redirect("emergency:privacy")


def _page(
    request: StaffRequest,
    *,
    person: PersonForm | None = None,
    hold: HoldForm | None = None,
    done: Forgotten | None = None,
) -> HttpResponse:
    found = None
    if person is not None and person.is_valid():
        found = person_by(person.cleaned_data["subject"])
    refused = any(form is not None and form.errors for form in (person, hold))
    return render(
        request,
        "emergency/privacy.html",
        {
            "area": "privacy",
            "person": person or PersonForm(),
            "hold": hold or HoldForm(),
            "found": found,
            "parts": parts_of(found) if found else (),
            "refused": refused,
            "done": done,
            "stayed": [
                (one.reference, *why_it_stayed(one.code))
                for one in (done.stayed if done else ())
            ],
            "holds": LegalHold.objects.in_force().select_related("incident", "set_by"),
            "requests": PrivacyRequest.objects.select_related("staff")[:LATEST],
        },
        status=400 if refused else 200,
    )


def _file(text: str, kind: str, ending: str, made_at: datetime) -> HttpResponse:
    name = f"personal-data-{made_at:%Y%m%d-%H%M%S}.{ending}"
    return HttpResponse(
        text,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
