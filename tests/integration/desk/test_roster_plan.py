"""The roster as a calendar: what stands on which day."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from emergency.models import (
    Absence,
    Holiday,
    Override,
    Rotation,
    RotationMember,
    Schedule,
    Swap,
)
from emergency.operator_facts import kept
from tests import people
from tests.integration.desk.conftest import Desk


@pytest.fixture
def schedule(desk: Desk) -> Schedule:
    return Schedule.objects.get()


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def calendar(client: Client, schedule: Schedule, query: str = "") -> str:
    answer = client.get(f"/desk/roster/{schedule.pk}/plan/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def day(page: str, iso: str) -> str:
    """The words of one day of the calendar."""
    parts = re.split(r'(?=class="plan-day)', page)
    found = [part for part in parts if f'datetime="{iso}"' in part]
    assert len(found) == 1, iso
    return words(found[0])


def override(schedule: Schedule, **fields: object) -> Override:
    return Override.objects.create(schedule=schedule, **fields)


def test_a_month_shows_whole_weeks_with_who_is_on_call(eva, schedule) -> None:
    page = calendar(eva, schedule)
    assert "Emergency support: March 2026" in words(page)
    assert page.count('class="plan-day') == 42
    assert "all day Anna Berger" in day(page, "2026-03-10")
    changing = day(page, "2026-03-16")
    assert "00:00–08:00 Anna Berger" in changing
    assert "08:00–24:00 Bernd Kofler" in changing
    assert page.count('aria-current="date"') == 1


def test_the_night_in_which_the_clock_is_put_back_has_25_hours(
    eva, desk, schedule
) -> None:
    override(
        schedule,
        kind="replace",
        technician=desk.bernd,
        starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ends_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    page = calendar(eva, schedule, "?on=2026-10-25&view=week")
    assert "Sun 25 Oct has 25 hours: the clock is put back" in words(page)
    night = day(page, "2026-10-25")
    assert "25 hours" in night
    assert "00:00–02:30 CEST Anna Berger" in night
    assert "02:30 CEST–02:30 CET Bernd Kofler" in night
    assert "02:30 CET–24:00 Anna Berger" in night


def test_the_night_in_which_the_clock_is_put_forward_has_23_hours(
    eva, schedule
) -> None:
    page = calendar(eva, schedule, "?on=2026-03-29")
    assert "Sun 29 Mar has 23 hours: the clock is put forward" in words(page)


def test_days_are_those_of_the_zone_of_the_schedule(eva, desk, schedule) -> None:
    Schedule.objects.update(time_zone="America/New_York")
    Rotation.objects.update(handoff_time="00:00")
    page = calendar(eva, schedule, "?view=week&on=2026-03-16")
    assert "Times in America/New_York" in page
    assert "all day Bernd Kofler" in day(page, "2026-03-16")
    assert 'data-from="2026-03-16T04:00:00+00:00"' in page


def test_changes_and_layers_stand_where_they_hold(eva, desk, schedule) -> None:
    carla = people.technician("Carla Fuchs")
    upper = Rotation.objects.create(
        schedule=schedule,
        layer=2,
        name="Nights",
        starts_on="2026-03-02",
        handoff_time="20:00",
        shift_days=1,
        limited_to="times",
        times=[{"days": [0, 1, 2, 3, 4, 5, 6], "from": "20:00", "until": "06:00"}],
    )
    RotationMember.objects.create(rotation=upper, technician=carla, position=0)
    override(
        schedule,
        kind="replace",
        technician=desk.bernd,
        replaced=carla,
        reason="swap",
        starts_at=datetime(2026, 3, 11, 21, tzinfo=UTC),
        ends_at=datetime(2026, 3, 11, 23, tzinfo=UTC),
    )
    page = calendar(eva, schedule, "?view=week&on=2026-03-11")
    head = words(page[page.index("<thead") : page.index("</thead>")])
    assert head.index("Nights") < head.index("Layer 0")
    wednesday = day(page, "2026-03-11")
    assert "00:00–06:00 Carla Fuchs Nights" in wednesday
    assert "06:00–20:00 Anna Berger Layer 0" in wednesday
    assert (
        "22:00–24:00 Bernd Kofler Nights changed"
        " Bernd Kofler instead of Carla Fuchs (Swap)" in wednesday
    )
    # What each layer says by itself.
    assert "20:00–24:00 Carla Fuchs" in wednesday
    assert "all day Anna Berger" in wednesday


def test_gaps_stand_in_their_place_and_hours_that_need_nobody_are_none(
    eva, schedule
) -> None:
    Rotation.objects.update(ends_on="2026-03-12")
    page = calendar(eva, schedule)
    # And before the first hand-off.
    assert "2 gaps " in words(page)
    assert "08:00–24:00 Nobody is on call" in day(page, "2026-03-12")
    Schedule.objects.update(
        coverage="times",
        coverage_times=[{"days": [3], "from": "09:00", "until": "10:00"}],
    )
    thursday = day(calendar(eva, schedule), "2026-03-12")
    assert "08:00–09:00 nobody has to be" in thursday
    assert "09:00–10:00 Nobody is on call" in thursday


def test_a_limit_of_the_law_stands_on_the_day_that_passes_it(
    eva, schedule, settings
) -> None:
    settings.DUTY_HOURS_PER_MONTH = 24
    settings.DUTY_DAYS_PER_MONTH = 5
    page = calendar(eva, schedule)
    # Anna begins on Monday, 9 March, at 08:00: 24 hours are over on Tuesday at 08:00,
    # the sixth day is Saturday. She has 335 hours in March, the clock change counted.
    assert "Anna Berger:" not in day(page, "2026-03-09")
    assert "Limit of the law: Anna Berger: 335 hours of 24" in day(page, "2026-03-10")
    assert "days of" not in day(page, "2026-03-13")
    assert "Anna Berger: 16 days of 5" in day(page, "2026-03-14")
    week = day(calendar(eva, schedule, "?view=week&on=2026-03-10"), "2026-03-10")
    assert (
        "Anna Berger is on call for 335 hours in March 2026. The limit is 24."
        " Collective agreement for information technology, section 7" in week
    )


def test_holidays_and_absences_are_said(eva, desk, schedule) -> None:
    Holiday.objects.update_or_create(
        day="2026-03-19", defaults={"name": "Saint Joseph", "source": "operator"}
    )
    Absence.objects.create(
        technician=desk.anna,
        starts_at=desk.clock.now + timedelta(days=1),
        ends_at=desk.clock.now + timedelta(days=2),
        imported_at=desk.clock.now,
    )
    page = calendar(eva, schedule)
    assert "Saint Joseph" in day(page, "2026-03-19")
    assert "Anna Berger away" in day(page, "2026-03-11")
    assert "away" not in day(page, "2026-03-14")


def test_a_swap_that_waits_is_seen_by_planners_and_the_two(eva, desk, schedule) -> None:
    Swap.objects.create(
        schedule=schedule,
        proposer=desk.anna,
        partner=desk.bernd,
        given_from=datetime(2026, 3, 11, 17, tzinfo=UTC),
        given_until=datetime(2026, 3, 12, 7, tzinfo=UTC),
        proposed_at=desk.clock.now,
    )
    said = "Swap asked 18:00–24:00 Bernd Kofler for Anna Berger"
    for client in (eva, people.signed_in(desk.anna), people.signed_in(desk.bernd)):
        page = calendar(client, schedule)
        assert said in day(page, "2026-03-11")
        assert "00:00–08:00 Bernd Kofler for" in day(page, "2026-03-12")
    carla = people.signed_in(people.technician("Carla Fuchs"))
    assert "Swap asked" not in calendar(carla, schedule)


def test_a_day_leads_planners_to_its_override(eva, desk, schedule) -> None:
    page = calendar(eva, schedule)
    link = re.findall(rf'href="(/desk/roster/{schedule.pk}/override/\?[^"]+)"', page)[3]
    form = eva.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="2026-03-13T00:00"' in form
    assert 'value="2026-03-14T00:00"' in form
    assert "/override/" not in calendar(people.signed_in(desk.anna), schedule)
    assert "/override/" not in calendar(eva, schedule, "?on=2026-02-10")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?on=2026-02-30", "March 2026"),
        ("?on=nonsense&view=nonsense", "March 2026"),
        ("?on=0001-01-01", "January 1990"),
        ("?on=9999-12-31&view=week", "29 Dec 2200"),
    ],
)
def test_an_address_that_says_nothing_shows_something(
    eva, schedule, query, said
) -> None:
    assert said in words(calendar(eva, schedule, query))


def test_a_schedule_without_a_rotation_says_what_would_appear(eva, schedule) -> None:
    Rotation.objects.all().delete()
    assert "No shift so far" in calendar(eva, schedule)


@pytest.mark.parametrize("view", ["month", "week"])
def test_a_calendar_asks_a_constant_number_of_questions(
    eva, desk, schedule, view, connection_of_tests
) -> None:
    def asked() -> int:
        kept.forget()
        with CaptureQueriesContext(connection_of_tests) as captured:
            calendar(eva, schedule, f"?view={view}")
        return len(captured)

    override(
        schedule,
        kind="add",
        technician=desk.bernd,
        starts_at=desk.clock.now,
        ends_at=desk.clock.now + timedelta(days=1),
    )
    asked()
    before = asked()
    for hours in range(0, 60, 3):
        begin = desk.clock.now + timedelta(hours=hours)
        override(
            schedule,
            kind="replace",
            technician=desk.bernd if hours % 2 else desk.anna,
            starts_at=begin,
            ends_at=begin + timedelta(hours=2),
        )
        Absence.objects.create(
            technician=desk.anna,
            starts_at=begin,
            ends_at=begin + timedelta(hours=1),
            imported_at=begin,
        )
    assert asked() == before <= 24


@pytest.mark.parametrize("path", ["what-if/", "{schedule}/plan/"])
def test_what_is_only_read_takes_no_post(eva, schedule, path) -> None:
    path = "/desk/roster/" + path.format(schedule=schedule.pk)
    assert eva.get(path).status_code == 200
    assert eva.post(path).status_code == 405


def test_a_schedule_that_does_not_exist_has_no_calendar(eva) -> None:
    assert eva.get("/desk/roster/99999/plan/").status_code == 404
