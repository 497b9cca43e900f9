"""The figures of each person for a month, from the roster and the logged time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from emergency.models import (
    Holiday,
    RosterEntry,
    Schedule,
    Technician,
    TimeEntry,
)
from emergency.queries.roster import office_hours, roster_of
from emergency.rules.calendar_days import ONE_DAY, midnight, month_of
from emergency.rules.duty_figures import Figures, Work, figures
from emergency.rules.duty_limits import joined
from emergency.rules.rotation import Shift, shifts

# What changes the shifts of a past month when it is entered later.
CHANGES_THE_PAST = (
    *("rotation_added", "rotation_changed", "rotation_removed"),
    "schedule_changed",
)
WORKED = ("worked_on_call", "worked_besides")


@dataclass(frozen=True, kw_only=True)
class PersonFigures:
    """``left``: the person may not sign in any more, so that the hours are those that
    were planned for them."""

    person: Technician
    figures: Figures
    left: bool

    @property
    def is_something(self) -> bool:
        """Whether the person was on call or worked in the month at all."""
        return any(self.hours.values())

    @property
    def hours(self) -> dict[str, float]:
        """The lengths among the figures, in hours."""
        names = ("workday", "sunday", "holiday", "on_call", *WORKED)
        hour = timedelta(hours=1)
        return {name: getattr(self.figures, name) / hour for name in names}


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """A month from its first day, up to ``until``. ``changed_at`` is when the plan was
    changed last after the month had ended: its figures may not be those of then."""

    month: date
    until: datetime
    is_over: bool
    people: list[PersonFigures]
    changed_at: datetime | None


def month_figures(
    month: date, *, now: datetime, only: Technician | None = None
) -> MonthFigures:
    """Everybody who was on call or worked in the month, by name; or one person, also
    when there is nothing."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first, last = month_of(month)
    start, end = midnight(first, zone), midnight(last + ONE_DAY, zone)
    until = min(end, now)
    beyond = min(end + ONE_DAY, now)
    duty = _duty(start, beyond)
    work = _work(start, beyond)
    keys = {only.pk} if only else {*duty, *work}
    people = Technician.objects.select_related("staff").filter(
        pk__in=keys, is_house_phone=False
    )
    calendar = Holiday.objects.filter(source=Holiday.Source.CALENDAR)
    holidays = set(
        calendar.filter(day__range=(first, last)).values_list("day", flat=True)
    )
    office = office_hours(start=start, end=end)
    counted = [
        PersonFigures(
            person=person,
            figures=figures(
                duty=joined(duty.get(person.pk, [])),
                work=work.get(person.pk, []),
                month=first,
                until=beyond,
                zone=zone,
                holidays=holidays,
                office=office,
                rest=timedelta(hours=settings.DUTY_REST_HOURS),
            ),
            left=not person.staff.is_active,
        )
        for person in people.order_by("staff__full_name", "pk")
    ]
    return MonthFigures(
        month=first,
        until=until,
        is_over=end <= now,
        people=[row for row in counted if only or row.is_something],
        changed_at=RosterEntry.objects.filter(code__in=CHANGES_THE_PAST, at__gte=end)
        .order_by("-at")
        .values_list("at", flat=True)
        .first(),
    )


def _duty(start: datetime, end: datetime) -> dict[int, list[Shift]]:
    """Shifts of all schedules, by person. Who left keeps what was planned for them."""
    found: dict[int, list[Shift]] = defaultdict(list)
    for schedule in Schedule.objects.order_by("pk"):
        roster = roster_of(schedule, start=start, end=end)
        for shift in shifts(roster, start, end):
            found[shift.technician].append(shift)
        gone = roster.out_of_service
        if gone:
            everybody = replace(roster, out_of_service=frozenset())
            for shift in _of(shifts(everybody, start, end), gone):
                found[shift.technician].append(shift)
    return found


def _of(planned: Iterable[Shift], people: frozenset[int]) -> Iterable[Shift]:
    return (shift for shift in planned if shift.technician in people)


def _work(start: datetime, end: datetime) -> dict[int, list[Work]]:
    found: dict[int, list[Work]] = defaultdict(list)
    entries = TimeEntry.objects.current().filter(
        ended_at__gt=start, started_at__lt=end, incident__is_drill=False
    )
    for entry in entries.order_by("started_at", "pk"):
        found[entry.technician_id].append(
            Work(
                incident=entry.incident_id,
                starts_at=entry.started_at,
                ends_at=entry.ended_at,
            )
        )
    return found
