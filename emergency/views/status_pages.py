"""The desk's page about status pages: which there are, how they do, one more."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import status_set_up
from emergency.queries.status_pages import matches
from emergency.status_forms import AddressForm, FixedTimesForm, SourceForm
from emergency.views.access import OPERATOR_ROLES, StaffRequest, staff_required
from emergency.views.status_words import problem
from status.actions import polling
from status.models import Source, SourceKind
from status.queries import health
from status.sources.base import SourceError
from status.sources.kinds import KINDS
from status.sources.preview import Preview, preview


@staff_required(*OPERATOR_ROLES)
@require_safe
def show_pages(request: StaffRequest) -> HttpResponse:
    """Every page with its health and age, and ways to add one."""
    return _page(request)


@staff_required(*OPERATOR_ROLES)
@require_POST
def look(request: StaffRequest) -> HttpResponse:
    """What stands behind a pasted address; nothing is registered yet."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, address=form)
    try:
        found = preview(
            url=form.cleaned_data["url"],
            now=timezone.now(),
            zone=settings.TIME_ZONE,
            contact=settings.PUBLIC_BASE_URL,
            secrets=settings.STATUS_PAGE_SECRETS,
        )
    except SourceError as error:
        form.add_error("url", problem(error.code))
        return _page(request, address=form)
    confirm = SourceForm(
        kind=found.detected.kind,
        initial={
            "kind": found.detected.kind,
            "url": found.detected.url,
            "name": urlsplit(found.detected.url).hostname,
            "timezone": KINDS[found.detected.kind].usual_zone or settings.TIME_ZONE,
        },
    )
    return _page(request, address=form, preview=found, confirm=confirm)


@staff_required(*OPERATOR_ROLES)
@require_POST
def add_page(request: StaffRequest) -> HttpResponse:
    """The page is registered and read once."""
    form = SourceForm(request.POST, kind=request.POST.get("kind", ""))
    if not form.is_valid():
        return _page(request, confirm=form)
    now, data = timezone.now(), form.cleaned_data
    source = status_set_up.register_page(
        name=data["name"],
        url=data["url"],
        kind=data["kind"],
        config=form.config(),
        staff=request.user,
        now=now,
    )
    return _read_now(request, source.pk)


@staff_required(*OPERATOR_ROLES)
@require_POST
def add_fixed_times(request: StaffRequest) -> HttpResponse:
    """A window that is kept by agreement counts from now on."""
    form = FixedTimesForm(request.POST)
    if not form.is_valid():
        return _page(request, fixed=form)
    source = status_set_up.register_fixed_times(
        name=form.cleaned_data["name"],
        config=form.config(),
        staff=request.user,
        now=timezone.now(),
    )
    return _read_now(request, source.pk)


@staff_required(*OPERATOR_ROLES)
@require_POST
def check_now(request: StaffRequest, source_id: int) -> HttpResponse:
    """The page is read at once, whether or not it rests."""
    return _read_now(request, source_id)


@staff_required(*OPERATOR_ROLES)
@require_POST
def switch(request: StaffRequest, source_id: int) -> HttpResponse:
    """The page counts or does not; a repeat changes nothing."""
    enabled = request.POST.get("enabled") == "1"
    get_object_or_404(Source, pk=source_id)
    status_set_up.switch_page(
        source_id=source_id, enabled=enabled, staff=request.user, now=timezone.now()
    )
    return redirect("emergency:status_pages")


def _read_now(request: StaffRequest, source_id: int) -> HttpResponse:
    try:
        good = polling.refresh_source(source_id=source_id, now=timezone.now())
        source = Source.objects.get(pk=source_id)
    except Source.DoesNotExist as error:
        raise Http404 from error
    name = {"name": source.name}
    if good:
        messages.success(request, _("Read: %(name)s.") % name)
    else:
        words = {**name, "problem": problem(source.last_error)}
        messages.error(request, _("%(name)s: %(problem)s") % words)
    return redirect("emergency:status_pages")


def _page(
    request: StaffRequest, preview: Preview | None = None, **forms: Any
) -> HttpResponse:
    now = timezone.now()
    pages = health(now)
    return render(
        request,
        "emergency/status_pages.html",
        {
            "area": "status",
            "now": now,
            "pages": [
                {
                    "health": page,
                    "problem": problem(page.source.last_error)
                    if page.source.last_error
                    else "",
                    "is_own": page.source.kind == SourceKind.LOCAL,
                }
                for page in pages
            ],
            "preview": preview,
            "kind": SourceKind(preview.detected.kind).label if preview else "",
            "matches": matches(preview.components) if preview else None,
            "address": forms.get("address") or AddressForm(),
            "confirm": forms.get("confirm"),
            "fixed": forms.get("fixed") or FixedTimesForm(),
        },
    )
