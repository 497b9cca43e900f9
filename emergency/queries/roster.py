"""From rows to values: who is on call, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from emergency.models import (
    Holiday,
    OperatorProfile,
    Override,
    Rotation,
    RotationMember,
    Schedule,
    Technician,
)
from emergency.models.schedule import When
from emergency.rules.hand_off import BEFORE, hand_offs
from emergency.rules.office_hours import OfficeHours
from emergency.rules.rotation import Change, Roster, Turns, next_change, on_call
from emergency.rules.serving_hours import Hours, Window, serves

# A holiday touches the plan of the night before and after it, in every zone.
AROUND_A_DAY = timedelta(days=3)
# How far ahead the next hand-off is looked for.
AHEAD = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class ComingHandOff:
    """``incoming`` takes over at ``at``; ``outgoing`` is None after nobody."""

    at: datetime
    incoming: Technician
    outgoing: Technician | None


@dataclass(frozen=True, kw_only=True)
class OnCall:
    """One schedule at one instant. Nobody in hours that must be covered is a gap;
    ``next_change`` is when the answer changes, within 400 days."""

    schedule: Schedule
    at: datetime
    people: list[Technician]
    must_be_covered: bool
    next_change: datetime | None
    next_hand_off: ComingHandOff | None


def able() -> QuerySet[Technician]:
    """Who may be on call: active staff, never a house phone."""
    return Technician.objects.filter(
        staff__is_active=True, is_house_phone=False
    ).select_related("staff")


def roster_of(
    schedule: Schedule, *, start: datetime | None = None, end: datetime | None = None
) -> Roster:
    """The schedule as plain values for the rules, in at most five queries.

    It answers questions about [start, end] in full; overrides and holidays wholly
    outside may be left out. Office hours are those in force at ``end``, or the newest.
    """
    members = RotationMember.objects.select_related("technician__staff")
    rotations = list(schedule.rotations.prefetch_related(Prefetch("members", members)))
    overrides = list(_overrides(schedule, start, end))
    kinds = {schedule.coverage, *(rotation.limited_to for rotation in rotations)}
    needs_office = When.OUTSIDE_OFFICE_HOURS in kinds
    return Roster(
        zone=ZoneInfo(schedule.time_zone),
        rotations=tuple(
            turns_of(rotation, [m.technician_id for m in rotation.members.all()])
            for rotation in rotations
        ),
        changes=tuple(
            _change(override, number) for number, override in enumerate(overrides)
        ),
        office_hours=office_hours(start=start, end=end) if needs_office else None,
        coverage=_hours(schedule.coverage, schedule.coverage_times),
        out_of_service=frozenset(_unable(rotations, overrides)),
    )


def office_hours(
    *, start: datetime | None = None, end: datetime | None = None
) -> OfficeHours | None:
    """The operator's office hours in force at ``end`` (or the newest), with the
    holidays and closing days around [start, end]; None before the first profile."""
    profile = (
        OperatorProfile.objects.in_force(end)
        if end
        else OperatorProfile.objects.order_by("-valid_from", "-pk").first()
    )
    if profile is None:
        return None
    days = Holiday.objects.all()
    if start:
        days = days.filter(day__gte=(start - AROUND_A_DAY).date())
    if end:
        days = days.filter(day__lte=(end + AROUND_A_DAY).date())
    return OfficeHours(
        zone=ZoneInfo(settings.TIME_ZONE),
        days=frozenset(profile.office_days),
        opens=profile.office_opens,
        closes=profile.office_closes,
        closed=frozenset(days.values_list("day", flat=True)),
    )


def technicians_on_call(*, schedule_id: int, now: datetime) -> list[Technician]:
    """Who is on call now, the rotation's person first; empty is a gap.

    People who may not sign in, and house phones, count as nobody.
    """
    schedule = Schedule.objects.filter(pk=schedule_id).first()
    if schedule is None:
        return []
    keys = on_call(roster_of(schedule, start=now, end=now), now)
    people = able().in_bulk(keys) if keys else {}
    return [people[key] for key in keys if key in people]


def everybody_on_call(at: datetime) -> list[OnCall]:
    """Every schedule at this instant (aware), by name."""
    return [
        _on_call(schedule, at) for schedule in Schedule.objects.order_by("name", "pk")
    ]


def _on_call(schedule: Schedule, at: datetime) -> OnCall:
    roster = roster_of(schedule, start=at - BEFORE)
    keys = on_call(roster, at)
    ahead = hand_offs(roster, at, at + AHEAD)
    coming = next((found for found in ahead if found.starts_at > at), None)
    named = {*keys, *((coming.incoming, coming.outgoing) if coming else ())}
    people = Technician.objects.select_related("staff").in_bulk(named - {None})
    return OnCall(
        schedule=schedule,
        at=at,
        people=[people[key] for key in keys],
        must_be_covered=serves(roster.coverage, roster.clock, at),
        next_change=next_change(roster, at),
        next_hand_off=ComingHandOff(
            at=coming.starts_at,
            incoming=people[coming.incoming],
            outgoing=people[coming.outgoing] if coming.outgoing else None,
        )
        if coming
        else None,
    )


def _overrides(
    schedule: Schedule, start: datetime | None, end: datetime | None
) -> QuerySet[Override]:
    rows = schedule.overrides.filter(cancelled_at__isnull=True)
    if start:
        rows = rows.filter(ends_at__gt=start)
    if end:
        rows = rows.filter(starts_at__lte=end)
    return rows.select_related("technician__staff").order_by("created_at", "pk")


def turns_of(rotation: Rotation, members: Iterable[int]) -> Turns:
    """The rotation as plain values; it need not be saved, its members neither."""
    return Turns(
        key=rotation.pk or 0,
        layer=rotation.layer,
        starts_on=rotation.starts_on,
        ends_on=rotation.ends_on,
        handoff_time=rotation.handoff_time,
        shift_days=rotation.shift_days,
        shift_hours=rotation.shift_hours,
        members=tuple(members),
        limited_to=_hours(rotation.limited_to, rotation.times),
    )


def _hours(kind: str, times: Sequence[Mapping[str, Any]]) -> Hours:
    if kind != When.TIMES:
        return Hours(kind=kind)
    return Hours(
        kind=kind,
        windows=tuple(
            Window(
                days=frozenset(entry["days"]),
                starts=time.fromisoformat(entry["from"]),
                ends=time.fromisoformat(entry["until"]),
            )
            for entry in times
        ),
    )


def _change(override: Override, number: int) -> Change:
    return Change(
        kind=override.kind,
        starts_at=override.starts_at,
        ends_at=override.ends_at,
        technician=override.technician_id,
        replaced=override.replaced_id,
        number=number,
        key=override.pk,
    )


def _unable(
    rotations: Iterable[Rotation], overrides: Iterable[Override]
) -> Iterable[int]:
    named = [m.technician for rotation in rotations for m in rotation.members.all()]
    named += [o.technician for o in overrides if o.technician is not None]
    return [p.pk for p in named if p.is_house_phone or not p.staff.is_active]
