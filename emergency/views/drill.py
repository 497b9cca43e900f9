"""Preparing a drill: a link with which the public form's report is one."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from emergency.actions.drill import COUNTS_FOR, make_drill_link
from emergency.queries.drills import newest_links
from emergency.views.access import OPERATOR_ROLES, StaffRequest, staff_required


@staff_required(*OPERATOR_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def drill(request: StaffRequest) -> HttpResponse:
    """What a drill is; a POST shows a new link, this once."""
    now = timezone.now()
    link = ""
    if request.method == "POST":
        token = make_drill_link(staff=request.user, now=now)
        link = f"{settings.PUBLIC_BASE_URL}{reverse('emergency:report')}?drill={token}"
    return render(
        request,
        "emergency/desk_drill.html",
        {
            "area": "engine",
            "link": link,
            "links": newest_links(),
            "hours": COUNTS_FOR // timedelta(hours=1),
            "now": now,
        },
    )
