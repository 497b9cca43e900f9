"""A rotation is seen before it holds: who gains and loses, what it would cause."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emergency.actions.schedules import save_rotation
from emergency.models import (
    Absence,
    OperatorProfile,
    Override,
    Page,
    RosterEntry,
    Rotation,
    Schedule,
)
from emergency.queries.roster import roster_of
from emergency.queries.rotation_preview import DAYS, Preview, preview_rotation
from emergency.rules.rotation import shifts
from emergency.rules.shift_changes import periods_of, without
from tests import people
from tests.examples import TIMES
from tests.integration.desk.conftest import Desk

NO_TIMES = {"times-TOTAL_FORMS": "0", "times-INITIAL_FORMS": "0"}


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture(autouse=True)
def patient_law(settings):
    settings.DUTY_DAYS_PER_MONTH = 31
    settings.DUTY_HOURS_PER_MONTH = 800
    settings.DUTY_WEEKLY_RESTS_PER_MONTH = 5


@pytest.fixture
def schedule(desk: Desk) -> Schedule:
    return Schedule.objects.get()


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


def typed(*places: Any, **fields: str) -> dict[str, str]:
    return {
        **{f"place_{number}": str(one.pk) for number, one in enumerate(places)},
        "starts_on": "2026-03-16",
        "handoff_time": "08:00",
        "length": "weekly",
        "layer": "1",
        "limited_to": "always",
        **NO_TIMES,
        **fields,
    }


def fingerprint(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def test_nothing_is_saved_before_it_was_seen_and_confirmed(eva, desk, schedule) -> None:
    path = f"/desk/roster/{schedule.pk}/rotation/"
    answer = eva.post(path, typed(desk.anna))
    page = answer.content.decode()
    assert answer.status_code == 200
    said = words(page)
    assert "the next 28 days. Nothing is saved yet." in said
    # Two weeks of Bernd's, from Monday to Monday, fall to Anna.
    assert "Bernd Kofler 342 " in said or "Bernd Kofler 336 " in said
    assert "Mon 16 Mar, 08:00 – Mon 23 Mar, 08:00" in said
    assert Rotation.objects.count() == 1
    assert not RosterEntry.objects.exists()
    assert not Page.objects.exists()

    seen = typed(desk.anna) | {"seen": fingerprint(page)}
    assert eva.post(path, seen).status_code == 302
    assert Rotation.objects.count() == 2
    assert RosterEntry.objects.get().code == "rotation_added"


def test_whoever_wants_to_think_again_finds_the_form_as_typed(
    eva, desk, schedule
) -> None:
    answer = eva.post(
        f"/desk/roster/{schedule.pk}/rotation/",
        typed(desk.anna, name="Nights", edit="1", seen="x"),
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'value="Nights"' in page
    assert "Error:" not in page
    assert Rotation.objects.count() == 1


@pytest.mark.parametrize("what", ["roster", "form"])
def test_what_was_not_seen_is_not_saved(eva, desk, schedule, what) -> None:
    path = f"/desk/roster/{schedule.pk}/rotation/"
    seen = fingerprint(eva.post(path, typed(desk.anna)).content.decode())
    given = typed(desk.anna, seen=seen)
    if what == "form":
        given["handoff_time"] = "09:00"
    else:
        Override.objects.create(
            schedule=schedule,
            kind="add",
            technician=desk.bernd,
            starts_at=desk.clock.now,
            ends_at=desk.clock.now + timedelta(hours=1),
        )
    answer = eva.post(path, given)
    assert "The roster was changed meanwhile." in words(answer.content.decode())
    assert Rotation.objects.count() == 1


def test_gaps_absences_and_limits_that_it_would_cause_are_said(
    eva, desk, schedule, settings
) -> None:
    settings.DUTY_DAYS_PER_MONTH = 14
    mute = people.technician("Carla Fuchs")
    mute.contact_methods.all().delete()
    Absence.objects.create(
        technician=desk.anna,
        starts_at=datetime(2026, 3, 18, tzinfo=UTC),
        ends_at=datetime(2026, 3, 19, tzinfo=UTC),
        imported_at=desk.clock.now,
    )
    base = Rotation.objects.get()
    path = f"/desk/roster/{schedule.pk}/rotation/{base.pk}/"
    said = words(
        eva.post(
            path,
            typed(
                mute,
                desk.anna,
                layer="0",
                starts_on="2026-03-09",
                ends_on="2026-03-30",
            ),
        ).content.decode()
    )
    assert "nobody is on call from 30 Mar 2026 08:00" in said
    assert "Carla Fuchs is on call from 9 Mar 2026 08:00" in said
    assert "Anna Berger is away from 18 Mar 2026 01:00 to 19 Mar 2026 01:00" in said
    assert "It begins before today" in said
    settled = eva.post(path, typed(desk.bernd, layer="0", starts_on="2026-03-02"))
    said = words(settled.content.decode())
    assert "Bernd Kofler is on call on 30 days in March 2026. The limit is 14." in said


def test_what_it_settles_is_said_and_a_change_of_nothing_too(
    eva, desk, schedule
) -> None:
    Rotation.objects.update(ends_on="2026-03-23")
    base = Rotation.objects.get()
    path = f"/desk/roster/{schedule.pk}/rotation/{base.pk}/"
    same = typed(desk.bernd, desk.anna, layer="0", starts_on="2026-03-02")
    said = words(eva.post(path, same).content.decode())
    assert "settled Emergency support: nobody is on call from 23 Mar 2026" in said
    said = words(eva.post(path, same | {"ends_on": "2026-03-23"}).content.decode())
    assert "Nobody's shifts change in the next 28 days." in said


@settings(
    max_examples=8 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    starts_on=st.dates(date(2026, 2, 20), date(2026, 4, 10)),
    hour=st.integers(0, 23),
    length=st.sampled_from(((1, 0), (7, 0), (0, 12), (2, 5))),
    limited_to=st.sampled_from(("always", "outside_office_hours", "times")),
    layer=st.integers(0, 2),
    anew=st.booleans(),
    zone=st.sampled_from(("Europe/Vienna", "America/New_York", "Asia/Beirut")),
)
def test_the_preview_is_what_happens(
    desk, starts_on, hour, length, limited_to, layer, anew, zone
) -> None:
    """Saved, the roster gives and takes exactly what the preview said."""
    now, end = desk.clock.now, desk.clock.now + timedelta(days=DAYS)
    days, hours = length
    values = {
        "name": "",
        "layer": layer,
        "starts_on": starts_on,
        "ends_on": None,
        "handoff_time": time(hour),
        "shift_days": days,
        "shift_hours": hours,
        "limited_to": limited_to,
        "times": [{"days": [0, 2, 6], "from": "22:00", "until": "05:00"}],
    }
    with transaction.atomic():
        OperatorProfile.objects.create(valid_from=people.NIGHT, name="Hoster")
        Schedule.objects.update(time_zone=zone)
        schedule = Schedule.objects.get()
        rotation = None if anew else Rotation.objects.get()
        members = [desk.anna, people.technician("Carla Fuchs")]
        before = shifts(roster_of(schedule), now, end)
        preview: Preview = preview_rotation(
            schedule, rotation, values=values, members=members, now=now
        )
        save_rotation(
            schedule_id=schedule.pk,
            rotation_id=rotation.pk if rotation else None,
            values=values,
            members=members,
            staff=desk.eva,
            now=now,
            seen=preview.fingerprint,
        )
        after = shifts(roster_of(schedule), now, end)
        told = {row.person.pk: (row.gained, row.lost) for row in preview.people}
        for key in {shift.technician for shift in [*before, *after]}:
            had, has = periods_of(before, key), periods_of(after, key)
            assert told.pop(key) == (without(has, had), without(had, has))
        assert not told
        transaction.set_rollback(True)
