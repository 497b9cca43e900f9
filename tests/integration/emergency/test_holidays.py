"""Public holidays as rows: what is past stays, what the operator wrote stays."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from emergency.actions.holidays import update_holidays
from emergency.models import Holiday

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Ten fall on weekdays in 2026, nine in 2027.
DAYS = {
    2026: "0101 0106 0406 0501 0514 0525 0604 0815 1026 1101 1208 1225 1226",
    2027: "0101 0106 0329 0501 0506 0517 0527 0815 1026 1101 1208 1225 1226",
}


def stored(year: int) -> str:
    return " ".join(
        f"{h.day:%m%d}" for h in Holiday.objects.filter(day__year=year).order_by("day")
    )


@pytest.mark.parametrize("year", DAYS)
def test_the_thirteen_austrian_holidays_stand_and_no_others(year):
    update_holidays(now=NOW)
    assert stored(year) == DAYS[year]


def test_names_do_not_follow_the_locale_of_the_process(monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("LANGUAGE", "en")
    update_holidays(now=NOW)
    assert Holiday.objects.get(day=date(2026, 12, 25)).name == "Christtag"


def test_the_same_again_changes_nothing():
    assert update_holidays(now=NOW) == 39
    assert update_holidays(now=NOW) == 0


def test_past_days_and_closing_days_are_left_alone():
    past = Holiday.objects.create(day=date(2026, 4, 3), name="x", source="calendar")
    own = Holiday.objects.create(
        day=date(2026, 12, 24), name="Closed", source="operator", fee_time=False
    )
    both = Holiday.objects.create(
        day=date(2026, 12, 25), name="Closed", source="operator", fee_time=False
    )
    wrong = Holiday.objects.create(day=date(2027, 3, 26), name="x", source="calendar")
    update_holidays(now=NOW)
    assert Holiday.objects.filter(pk__in=(past.pk, own.pk)).count() == 2
    both.refresh_from_db()
    assert (both.source, both.fee_time) == ("operator", False)
    # Good Friday is no holiday, and it has not come yet.
    assert not Holiday.objects.filter(pk=wrong.pk).exists()
    assert not Holiday.objects.filter(day__range=("2026-04-04", "2026-11-21")).exists()


def test_another_country_may_be_named(settings):
    settings.HOLIDAY_COUNTRY, settings.HOLIDAY_SUBDIVISION = "DE", "BY"
    update_holidays(now=NOW)
    assert Holiday.objects.filter(day=date(2027, 3, 26)).exists()


def test_an_unknown_country_is_said(settings):
    settings.HOLIDAY_COUNTRY = "XX"
    with pytest.raises(CommandError, match="HOLIDAY_COUNTRY"):
        call_command("update_holidays")
