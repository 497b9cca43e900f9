"""The demo's rosters: somebody at every hour, and one that shows its limits."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.management.demo.people import make_people
from emergency.models import Holiday, Schedule
from emergency.queries.readiness import readiness
from emergency.queries.roster import roster_of
from emergency.rules.rotation import gaps, on_call

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 4, 12, tzinfo=UTC)


@pytest.fixture
def schedules() -> dict[str, Schedule]:
    make_people(NOW)
    return {schedule.name: schedule for schedule in Schedule.objects.all()}


def test_somebody_can_be_paged_at_every_hour_of_the_year(schedules):
    roster = roster_of(schedules["Emergency support"])
    assert gaps(roster, NOW - timedelta(weeks=52), NOW + timedelta(weeks=52)) == []
    assert not [finding for finding in readiness(NOW) if finding.serious]


def test_the_second_line_rests_in_office_hours_but_not_on_holidays(schedules):
    roster = roster_of(schedules["Second line"])
    assert Holiday.objects.filter(day="2026-12-08").exists()
    assert on_call(roster, datetime(2026, 12, 7, 11, tzinfo=UTC)) == ()
    assert on_call(roster, datetime(2026, 12, 8, 11, tzinfo=UTC)) != ()
    assert on_call(roster, datetime(2026, 12, 7, 20, tzinfo=UTC)) != ()
    assert gaps(roster, NOW, NOW + timedelta(weeks=52)) == []


def test_nobody_serves_two_schedules_at_once(schedules):
    first, second = (roster_of(schedule) for schedule in schedules.values())
    for hours in range(0, 24 * 30, 5):
        at = NOW + timedelta(hours=hours)
        assert not set(on_call(first, at)) & set(on_call(second, at))
