"""What a rotation would change before it is saved: people, gaps, limits.

The roster is read, the rotation put into it as plain values, and both are compared by
the functions that the engine and the readiness check use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from emergency.models import Rotation, Schedule, Technician, When
from emergency.queries.readiness import Finding, readiness
from emergency.queries.readiness_wording import WordedFinding, findings_in_words
from emergency.queries.roster import office_hours, roster_of, turns_of
from emergency.rules.rotation import Roster, shifts
from emergency.rules.serving_hours import ALWAYS, Hours
from emergency.rules.shift_changes import Period, periods_of, without

DAYS = 28


@dataclass(frozen=True, kw_only=True)
class PersonChange:
    """One person: hours on call in the 28 days, and what they gain and lose of them."""

    person: Technician
    hours_before: float
    hours_after: float
    gained: list[Period]
    lost: list[Period]

    @property
    def difference(self) -> float:
        return self.hours_after - self.hours_before

    @property
    def is_changed(self) -> bool:
        return bool(self.gained or self.lost)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """``caused`` and ``cured`` are findings that only the new or only the standing
    roster has. ``fingerprint`` names both that roster and what is to be saved.
    ``changes_the_past``: it begins, or began, before now."""

    people: list[PersonChange]
    caused: list[WordedFinding]
    cured: list[WordedFinding]
    fingerprint: str
    changes_the_past: bool

    @property
    def serious(self) -> bool:
        """Whether somebody may not be reached by it."""
        return any(worded.finding.serious for worded in self.caused)

    @property
    def changes_nothing(self) -> bool:
        return not any(person.is_changed for person in self.people)


def preview_rotation(
    schedule: Schedule,
    rotation: Rotation | None,
    *,
    values: Mapping[str, Any],
    members: Sequence[Technician],
    now: datetime,
) -> Preview:
    """What saving this rotation (a new one when ``rotation`` is None) would change."""
    standing = roster_of(schedule)
    coming = _with(schedule, standing, rotation, values, members)
    end = now + timedelta(days=DAYS)
    before, after = shifts(standing, now, end), shifts(coming, now, end)
    keys = {shift.technician for shift in [*before, *after]}
    named = Technician.objects.select_related("staff").in_bulk(keys)
    people = [
        _change(person, periods_of(before, person.pk), periods_of(after, person.pk))
        for person in sorted(named.values(), key=str)
    ]
    found_before = readiness(now, days=DAYS, instead={schedule.pk: standing})
    found_after = readiness(now, days=DAYS, instead={schedule.pk: coming})
    starts = [values["starts_on"], *([rotation.starts_on] if rotation else [])]
    return Preview(
        people=people,
        caused=findings_in_words(_only_in(found_after, found_before)),
        cured=findings_in_words(_only_in(found_before, found_after)),
        fingerprint=_named(standing, coming),
        changes_the_past=min(starts) < _today(schedule, now),
    )


def fingerprint(
    schedule: Schedule,
    rotation: Rotation | None,
    *,
    values: Mapping[str, Any],
    members: Sequence[Technician],
) -> str:
    """As the preview's: the roster that stands, and what would be saved."""
    standing = roster_of(schedule)
    return _named(standing, _with(schedule, standing, rotation, values, members))


def _with(
    schedule: Schedule,
    standing: Roster,
    rotation: Rotation | None,
    values: Mapping[str, Any],
    members: Sequence[Technician],
) -> Roster:
    """The roster with this rotation as it would be saved."""
    fields = {f.name for f in Rotation._meta.concrete_fields} - {"id", "schedule"}
    unsaved = Rotation(
        pk=rotation.pk if rotation else None,
        schedule=schedule,
        **{name: value for name, value in values.items() if name in fields},
    )
    turns = turns_of(unsaved, [member.pk for member in members])
    others = [t for t in standing.rotations if rotation is None or t.key != rotation.pk]
    office = standing.office_hours
    if office is None and turns.limited_to.kind == When.OUTSIDE_OFFICE_HOURS:
        office = office_hours()
    return replace(standing, rotations=(*others, turns), office_hours=office)


def _named(*rosters: Roster) -> str:
    """The same for the same plans, in every process: sets have no order."""
    plain = [
        (
            roster.zone.key,
            [
                (
                    replace(turns, limited_to=ALWAYS),
                    _hours_plainly(turns.limited_to),
                )
                for turns in sorted(roster.rotations, key=lambda turns: turns.key)
            ],
            roster.changes,
            _hours_plainly(roster.coverage),
            sorted(roster.out_of_service),
        )
        for roster in rosters
    ]
    return sha256(repr(plain).encode()).hexdigest()


def _hours_plainly(hours: Hours) -> tuple[Any, ...]:
    windows = [(sorted(w.days), w.starts, w.ends) for w in hours.windows]
    return hours.kind, windows


def _change(
    person: Technician, before: list[Period], after: list[Period]
) -> PersonChange:
    return PersonChange(
        person=person,
        hours_before=_hours(before),
        hours_after=_hours(after),
        gained=without(after, before),
        lost=without(before, after),
    )


def _hours(periods: Sequence[Period]) -> float:
    total = sum((end - start for start, end in periods), timedelta())
    return total / timedelta(hours=1)


def _only_in(these: Sequence[Finding], those: Sequence[Finding]) -> list[Finding]:
    """The findings that the others do not have, or have in a milder form."""
    known: dict[tuple[Any, ...], int] = {}
    for finding in those:
        known[_key(finding)] = finding.values.get("planned", 0)
    return [
        finding
        for finding in these
        if _key(finding) not in known
        or finding.values.get("planned", 0) > known[_key(finding)]
    ]


def _key(finding: Finding) -> tuple[Any, ...]:
    """What makes two findings the same; how far a limit is passed does not."""
    by_month = "since" in finding.values
    return (
        finding.code,
        finding.technician and finding.technician.pk,
        finding.schedule and finding.schedule.pk,
        finding.values["since"] if by_month else finding.at,
        finding.values.get("until"),
    )


def _today(schedule: Schedule, now: datetime) -> date:
    return now.astimezone(ZoneInfo(schedule.time_zone)).date()
