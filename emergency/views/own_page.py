"""The desk's page about our own status page: its name, its parts, its windows."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from emergency.actions import status_set_up
from emergency.desk_forms import operator_zone
from emergency.roster_forms import wall
from emergency.status_forms import AnnouncementForm, OwnPageForm
from emergency.views.access import OPERATOR_ROLES, StaffRequest, staff_required
from status.models import Window
from status.queries import own_source, own_windows


@staff_required(*OPERATOR_ROLES)
@require_safe
def show_own_page(request: StaffRequest) -> HttpResponse:
    """The windows that are not over, and a form for one more."""
    return _page(request)


@staff_required(*OPERATOR_ROLES)
@require_POST
def open_own_page(request: StaffRequest) -> HttpResponse:
    """There is a page of our own under this name, with these parts."""
    form = OwnPageForm(request.POST)
    if not form.is_valid():
        return _page(request, page_form=form)
    status_set_up.open_own_page(
        **form.cleaned_data, staff=request.user, now=timezone.now()
    )
    messages.success(request, _("Saved. The page stands under /status/."))
    return redirect("emergency:own_page")


@staff_required(*OPERATOR_ROLES)
@require_POST
def announce(request: StaffRequest) -> HttpResponse:
    """One more window is announced, for people, for machines and for the form."""
    source = own_source()
    if source is None:
        raise Http404
    form = AnnouncementForm(request.POST, zone=operator_zone())
    if not form.is_valid():
        return _page(request, announcement=form)
    status_set_up.announce(
        source_id=source.pk,
        announcement=form.announcement(),
        staff=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Announced."))
    return redirect("emergency:own_page")


@staff_required(*OPERATOR_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, window_id: int) -> HttpResponse:
    """The window is as typed now."""
    zone, now = operator_zone(), timezone.now()
    window = own_windows(now).filter(pk=window_id).first()
    if window is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = AnnouncementForm(data, zone=zone, initial=_initial(window))
    if form.is_valid():
        changed = status_set_up.change(
            window_id=window_id,
            announcement=form.announcement(),
            staff=request.user,
            now=now,
        )
        if changed:
            messages.success(request, _("Saved."))
        return redirect("emergency:own_page")
    return render(
        request,
        "emergency/own_window.html",
        {"area": "status", "form": form, "window": window, "now": now},
    )


@staff_required(*OPERATOR_ROLES)
@require_POST
def end(request: StaffRequest, window_id: int) -> HttpResponse:
    """The window is over; a repeat changes nothing."""
    get_object_or_404(Window, pk=window_id, source=own_source())
    if status_set_up.end(window_id=window_id, staff=request.user, now=timezone.now()):
        messages.success(request, _("Ended."))
    return redirect("emergency:own_page")


def _initial(window: Window) -> dict[str, object]:
    zone = operator_zone()
    return {
        "name": window.name,
        "starts_at": wall(window.starts_at, zone),
        "ends_at": wall(window.ends_at, zone),
        "components": "\n".join(str(part["name"]) for part in window.components),
    }


def _page(
    request: StaffRequest,
    page_form: OwnPageForm | None = None,
    announcement: AnnouncementForm | None = None,
) -> HttpResponse:
    source, now = own_source(), timezone.now()
    parts = source.components if source else []
    initial = {
        "name": source.name if source else _("Maintenance"),
        "components": "\n".join(str(part["name"]) for part in parts),
    }
    return render(
        request,
        "emergency/own_page.html",
        {
            "area": "status",
            "source": source,
            "now": now,
            "windows": own_windows(now),
            "page_form": page_form or OwnPageForm(initial=initial),
            "announcement": announcement or AnnouncementForm(zone=operator_zone()),
        },
    )
