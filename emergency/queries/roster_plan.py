"""A schedule as a calendar: every day with who is on call, why, and what is wrong.

Everything comes from the functions that the engine asks. Days, weeks and months are
those of the schedule's own zone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from emergency.models import (
    Absence,
    Holiday,
    Override,
    Rotation,
    Schedule,
    Staff,
    Swap,
    Technician,
)
from emergency.queries.duty_board import open_swaps
from emergency.queries.plan_warnings import warnings_by_day
from emergency.queries.readiness_wording import WordedFinding
from emergency.queries.roster import roster_of
from emergency.queries.roster_wording import layer_in_words, override_in_words
from emergency.rules.calendar_days import (
    ONE_DAY,
    WEEK,
    Day,
    days,
    monday,
    month_of,
    shown_time,
)
from emergency.rules.roster_reasons import (
    Stretch,
    alone,
    layers,
    stretches,
    within,
)
from emergency.rules.rotation import gaps

MONTH, ONE_WEEK = "month", "week"


@dataclass(frozen=True, kw_only=True)
class Span:
    """Part of a day: ``begins`` and ``ends`` are what the clock shows."""

    starts_at: datetime
    ends_at: datetime
    begins: str
    ends: str
    is_whole_day: bool


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Who is on call in part of a day. ``kind``: served | gap | free, which is nobody
    where nobody has to be.

    ``layer`` names the rotation where there are several, ``changes`` what was made
    different, ``away`` who of them is absent.
    """

    span: Span
    kind: str
    people: list[Technician]
    own: bool
    layer: str
    changes: list[str]
    away: list[Technician]


@dataclass(frozen=True, kw_only=True)
class LayerTurn:
    """Whose turn it would be in one rotation by itself."""

    span: Span
    person: Technician


@dataclass(frozen=True, kw_only=True)
class LayerRow:
    """What one rotation says of a day."""

    name: str
    turns: list[LayerTurn]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A swap that waits for consent and touches the day."""

    span: Span
    swap: Swap
    giver: Technician
    taker: Technician


@dataclass(frozen=True, kw_only=True)
class PlanDay:
    """One day. ``outside``: not of the month that is shown, only of its weeks.
    ``by_layer`` has one row for each, in their order."""

    day: Day
    outside: bool
    is_today: bool
    is_over: bool
    holiday: str
    turns: list[Turn]
    asked: list[Asked]
    warnings: list[WordedFinding]
    by_layer: list[LayerRow] = field(default_factory=list)

    @property
    def hours(self) -> float:
        """How long the day is."""
        return self.day.length.total_seconds() / 3600

    @property
    def clock_change(self) -> str:
        """back | forward, or empty on an ordinary day."""
        change = self.day.clock_change.total_seconds()
        return "back" if change > 0 else "forward" if change < 0 else ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A week or a month of one schedule. ``before`` and ``after`` are days in the
    neighbouring one."""

    schedule: Schedule
    view: str
    first: date
    last: date
    before: date
    after: date
    days: list[PlanDay]
    layers: list[str]
    gaps: int
    clock_changes: list[PlanDay]


def roster_plan(
    schedule: Schedule, staff: Staff, *, view: str, on: date, now: datetime
) -> Plan:
    """The week (from Monday) or the month, in whole weeks, in which ``on`` lies."""
    zone = ZoneInfo(schedule.time_zone)
    first, last = month_of(on)
    if view == ONE_WEEK:
        first, last = monday(on), monday(on) + WEEK - ONE_DAY
    shown = days(monday(first), monday(last) + WEEK - ONE_DAY, zone)
    start, end = shown[0].starts_at, shown[-1].ends_at
    roster = roster_of(schedule, start=start, end=end)
    found = stretches(roster, start, end)
    known = _Known.read(schedule, staff, found, start, end)
    inside = [day for day in shown if first <= day.date <= last]
    warned = warnings_by_day(
        schedule,
        inside,
        people={person for stretch in found for person in stretch.reason.people},
    )
    today = now.astimezone(zone).date()
    ranked = layers(roster)
    planned = {
        turns.key: stretches(alone(roster, turns), start, end) for turns in ranked
    }
    made = [
        PlanDay(
            day=day,
            outside=not first <= day.date <= last,
            is_today=day.date == today,
            is_over=day.ends_at <= now,
            holiday=known.holidays.get(day.date, ""),
            turns=[
                known.turn(stretch, day, zone, named=len(ranked) > 1)
                for stretch in within(found, day.starts_at, day.ends_at)
            ],
            asked=list(known.asked(day, zone)),
            warnings=warned.get(day.date, []),
            by_layer=[known.layer(one, day, zone) for one in planned.items()],
        )
        for day in shown
    ]
    return Plan(
        schedule=schedule,
        view=view,
        first=first,
        last=last,
        before=first - ONE_DAY,
        after=last + ONE_DAY,
        days=made,
        layers=[known.layer_name(turns.key) for turns in ranked],
        gaps=len(gaps(roster, inside[0].starts_at, inside[-1].ends_at)),
        clock_changes=[day for day in made if day.clock_change and not day.outside],
    )


@dataclass(frozen=True, kw_only=True)
class _Known:
    """The rows behind the keys, read once."""

    people: Mapping[int, Technician]
    overrides: Mapping[int, Override]
    rotations: Mapping[int, Rotation]
    absences: Sequence[Absence]
    swaps: Sequence[Swap]
    holidays: Mapping[date, str]
    staff: Staff

    @classmethod
    def read(
        cls,
        schedule: Schedule,
        staff: Staff,
        found: Iterable[Stretch],
        start: datetime,
        end: datetime,
    ) -> "_Known":
        changes = {change.key for one in found for change in one.reason.changes}
        holidays = Holiday.objects.filter(day__gte=start.date(), day__lte=end.date())
        return cls(
            people=Technician.objects.select_related("staff").in_bulk(),
            overrides=Override.objects.select_related(
                "technician__staff", "replaced__staff"
            ).in_bulk(changes),
            rotations=schedule.rotations.in_bulk(),
            absences=list(Absence.objects.filter(ends_at__gt=start, starts_at__lt=end)),
            swaps=[
                swap for swap in open_swaps(staff) if swap.schedule_id == schedule.pk
            ],
            holidays={holiday.day: holiday.name for holiday in holidays},
            staff=staff,
        )

    def turn(self, one: Stretch, day: Day, zone: ZoneInfo, *, named: bool) -> Turn:
        people = [self.people[key] for key in one.reason.people]
        rotation = one.reason.rotation
        away = {
            absence.technician_id
            for absence in self.absences
            if absence.starts_at < one.ends_at and one.starts_at < absence.ends_at
        }
        return Turn(
            span=_span(one.starts_at, one.ends_at, day, zone),
            kind="gap" if one.is_gap else "served" if people else "free",
            people=people,
            own=any(person.staff_id == self.staff.pk for person in people),
            layer=self.layer_name(rotation.key) if rotation and named else "",
            changes=[
                f"{override_in_words(made)} ({made.get_reason_display()})"
                for made in (self.overrides[c.key] for c in one.reason.changes)
            ],
            away=[person for person in people if person.pk in away],
        )

    def layer(
        self, planned: tuple[int, list[Stretch]], day: Day, zone: ZoneInfo
    ) -> LayerRow:
        key, found = planned
        return LayerRow(
            name=self.layer_name(key),
            turns=[
                LayerTurn(
                    span=_span(one.starts_at, one.ends_at, day, zone),
                    person=self.people[one.reason.people[0]],
                )
                for one in within(found, day.starts_at, day.ends_at)
                if one.reason.people
            ],
        )

    def layer_name(self, key: int) -> str:
        return layer_in_words(self.rotations[key])

    def asked(self, day: Day, zone: ZoneInfo) -> Iterable[Asked]:
        for swap in self.swaps:
            parts = (
                (swap.given_from, swap.given_until, swap.proposer, swap.partner),
                (swap.taken_from, swap.taken_until, swap.partner, swap.proposer),
            )
            for start, until, giver, taker in parts:
                if start is None or until is None:
                    continue
                begin, end = max(start, day.starts_at), min(until, day.ends_at)
                if begin < end:
                    span = _span(begin, end, day, zone)
                    yield Asked(span=span, swap=swap, giver=giver, taker=taker)


def _span(starts_at: datetime, ends_at: datetime, day: Day, zone: ZoneInfo) -> Span:
    at_end = ends_at == day.ends_at
    return Span(
        starts_at=starts_at,
        ends_at=ends_at,
        begins=shown_time(starts_at, zone),
        ends="24:00" if at_end else shown_time(ends_at, zone),
        is_whole_day=at_end and starts_at == day.starts_at,
    )


def schedules_beside(schedule: Schedule) -> list[Schedule]:
    """The other schedules, by name."""
    return list(Schedule.objects.filter(~Q(pk=schedule.pk)).order_by("name", "pk"))
