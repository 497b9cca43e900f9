"""What the roster page shows of each schedule, in a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Prefetch, Q

from emergency.models import (
    Absence,
    DropOut,
    HandOff,
    Override,
    RosterEntry,
    Rotation,
    Schedule,
    Staff,
    Swap,
    Technician,
)
from emergency.queries.roster import able, roster_of
from emergency.queries.roster_wording import (
    Fact,
    facts_in_words,
    override_in_words,
    rotation_in_words,
)
from emergency.rules.hand_off import HandOff as Change
from emergency.rules.hand_off import hand_offs
from emergency.rules.rotation import Gap, Roster, Shift, gaps, on_call, shifts
from emergency.rules.serving_hours import serves

SHIFTS_AHEAD = timedelta(days=28)
GAPS_AHEAD = timedelta(days=14)
BACK = timedelta(days=10)
MOST_FACTS = 30
ROTATIONS = "rotations__members__technician__staff"

Row = TypeVar("Row", DropOut, Override)


@dataclass(frozen=True, kw_only=True)
class ShiftRow:
    """One shift, cut to what lies ahead. ``own``: the reader's."""

    starts_at: datetime
    ends_at: datetime
    person: Technician
    confirmed: bool
    own: bool


@dataclass(frozen=True, kw_only=True)
class ComingHandOff:
    """The next hand-off of a schedule; ``row`` is None before the engine planned it."""

    starts_at: datetime
    incoming: Technician
    row: HandOff | None


@dataclass(frozen=True, kw_only=True)
class DutyRow:
    """Somebody who is on call now, and what they said to it."""

    person: Technician
    hand_off: HandOff | None
    drop_out: DropOut | None


@dataclass(frozen=True, kw_only=True)
class OverrideRow:
    """A change to the plan with what it says."""

    override: Override
    words: str


@dataclass(frozen=True, kw_only=True)
class RotationRow:
    """A rotation with what it says."""

    rotation: Rotation
    words: str


@dataclass(frozen=True, kw_only=True)
class ScheduleView:
    """One schedule as the page shows it."""

    schedule: Schedule
    on_call: list[DutyRow]
    next: ComingHandOff | None
    must_be_covered: bool
    gaps: list[Gap]
    shifts: list[ShiftRow]
    drop_outs: list[DropOut]
    overrides: list[OverrideRow]
    rotations: list[RotationRow]
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Everything the page needs, read once for all schedules."""

    hand_offs: dict[tuple[int, datetime, int], HandOff]
    running: dict[tuple[int, int], HandOff]
    drop_outs: Mapping[int, list[DropOut]]
    overrides: Mapping[int, list[Override]]
    people: Mapping[int, Technician]
    now: datetime


def duty_board(staff: Staff, now: datetime) -> list[ScheduleView]:
    """Every schedule, by name: who is on call, what comes, what is missing."""
    schedules = list(Schedule.objects.order_by("name").prefetch_related(ROTATIONS))
    rows = _rows(now)
    facts = recent_facts(schedules)
    return [
        _view(schedule, roster_of(schedule, start=now - BACK), rows, staff, facts, now)
        for schedule in schedules
    ]


def open_swaps(staff: Staff) -> list[Swap]:
    """Swaps that wait: all of them for whoever sets up rosters, else one's own."""
    rows = Swap.objects.filter(status=Swap.Status.PROPOSED).select_related(
        "schedule", "proposer__staff", "partner__staff"
    )
    if staff.role == "technician":
        rows = rows.filter(Q(proposer__staff=staff) | Q(partner__staff=staff))
    return list(rows.order_by("given_from", "pk"))


def absences_of(technician: Technician, now: datetime) -> list[Absence]:
    """What lies ahead or holds now, the next first. One query."""
    return list(technician.absences.filter(ends_at__gt=now).order_by("starts_at", "pk"))


def people_with_absences(now: datetime) -> list[Technician]:
    """Everybody who can be on call, by name, with ``coming``: their absences as
    ``absences_of``. Two queries."""
    coming = Absence.objects.filter(ends_at__gt=now).order_by("starts_at", "pk")
    return list(
        able()
        .order_by("staff__full_name")
        .prefetch_related(Prefetch("absences", queryset=coming, to_attr="coming"))
    )


def recent_facts(schedules: Sequence[Schedule]) -> dict[int, list[Fact]]:
    """The newest facts by schedule, newest first. Two queries."""
    entries = list(
        RosterEntry.objects.filter(schedule__in=schedules)
        .select_related("technician__staff")
        .order_by("-at", "-pk")[: MOST_FACTS * max(1, len(schedules))]
    )
    found: dict[int, list[Fact]] = {}
    for entry, fact in zip(entries, facts_in_words(entries), strict=True):
        kept = found.setdefault(entry.schedule_id, [])
        if len(kept) < MOST_FACTS:
            kept.append(fact)
    return found


def _rows(now: datetime) -> _Rows:
    hand_offs_ahead = HandOff.objects.filter(ends_at__gt=now).order_by("starts_at")
    drop_outs = DropOut.objects.filter(ends_at__gt=now).select_related(
        "technician__staff", "successor__staff"
    )
    overrides = Override.objects.filter(
        cancelled_at__isnull=True, ends_at__gt=now
    ).select_related("technician__staff", "replaced__staff")
    known = list(hand_offs_ahead)
    return _Rows(
        hand_offs={(h.schedule_id, h.starts_at, h.incoming_id): h for h in known},
        running={
            (h.schedule_id, h.incoming_id): h for h in known if h.starts_at <= now
        },
        drop_outs=_by_schedule(drop_outs.order_by("declared_at")),
        overrides=_by_schedule(overrides.order_by("starts_at", "pk")),
        people=Technician.objects.select_related("staff").in_bulk(),
        now=now,
    )


def _by_schedule(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.schedule_id, []).append(row)
    return found


def _view(
    schedule: Schedule,
    roster: Roster,
    rows: _Rows,
    staff: Staff,
    facts: Mapping[int, list[Fact]],
    now: datetime,
) -> ScheduleView:
    drop_outs = rows.drop_outs.get(schedule.pk, [])
    changes = hand_offs(roster, now, now + SHIFTS_AHEAD)
    coming = next((change for change in changes if change.starts_at > now), None)
    return ScheduleView(
        schedule=schedule,
        on_call=[
            DutyRow(
                person=rows.people[key],
                hand_off=rows.running.get((schedule.pk, key)),
                drop_out=next((d for d in drop_outs if d.technician_id == key), None),
            )
            for key in on_call(roster, now)
        ],
        next=_coming(schedule, coming, rows) if coming else None,
        must_be_covered=serves(roster.coverage, roster.clock, now),
        gaps=gaps(roster, now, now + GAPS_AHEAD),
        shifts=[
            ShiftRow(
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                person=rows.people[shift.technician],
                confirmed=_is_confirmed(schedule, shift, rows),
                own=rows.people[shift.technician].staff_id == staff.pk,
            )
            for shift in shifts(roster, now, now + SHIFTS_AHEAD)
        ],
        drop_outs=[d for d in drop_outs if d.confirmed_at is None],
        overrides=[
            OverrideRow(override=override, words=override_in_words(override))
            for override in rows.overrides.get(schedule.pk, [])
        ],
        rotations=[
            RotationRow(rotation=rotation, words=rotation_in_words(rotation))
            for rotation in schedule.rotations.all()
        ],
        facts=facts.get(schedule.pk, []),
    )


def _coming(schedule: Schedule, change: Change, rows: _Rows) -> ComingHandOff:
    return ComingHandOff(
        starts_at=change.starts_at,
        incoming=rows.people[change.incoming],
        row=rows.hand_offs.get((schedule.pk, change.starts_at, change.incoming)),
    )


def _is_confirmed(schedule: Schedule, shift: Shift, rows: _Rows) -> bool:
    """Whether its person said so at the hand-off with which the shift began."""
    row = rows.hand_offs.get((schedule.pk, shift.starts_at, shift.technician))
    if row is None and shift.starts_at <= rows.now:
        # Cut to what lies ahead: its hand-off is the one that is running.
        row = rows.running.get((schedule.pk, shift.technician))
    return row is not None and row.confirmed_at is not None
