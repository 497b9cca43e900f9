"""A schedule as a calendar, by week and by month."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emergency.queries.roster_plan import (
    MONTH,
    ONE_WEEK,
    roster_plan,
    schedules_beside,
)
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    schedule_for,
    staff_required,
)
from emergency.views.incident import technician_of
from emergency.views.roster import may_plan

# Far enough for every plan and every look back, and no year without neighbours.
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)


@staff_required(*DESK_ROLES)
@require_safe
def show_plan(request: StaffRequest, schedule_id: int) -> HttpResponse:
    """Who is on call, day by day, with layers, changes, gaps and warnings in place."""
    schedule = schedule_for(request.user, schedule_id)
    now = timezone.now()
    view = ONE_WEEK if request.GET.get("view") == ONE_WEEK else MONTH
    plan = roster_plan(
        schedule,
        request.user,
        view=view,
        on=_day(request.GET.get("on", ""), now, ZoneInfo(schedule.time_zone)),
        now=now,
    )
    return render(
        request,
        "emergency/roster_plan.html",
        {
            "area": "roster",
            "plan": plan,
            "schedule": schedule,
            "others": schedules_beside(schedule),
            "own": technician_of(request.user),
            "may_plan": may_plan(request.user),
            "now": now,
        },
    )


def _day(text: str, now: datetime, zone: ZoneInfo) -> date:
    """The day in the address, or today where there is none to be read."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return now.astimezone(zone).date()
    return min(max(day, EARLIEST), LATEST)
