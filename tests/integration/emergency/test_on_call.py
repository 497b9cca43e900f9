"""Who is on call, from the rows of a schedule: several people, limits, inactivity."""

import json
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from emergency.actions.roster import technicians_on_call
from emergency.models import (
    Holiday,
    OperatorProfile,
    Override,
    Rotation,
    RotationMember,
    Schedule,
)
from tests import people

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 10, 26, 9, tzinfo=UTC)  # 10:00 in Vienna, a holiday


@pytest.fixture
def anna():
    return people.technician("Anna Berger")


@pytest.fixture
def bernd():
    return people.technician("Bernd Kofler")


@pytest.fixture
def schedule(anna, bernd) -> Schedule:
    """Bernd answers in office hours, Anna in all others."""
    schedule = Schedule.objects.create(name="Nights", time_zone="Europe/Vienna")
    for layer, (person, limit) in enumerate(
        ((bernd, "always"), (anna, "outside_office_hours"))
    ):
        rotation = Rotation.objects.create(
            schedule=schedule,
            layer=layer,
            starts_on=date(2026, 1, 5),
            handoff_time=time(8),
            limited_to=limit,
        )
        RotationMember.objects.create(rotation=rotation, technician=person, position=0)
    OperatorProfile.objects.create(
        valid_from=datetime(2020, 1, 1, tzinfo=UTC), name="Gipfelnetz"
    )
    return schedule


def serving(schedule: Schedule, at: datetime) -> list[str]:
    return [p.first_name for p in technicians_on_call(schedule_id=schedule.pk, now=at)]


def answer(at: datetime) -> dict[str, Any]:
    out = StringIO()
    call_command("on_call", "--json", "--at", at.isoformat(), stdout=out)
    return next(
        row for row in json.loads(out.getvalue()) if row["schedule"] == "Nights"
    )


def test_a_holiday_is_outside_office_hours(schedule):
    assert serving(schedule, MONDAY) == ["Bernd"]
    Holiday.objects.create(day=date(2026, 10, 26), name="Holiday", source="calendar")
    assert serving(schedule, MONDAY) == ["Anna"]


def test_without_a_profile_every_hour_is_outside_office_hours(schedule):
    OperatorProfile.objects.all().delete()
    assert serving(schedule, MONDAY) == ["Anna"]


def test_an_added_person_is_on_call_beside_the_other(schedule, anna):
    Override.objects.create(
        schedule=schedule,
        kind="add",
        technician=anna,
        starts_at=MONDAY,
        ends_at=MONDAY + timedelta(hours=1),
    )
    assert serving(schedule, MONDAY) == ["Bernd", "Anna"]
    assert serving(schedule, MONDAY + timedelta(hours=1)) == ["Bernd"]


def test_who_may_not_sign_in_counts_as_nobody(schedule, anna):
    evening = MONDAY + timedelta(hours=10)
    assert serving(schedule, evening) == ["Anna"]
    anna.staff.is_active = False
    anna.staff.save()
    assert serving(schedule, evening) == ["Bernd"]


def test_a_house_phone_is_never_on_call(schedule, bernd):
    bernd.is_house_phone = True
    bernd.save()
    assert serving(schedule, MONDAY) == []


def test_the_question_costs_few_queries(schedule, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        serving(schedule, MONDAY)


def test_the_command_names_everybody_and_the_next_hand_off(schedule):
    said = answer(MONDAY)
    assert said["on_call"] == ["Bernd Kofler"]
    assert said["next_change"] == "2026-10-26T16:00:00+00:00"
    assert said["next_hand_off"] == {
        "at": "2026-10-26T16:00:00+00:00",
        "incoming": "Anna Berger",
        "outgoing": "Bernd Kofler",
    }


def test_the_command_says_when_nobody_must_be_there(schedule):
    schedule.rotations.all().delete()
    assert answer(MONDAY)["must_be_covered"] is True
    schedule.coverage = "outside_office_hours"
    schedule.save()
    said = answer(MONDAY)
    assert (said["on_call"], said["must_be_covered"]) == ([], False)
    assert said["next_hand_off"] is None
