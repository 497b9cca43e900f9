"""The look ahead at the desk: for whoever plans, in words, with the law behind it."""

import pytest

from tests import people
from tests.integration.desk.conftest import Desk


@pytest.fixture
def page(desk: Desk):
    client = people.signed_in(desk.eva)
    return lambda query="": client.get(f"/desk/roster/ahead/{query}").content.decode()


def test_a_sound_roster_is_said_to_be_sound(page, settings):
    settings.DUTY_DAYS_PER_MONTH = settings.DUTY_WEEKLY_RESTS_PER_MONTH = 31
    settings.DUTY_HOURS_PER_MONTH = 800
    assert "Every hour that must be covered has somebody" in page()
    assert "Nobody is planned for more" in page()


def test_what_is_wrong_stands_there_with_its_law(page, desk):
    desk.anna.contact_methods.filter(kind="voice").delete()
    shown = page()
    assert "has no verified telephone number." in shown
    assert "Anna Berger is on call on 16 days in March 2026. The limit is 10." in shown
    assert "Working Hours Act (AZG), section 20a" in shown


def test_the_period_can_be_chosen_and_nonsense_is_two_weeks(page):
    assert "The next 12 weeks" in page("?weeks=12")
    assert "The next 2 weeks" in page("?weeks=1000000")


def test_technicians_do_not_read_what_others_work(desk: Desk):
    assert people.signed_in(desk.anna).get("/desk/roster/ahead/").status_code == 403
