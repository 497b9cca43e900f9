"""What each person was on call and did, by month. Off unless switched on."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emergency.exports.duty_figures import figures_csv
from emergency.models import Technician
from emergency.queries.duty_figures import MonthFigures, month_figures
from emergency.rules.calendar_days import ONE_DAY, month_of
from emergency.views.access import DESK_ROLES, StaffRequest, staff_required
from emergency.views.downloads import download
from emergency.views.incident import technician_of
from emergency.views.roster import may_plan

EARLIEST = date(1990, 1, 1)
Rest = ParamSpec("Rest")
View = Callable[Concatenate[StaffRequest, Rest], HttpResponse]


def _switched_on(view: View[Rest]) -> View[Rest]:
    """There is no such page while the operator has not said so."""

    @wraps(view)
    def guarded(
        request: StaffRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        if not settings.DUTY_FIGURES:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@staff_required(*DESK_ROLES)
@require_safe
@_switched_on
def show_figures(request: StaffRequest) -> HttpResponse:
    """Everybody for whoever sets up rosters, oneself for everybody else."""
    found = _month(request)
    return render(
        request,
        "emergency/duty_figures.html",
        {
            "area": "roster",
            "found": found,
            "before": found.month - ONE_DAY,
            "after": month_of(found.month)[1] + ONE_DAY,
            "may_plan": may_plan(request.user),
        },
        status=HTTPStatus.OK,
    )


@staff_required(*DESK_ROLES)
@require_safe
@_switched_on
def download_figures(request: StaffRequest) -> HttpResponse:
    """What the page shows, for payroll."""
    found = _month(request)
    return download(f"figures-{found.month:%Y-%m}.csv", figures_csv(found))


def _month(request: StaffRequest) -> MonthFigures:
    """The month in the address, or the last one that is over. Raises Http404 for
    somebody who is no technician and sees nobody else."""
    now = timezone.now()
    today = timezone.localtime(now).date()
    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = today.replace(day=1) - ONE_DAY
    month = min(max(month, EARLIEST), today)
    return month_figures(month, now=now, only=_only(request))


def _only(request: StaffRequest) -> Technician | None:
    if may_plan(request.user):
        return None
    own = technician_of(request.user)
    if own is None:
        raise Http404
    return own
