"""Administrators let auditors look at the books; auditors choose their password."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from emergency.actions.auditors import end_access, grant_access
from emergency.actions.refusal import Refused
from emergency.auditor_forms import AccessForm
from emergency.models import AuditorGrant, Role, Staff
from emergency.views.access import GRANTING_ROLES, StaffRequest, staff_required
from emergency.views.own_password import choose_own_password, tokens


@staff_required(*GRANTING_ROLES)
@require_safe
def show_auditors(request: StaffRequest) -> HttpResponse:
    """Who may or might look at the books, by whom and until when."""
    return _page(request, AccessForm())


@staff_required(*GRANTING_ROLES)
@require_POST
@never_cache
def grant(request: StaffRequest) -> HttpResponse:
    """The auditor has access; the page shows the address under which they choose their
    password. It is shown once and stored nowhere."""
    form = AccessForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    values = {name: form.cleaned_data[name] for name in ("email", "full_name", "why")}
    try:
        made = grant_access(
            **values,
            language=form.cleaned_data["language"],
            until=form.until,
            staff=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, form)
    way = reverse("emergency:auditor_in", args=[made.staff_id, _token(made.staff)])
    link = f"{settings.PUBLIC_BASE_URL.rstrip('/')}{way}"
    return _page(request, AccessForm(), made=made, link=link)


@staff_required(*GRANTING_ROLES)
@require_POST
def end(request: StaffRequest, grant_id: int) -> HttpResponse:
    """The access is over now, also for who is signed in."""
    get_object_or_404(AuditorGrant, pk=grant_id)
    end_access(grant_id=grant_id, staff=request.user, now=timezone.now())
    messages.success(request, _("The access has ended."))
    return redirect("emergency:auditors")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def welcome(request: HttpRequest, staff_id: int, token: str) -> HttpResponse:
    """Whoever has this address chooses the auditor's password, once and in time."""
    auditors = Staff.objects.filter(role=Role.AUDITOR)
    return choose_own_password(request, auditors, staff_id, token)


def _token(auditor: Staff) -> str:
    return tokens.make_token(auditor)


def _page(request: HttpRequest, form: AccessForm, **more: object) -> HttpResponse:
    grants = AuditorGrant.objects.select_related("staff", "granted_by", "ended_by")
    return render(
        request,
        "emergency/auditors.html",
        {
            "area": "operator",
            "form": form,
            "grants": grants,
            "now": timezone.now(),
            **more,
        },
        status=HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK,
    )
