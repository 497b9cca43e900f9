"""If an emergency came at an instant: who would be paged, by what, and why.

The real policy, the real roster and the real rules, read and never written.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings

from emergency.models import Incident, Override, Rotation, Schedule, Technician
from emergency.queries.policies import snapshot_for_new
from emergency.queries.reaching import methods_of, people_of, planned_for
from emergency.queries.roster import able, roster_of
from emergency.queries.what_if_wording import (
    reasons_in_words,
    target_in_words,
    why_nobody_in_words,
)
from emergency.rules.escalation import (
    Plan,
    Step,
    is_last_resort,
    plan_from,
    step_at,
)
from emergency.rules.rehearsal import Firing, Meant, Reachable, Way, rehearse
from emergency.rules.roster_reasons import Reason, reason
from emergency.rules.rotation import Roster
from emergency.rules.states import ACTIVE_STATES


@dataclass(frozen=True, kw_only=True)
class WayRow:
    """One page. ``ending`` is the end of the number, where it is one."""

    kind: str
    at: datetime
    ends_at: datetime | None
    ending: str


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody whom a step means; without ways they cannot be reached."""

    person: Technician
    busy: bool
    ways: list[WayRow]


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step that fires. ``number`` and ``round`` count from one."""

    at: datetime
    round: int
    number: int
    last_resort: bool
    target: str
    people: list[PersonRow]
    nobody: str
    reasons: list[str]
    busy: bool


@dataclass(frozen=True, kw_only=True)
class RoundRow:
    """The steps of one round, the first at ``at``."""

    number: int
    at: datetime
    steps: list[StepRow]


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """What would happen from ``opened_at`` on; ``next_at`` is when the step after the
    last of these fires at the latest, while nobody takes it."""

    opened_at: datetime
    deadline_at: datetime
    policy: str
    steps: list[StepRow]
    next_at: datetime
    told_when_missed: list[Technician]

    @property
    def rounds(self) -> list[RoundRow]:
        """The steps by their rounds."""
        return [
            RoundRow(number=number, at=steps[0].at, steps=steps)
            for number, found in groupby(self.steps, key=lambda step: step.round)
            for steps in [list(found)]
        ]


def what_if(
    *,
    opened_at: datetime,
    within: timedelta,
    busy: Collection[int],
    nobody_answers: bool,
) -> WhatIf:
    """The first step, or everything up to the deadline when ``nobody_answers``."""
    snapshot = snapshot_for_new()
    plan = plan_from(snapshot)
    deadline = opened_at + within
    asked = _Asked(plan=plan, start=opened_at, end=deadline)
    silence = plan.silence.total_seconds()
    played = rehearse(
        plan,
        ask=asked.meant,
        busy=frozenset(busy),
        opened_at=opened_at,
        until=deadline if nobody_answers else opened_at,
        ringing=timedelta(seconds=min(settings.VOICE_RING_SECONDS, silence)),
    )
    manager = Step(
        target="duty_manager", schedule=None, technician=None, delay=timedelta()
    )
    return WhatIf(
        opened_at=opened_at,
        deadline_at=deadline,
        policy=snapshot["policy"],
        steps=[asked.row(firing, frozenset(busy)) for firing in played.firings],
        next_at=played.next_at,
        told_when_missed=people_of(manager, plan=plan, now=deadline)[0]
        or people_of(None, plan=plan, now=deadline)[0],
    )


def busy_now() -> list[Technician]:
    """Who owns an incident on which work goes on."""
    owners = Incident.objects.filter(
        status__in=[state.value for state in ACTIVE_STATES], owner__isnull=False
    )
    return list(
        able().filter(pk__in=owners.values("owner")).order_by("staff__full_name")
    )


@dataclass
class _Asked:
    """The rows behind the questions of a rehearsal; each is read once."""

    plan: Plan
    start: datetime
    end: datetime
    people: dict[int, Technician] = field(default_factory=dict)
    rosters: dict[int, Roster | None] = field(default_factory=dict)
    reached: dict[tuple[int, tuple[str, ...], bool], Reachable] = field(
        default_factory=dict
    )
    names: dict[int, str] = field(default_factory=dict)
    worded: dict[Reason, list[str]] = field(default_factory=dict)
    others: dict[int, tuple[list[Technician], str]] = field(default_factory=dict)

    def meant(self, number: int, at: datetime) -> Meant:
        """As the engine resolves a step when it fires."""
        step = step_at(self.plan, number)
        people, why_nobody = self._people(step, number, at)
        last = is_last_resort(self.plan, number)
        channels = step.channels if step else ()
        return Meant(
            people=tuple(self._reach(person, channels, last) for person in people),
            why_nobody=why_nobody,
        )

    def _people(
        self, step: Step | None, number: int, at: datetime
    ) -> tuple[list[Technician], str]:
        if step is not None and step.target == "schedule" and step.schedule:
            why = self.why(step, at)
            on_call = [self.people[key] for key in why.people] if why else []
            return on_call, "" if on_call else "nobody_on_call"
        if number not in self.others:
            found = people_of(step, plan=self.plan, now=at)
            self.people |= {person.pk: person for person in found[0]}
            self.others[number] = found
        return self.others[number]

    def why(self, step: Step, at: datetime) -> Reason | None:
        """Why whoever is on call in the schedule of this step is."""
        key = step.schedule or 0
        if key not in self.rosters:
            schedule = Schedule.objects.filter(pk=key).first()
            self.names[key] = schedule.name if schedule else ""
            self.rosters[key] = (
                roster_of(schedule, start=self.start, end=self.end)
                if schedule
                else None
            )
        roster = self.rosters[key]
        if roster is None:
            return None
        why = reason(roster, at)
        missing = [person for person in why.people if person not in self.people]
        if missing:
            self.people |= able().in_bulk(missing)
        return why

    def _reach(
        self, person: Technician, channels: tuple[str, ...], last: bool
    ) -> Reachable:
        key = (person.pk, channels, last)
        if key not in self.reached:
            self.reached[key] = Reachable(
                person=person.pk,
                planned=tuple(
                    planned_for(
                        person, urgency="high", channels=channels, also_unverified=last
                    )
                ),
                methods=tuple(methods_of(person, also_unverified=False)),
            )
        return self.reached[key]

    def row(self, firing: Firing, busy: frozenset[int]) -> StepRow:
        step = step_at(self.plan, firing.step)
        why = self.why(step, firing.at) if step and step.schedule else None
        return StepRow(
            at=firing.at,
            round=firing.round + 1,
            number=firing.step + 1,
            last_resort=is_last_resort(self.plan, firing.step),
            target=target_in_words(step, self.names),
            people=[
                PersonRow(
                    person=self.people[one.person],
                    busy=one.person in busy,
                    ways=_ways(firing.ways, one.person),
                )
                for one in firing.meant.people
            ],
            nobody=""
            if firing.people
            else why_nobody_in_words(firing.meant.why_nobody or "no_contact_method"),
            reasons=self._in_words(why) if why else [],
            busy=firing.busy,
        )

    def _in_words(self, why: Reason) -> list[str]:
        if why in self.worded:
            return self.worded[why]
        turns = [p.rotation.key for p in why.passed]
        turns += [why.rotation.key] if why.rotation else []
        named = {passed.person for passed in why.passed if passed.person}
        self.worded[why] = reasons_in_words(
            why,
            rotations=Rotation.objects.in_bulk(turns),
            overrides=Override.objects.select_related(
                "technician__staff", "replaced__staff"
            ).in_bulk([change.key for change in why.changes]),
            people=Technician.objects.select_related("staff").in_bulk(
                named | {why.planned or 0}
            ),
        )
        return self.worded[why]


def _ways(ways: Sequence[Way], person: int) -> list[WayRow]:
    return [
        WayRow(
            kind=way.method.kind,
            at=way.at,
            ends_at=way.ends_at,
            ending=way.method.address[-4:]
            if way.method.kind in {"voice", "sms"}
            else "",
        )
        for way in sorted(ways, key=lambda way: way.at)
        if way.person == person
    ]
