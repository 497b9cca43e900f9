"""Hours and interventions of each person: who sees them, what they say."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.test import Client

from emergency.actions.schedules import remove_rotation
from emergency.actions.timelog import log_time
from emergency.exports.duty_figures import hours
from emergency.models import (
    Holiday,
    Incident,
    OperatorProfile,
    Override,
    Rotation,
    Schedule,
    Staff,
)
from tests import people
from tests.integration.desk.conftest import Desk

PAGE, CSV = "/desk/roster/figures/", "/desk/roster/figures/csv/"


@pytest.fixture
def april(desk: Desk, settings) -> Desk:
    """The figures are switched on, and March, in which Bernd and Anna take weekly turns
    from Monday the 2nd at 08:00 on, is over."""
    settings.DUTY_FIGURES = True
    OperatorProfile.objects.create(valid_from=people.NIGHT - timedelta(days=400))
    Holiday.objects.filter(day__year=2026, day__month=3).delete()
    Holiday.objects.create(day="2026-03-19", name="Holiday", source="calendar")
    Holiday.objects.create(day="2026-03-20", name="Closed", source="operator")
    desk.clock.now = datetime(2026, 4, 10, 10, tzinfo=UTC)
    return desk


def rows(client: Client, query: str = "") -> dict[str, dict[str, str]]:
    answer = client.get(CSV + query)
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    return {row["name"]: row for row in csv.DictReader(StringIO(text), delimiter=";")}


def words(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("path", [PAGE, CSV])
@pytest.mark.parametrize("who", ["anna", "eva", "administrator"])
def test_there_is_no_such_page_unless_it_is_switched_on(desk, path, who) -> None:
    person = people.administrator() if who == "administrator" else getattr(desk, who)
    client = people.signed_in(person)
    assert client.get(path).status_code == 404
    assert PAGE not in client.get("/desk/roster/").content.decode()


@pytest.mark.parametrize("path", [PAGE, CSV])
def test_strangers_and_accounting_see_nothing(april, path) -> None:
    assert people.stranger().get(path).status_code == 302
    assert people.signed_in(people.accountant()).get(path).status_code == 403
    assert people.signed_in(april.eva).post(path).status_code == 405


def test_planners_see_everybody_and_each_person_themselves(april) -> None:
    for planner in (april.eva, people.administrator()):
        assert set(rows(people.signed_in(planner))) == {"Anna Berger", "Bernd Kofler"}
    anna = people.signed_in(april.anna)
    assert set(rows(anna)) == {"Anna Berger"}
    assert "Bernd Kofler" not in words(anna)
    assert f'href="{PAGE}"' in anna.get("/desk/roster/").content.decode()
    clerk = people.staff("Nora Neu", "technician")
    assert people.signed_in(clerk).get(PAGE).status_code == 404


def test_the_last_month_that_is_over_is_shown_with_its_kinds_of_days(april) -> None:
    found = rows(people.signed_in(april.eva))
    # Bernd: 2 to 9 and 16 to 23, 30 to the end of the month; two Sundays, a holiday.
    bernd = found["Bernd Kofler"]
    assert bernd["month"] == "2026-03"
    assert bernd["standby_sunday_hours"] == "48,00"
    assert bernd["standby_holiday_hours"] == "24,00"
    assert bernd["standby_workday_hours"] == hours(
        timedelta(hours=2 * 7 * 24 + 16 + 24 - 48 - 24)
    )
    # Anna's second Sunday is the one with 23 hours.
    assert found["Anna Berger"]["standby_sunday_hours"] == "47,00"
    page = words(people.signed_in(april.eva))
    assert "On call and interventions: March 2026" in page
    assert "not over yet" not in page
    assert "48.00" in page


def test_a_month_that_runs_is_counted_up_to_now(april) -> None:
    eva = people.signed_in(april.eva)
    page = words(eva, "?month=2026-04")
    assert "Counted up to Fri 10 Apr, 12:00" in page
    total = sum(
        float(row["standby_hours"].replace(",", "."))
        for row in rows(eva, "?month=2026-04").values()
    )
    assert total == 9 * 24 + 12
    assert "April 2026" in words(eva, "?month=2031-01")
    assert "March 2026" in words(eva, "?month=nonsense")


def test_interventions_and_broken_rests_come_from_logged_time(april) -> None:
    called = datetime(2026, 3, 11, 0, tzinfo=UTC)  # 01:00 in Vienna, Anna's week
    incident = people.report(now=called)
    Incident.objects.filter(pk=incident.pk).update(status="reached", reached_at=called)
    log_time(
        incident_id=incident.pk,
        technician=april.anna,
        staff=april.anna.staff,
        kind="support",
        started_at=called,
        ended_at=called + timedelta(hours=2, minutes=20),
        now=april.clock.now,
    )
    row = rows(people.signed_in(april.anna))["Anna Berger"]
    assert row["interventions"] == "1"
    assert row["worked_on_call_hours"] == "2,33"
    assert row["worked_besides_hours"] == "0,00"
    # Office hours end at 17:00, so that eight hours were over when the call came.
    assert (row["rests_interrupted"], row["rests_broken"]) == ("1", "0")
    OperatorProfile.objects.create(
        valid_from=people.NIGHT - timedelta(days=399), office_closes="18:00"
    )
    row = rows(people.signed_in(april.anna))["Anna Berger"]
    assert row["rests_broken"] == "1"


def test_whoever_swaps_or_is_replaced_is_counted_as_it_was(april) -> None:
    Override.objects.create(
        schedule=Schedule.objects.get(),
        kind="replace",
        technician=april.bernd,
        replaced=april.anna,
        starts_at=datetime(2026, 3, 10, 7, tzinfo=UTC),
        ends_at=datetime(2026, 3, 11, 7, tzinfo=UTC),
    )
    found = rows(people.signed_in(april.eva))
    assert found["Bernd Kofler"]["standby_hours"] == "400,00"


def test_two_schedules_at_once_are_counted_once(april) -> None:
    before = rows(people.signed_in(april.eva))
    Schedule.objects.create(name="Second", time_zone="UTC")
    base = Rotation.objects.get()
    second = Rotation.objects.create(
        schedule=Schedule.objects.get(name="Second"),
        starts_on=base.starts_on,
        handoff_time=base.handoff_time,
    )
    second.members.create(technician=april.anna, position=0)
    after = rows(people.signed_in(april.eva))
    assert after["Bernd Kofler"] == before["Bernd Kofler"]
    # From Monday, 2 March, 08:00 UTC to the midnight that ends March in Vienna.
    assert after["Anna Berger"]["standby_hours"] == hours(timedelta(days=29, hours=14))


def test_whoever_left_keeps_the_hours_and_is_marked(april) -> None:
    before = rows(people.signed_in(april.eva))["Bernd Kofler"]
    Staff.objects.filter(technician=april.bernd).update(is_active=False)
    eva = people.signed_in(april.eva)
    assert rows(eva)["Bernd Kofler"] == before | {"planned_only": "1"}
    assert "Bernd Kofler left: as planned" in words(eva)


def test_a_plan_changed_after_its_month_is_said(april) -> None:
    eva = people.signed_in(april.eva)
    assert "after this month was over" not in words(eva)
    remove_rotation(
        rotation_id=Rotation.objects.get().pk, staff=april.eva, now=april.clock.now
    )
    page = words(eva)
    assert "was changed on Fri 10 Apr 2026, 12:00, after this month was over" in page
    assert "Nobody was on call or logged work" in page


def test_a_name_is_no_formula(april) -> None:
    Staff.objects.filter(technician=april.anna).update(full_name="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in rows(people.signed_in(april.eva))


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0,00"), (1, "0,02"), (20, "0,33"), (59.7, "1,00")]
)
def test_hours_have_two_places(minutes, said) -> None:
    assert hours(timedelta(minutes=minutes)) == said
