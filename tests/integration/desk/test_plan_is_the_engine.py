"""What the calendar shows is what the engine resolves, at every instant looked at."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from emergency.models import (
    Holiday,
    OperatorProfile,
    Override,
    Rotation,
    RotationMember,
    Schedule,
    Staff,
    Technician,
)
from emergency.operator_facts import kept
from emergency.queries.roster import roster_of, technicians_on_call
from emergency.rules.serving_hours import serves
from tests import people
from tests.examples import TIMES
from tests.integration.desk.conftest import Desk
from tests.unit.emergency.rosters import ZONES

MICROSECOND = timedelta(microseconds=1)
# Months with both changes of the clock, in the zones that have one.
MONTHS = (date(2026, 3, 20), date(2026, 10, 20), date(2026, 4, 2), date(2026, 11, 1))
TURN = re.compile(
    r'<li class="turn (\w+)[^"]*" data-from="([^"]+)" data-until="([^"]+)">(.*?)</li>',
    re.DOTALL,
)


@dataclass(frozen=True)
class Shown:
    """Part of a day as the page has it."""

    kind: str
    begin: datetime
    end: datetime
    names: list[str]


def shown(page: str) -> list[Shown]:
    return [
        Shown(
            kind=kind,
            begin=datetime.fromisoformat(begin),
            end=datetime.fromisoformat(end),
            names=[unescape(n) for n in re.findall(r"<strong>(.*?)</strong>", inner)],
        )
        for kind, begin, end, inner in TURN.findall(page)
    ]


hour = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))
times = st.fixed_dictionaries(
    {
        "days": st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True),
        "from": hour.map(lambda at: f"{at:%H:%M}"),
        "until": hour.map(lambda at: f"{at:%H:%M}"),
    }
)
limits = st.sampled_from(("always", "outside_office_hours", "times"))
rotations = st.lists(
    st.fixed_dictionaries(
        {
            "layer": st.integers(0, 2),
            "starts_on": st.dates(date(2026, 1, 1), date(2026, 11, 1)),
            "handoff_time": hour,
            "shift_days": st.sampled_from((0, 1, 7)),
            "shift_hours": st.sampled_from((12, 0, 5)),
            "limited_to": limits,
            "times": st.lists(times, max_size=2),
            "ends_after": st.none() | st.integers(1, 40),
            "members": st.lists(st.integers(0, 3), min_size=1, max_size=3),
        }
    ),
    max_size=3,
)
overrides = st.lists(
    st.tuples(
        st.sampled_from(("replace", "add", "remove", "only")),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(-60, 60 * 24),  # half hours around the day
        st.integers(1, 300),
    ),
    max_size=5,
)


WEEKLY = {
    "layer": 0,
    "starts_on": date(2026, 1, 5),
    "handoff_time": time(8),
    "shift_days": 7,
    "shift_hours": 0,
    "limited_to": "always",
    "times": [],
    "ends_after": None,
    "members": [0, 1],
}
NIGHTS = {
    **WEEKLY,
    "layer": 1,
    "shift_days": 1,
    "limited_to": "times",
    "times": [{"days": [1, 4, 6], "from": "22:00", "until": "03:00"}],
    "members": [1, 3],
}


@settings(
    max_examples=8 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    zone=st.sampled_from(ZONES).map(lambda zone: zone.key),
    on=st.sampled_from(MONTHS),
    view=st.sampled_from(("month", "week")),
    coverage=limits,
    covered=st.lists(times, max_size=2),
    planned=rotations,
    made=overrides,
    gone=st.booleans(),
    part=st.floats(0, 1),
)
@example(
    zone="Europe/Vienna",
    on=date(2026, 10, 20),
    view="month",
    coverage="always",
    covered=[],
    planned=[WEEKLY, NIGHTS],
    made=[("add", 2, 0, 0, 40), ("replace", 2, 1, 100, 30), ("remove", 0, 1, 200, 40)],
    gone=False,
    part=0.5,
)
@example(
    zone="Australia/Lord_Howe",
    on=date(2026, 4, 2),
    view="week",
    coverage="outside_office_hours",
    covered=[],
    planned=[{**NIGHTS, "members": [3]}],
    made=[("add", 1, 0, 0, 60), ("add", 2, 0, 20, 90), ("only", 0, 0, 110, 30)],
    gone=True,
    part=0.0,
)
def test_the_calendar_shows_whom_the_engine_would_page(
    desk, zone, on, view, coverage, covered, planned, made, gone, part
) -> None:
    with transaction.atomic():
        schedule = prepare(desk, zone, coverage, covered, planned, gone)
        change(schedule, on, made)
        kept.forget()
        client = people.signed_in(desk.eva)
        turns = shown(calendar(client, schedule, on, view))
        assert len(turns) >= 7
        assert all(a.end == b.begin for a, b in pairwise(turns))
        roster = roster_of(schedule)
        for turn in worth_asking(turns):
            inside = turn.begin + part * (turn.end - turn.begin - MICROSECOND)
            for at in (turn.begin, inside, turn.end - MICROSECOND):
                paged = technicians_on_call(schedule_id=schedule.pk, now=at)
                assert turn.names == [str(person) for person in paged]
                must = serves(roster.coverage, roster.clock, at)
                kind = "served" if paged else "gap" if must else "free"
                assert turn.kind == kind
        transaction.set_rollback(True)


def worth_asking(turns: list[Shown]) -> list[Shown]:
    """Those beside a change, and some of the others."""
    chosen = [
        turn
        for before, turn, after in zip(turns, turns[1:], turns[2:], strict=False)
        if not before.names == turn.names == after.names
    ]
    return [*chosen[:30], *turns[::9], turns[-1]]


def calendar(client: Client, schedule: Schedule, on: date, view: str) -> str:
    answer = client.get(f"/desk/roster/{schedule.pk}/plan/?on={on}&view={view}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def prepare(
    desk: Desk,
    zone: str,
    coverage: str,
    covered: list[Any],
    planned: list[Any],
    gone: bool,
) -> Schedule:
    """A schedule of its own with these rotations; the last of four may have left."""
    OperatorProfile.objects.create(valid_from=people.NIGHT - timedelta(days=400))
    Holiday.objects.get_or_create(
        day="2026-10-26", defaults={"name": "Holiday", "source": "calendar"}
    )
    for number in range(4):
        people.technician(f"T{number} O'Neil")
    Staff.objects.filter(full_name="T3 O'Neil").update(is_active=not gone)
    schedule = Schedule.objects.create(
        name="Drawn", time_zone=zone, coverage=coverage, coverage_times=covered
    )
    for given_fields in planned:
        fields = dict(given_fields)
        members, ends = fields.pop("members"), fields.pop("ends_after")
        fields["shift_hours"] = fields["shift_hours"] or (not fields["shift_days"])
        rotation = Rotation.objects.create(
            schedule=schedule,
            ends_on=fields["starts_on"] + timedelta(days=ends) if ends else None,
            **fields,
        )
        for position, member in enumerate(members):
            RotationMember.objects.create(
                rotation=rotation, technician=drawn(member), position=position
            )
    return schedule


def change(schedule: Schedule, on: date, made: list[Any]) -> None:
    day = datetime.combine(on, time(), UTC)
    for number, (kind, new, old, ahead, length) in enumerate(made):
        begin = day + timedelta(minutes=30 * ahead)
        Override.objects.create(
            schedule=schedule,
            kind="replace" if kind == "only" else kind,
            technician=None if kind == "remove" else drawn(new),
            replaced=drawn(old) if kind in {"remove", "replace"} else None,
            starts_at=begin,
            ends_at=begin + timedelta(minutes=30 * length),
            created_at=people.NIGHT + timedelta(seconds=number),
        )


def drawn(number: int) -> Technician:
    return Technician.objects.get(staff__full_name=f"T{number} O'Neil")
