"""The engine at the desk: how it does, and a test of each route."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import self_test
from emergency.pagers.sentences.about_the_engine import route_name
from emergency.queries.engine import Engine, engine
from emergency.views.access import DESK_ROLES, StaffRequest, staff_required
from emergency.views.desk import etag_of, fragment_response


@staff_required(*DESK_ROLES)
@require_safe
def show_engine(request: StaffRequest) -> HttpResponse:
    """Loops, routes with their self-tests, what waits and what failed."""
    now = timezone.now()
    found = engine(now)
    fragment = _fragment(request, found, now)
    return render(
        request,
        "emergency/desk_engine.html",
        {
            "area": "engine",
            "fragment": fragment,
            "etag": etag_of(fragment),
            "house_phone": settings.HOUSE_PHONE_NUMBER,
            "tested": [route for route in found.routes if route.is_tested],
            "now": now,
        },
    )


@staff_required(*DESK_ROLES)
@require_safe
def engine_fragment(request: StaffRequest) -> HttpResponse:
    """The changing part; 304 when it reads as before."""
    now = timezone.now()
    return fragment_response(request, _fragment(request, engine(now), now), now)


@staff_required(*DESK_ROLES)
@require_POST
def test_route(request: StaffRequest, route: str) -> HttpResponse:
    """A self-test by this route is under way, unless one is already."""
    try:
        started = self_test.start(route=route, now=timezone.now())
    except KeyError as error:
        raise Http404 from error
    name = {"route": route_name(route)}
    if started:
        messages.success(request, _("The test has begun: %(route)s.") % name)
    elif not settings.HOUSE_PHONE_NUMBER:
        messages.error(request, _("There is no house phone that could answer."))
    else:
        messages.info(request, _("A test is under way already: %(route)s.") % name)
    return redirect("emergency:engine")


def _fragment(request: StaffRequest, found: Engine, now: datetime) -> str:
    return render_to_string(
        "emergency/_desk_engine.html",
        {
            "engine": found,
            "now": now,
            "within": settings.SELF_TEST_WITHIN,
            "every": settings.SELF_TEST_EVERY,
            "house_phone": settings.HOUSE_PHONE_NUMBER,
        },
        request,
    )
