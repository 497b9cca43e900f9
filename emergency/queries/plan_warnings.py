"""Limits of the law, each on the day on which it is passed."""

from collections.abc import Collection, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from emergency.models import Schedule, Technician
from emergency.queries.readiness import finding_of, limits, recent_work
from emergency.queries.readiness_wording import WordedFinding, findings_in_words
from emergency.queries.roster import roster_of
from emergency.rules import duty_limits
from emergency.rules.calendar_days import Day, midnight, month_of
from emergency.rules.duty_limits import next_month
from emergency.rules.limit_days import day_passed
from emergency.rules.rotation import Shift, shifts


def warnings_by_day(
    schedule: Schedule, shown: Sequence[Day], *, people: Collection[int]
) -> dict[date, list[WordedFinding]]:
    """What is to be said about these people of the schedule, by day of the operator's
    zone. All schedules count, and whole months."""
    zone, configured = ZoneInfo(settings.TIME_ZONE), limits()
    begin, end = month_of(shown[0].date)[0], next_month(month_of(shown[-1].date)[0])
    if settings.DUTY_DAYS_IN_THREE_MONTHS:
        end = next_month(next_month(end))
    start, until = midnight(begin, zone), midnight(end, zone)
    planned = [
        shift
        for one in Schedule.objects.order_by("pk")
        for shift in shifts(roster_of(one, start=start, end=until), start, until)
        if shift.technician in people
    ]
    begun: list[Shift] = [shift for shift in planned if shift.starts_at > start]
    found = [
        *duty_limits.too_much(planned, zone, configured),
        *duty_limits.short_rests(begun, recent_work(start), configured),
    ]
    named = Technician.objects.select_related("staff").in_bulk(
        {over.technician for over in found}
    )
    said: dict[date, list[WordedFinding]] = {}
    for over in found:
        day = day_passed(over, planned, zone, configured)
        if shown[0].date <= day <= shown[-1].date:
            person = named[over.technician]
            finding = finding_of(over, person, midnight(day, zone))
            said.setdefault(day, []).extend(findings_in_words([finding]))
    return said
