"""The desk's page about where servers are found in other systems."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emergency.actions.links import publish_links
from emergency.actions.refusal import Refused
from emergency.models import LinkTemplate
from emergency.setup_forms import LinksForm
from emergency.views.access import LINK_ROLES, StaffRequest, staff_required

LATEST = 20


@staff_required(*LINK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_links(request: StaffRequest) -> HttpResponse:
    """The templates in force, and their versions; a POST publishes new ones."""
    now = timezone.now()
    rows = {row.kind: row for row in LinkTemplate.objects.in_force(now)}
    data = request.POST if request.method == "POST" else None
    form = LinksForm(data, rows=rows)
    if form.is_valid():
        try:
            publish_links(
                templates=form.templates,
                based_on=form.based_on,
                staff=request.user,
                now=now,
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Saved. Incidents show the new links."))
            return redirect("emergency:links")
    return render(
        request,
        "emergency/links.html",
        {
            "area": "accounts",
            "form": form,
            "versions": LinkTemplate.objects.select_related("staff")[:LATEST],
            "now": now,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )
