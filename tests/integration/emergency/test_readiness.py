"""The look ahead: gaps, telephones, absences and the limits of the law."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.translation import override

from emergency.actions.readiness import check_readiness
from emergency.models import Override, Page, Schedule
from emergency.queries.readiness import readiness
from emergency.queries.readiness_wording import (
    findings_in_words,
    worded_codes,
    worded_sources,
)
from tests import people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)  # a Tuesday
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def patient_law(settings):
    """The law is silent unless a test asks it."""
    settings.DUTY_DAYS_PER_MONTH = 31
    settings.DUTY_HOURS_PER_MONTH = 800
    settings.DUTY_WEEKLY_RESTS_PER_MONTH = 5


@pytest.fixture
def anna():
    return people.technician("Anna Berger")


@pytest.fixture
def schedule(anna) -> Schedule:
    manager = people.reachable(people.duty_manager())
    return people.on_call(anna, manager=manager)


def codes(now=NOW, **options):
    return [finding.code for finding in readiness(now, **options)]


def remove(schedule, anna, after, length=2 * HOUR):
    return Override.objects.create(
        schedule=schedule,
        kind="remove",
        replaced=anna,
        starts_at=NOW + after,
        ends_at=NOW + after + length,
    )


def test_a_sound_roster_has_no_findings_and_nobody_is_told(schedule):
    assert check_readiness(now=NOW) == []
    assert not Page.objects.exists()


def test_a_gap_is_found_within_two_weeks_and_not_beyond(schedule, anna):
    remove(schedule, anna, timedelta(days=15))
    assert codes() == []
    assert codes(days=16) == ["gap"]
    remove(schedule, anna, timedelta(days=3))
    assert codes() == ["gap"]


def test_somebody_who_left_is_a_gap(schedule, anna):
    anna.staff.is_active = False
    anna.staff.save()
    assert codes() == ["gap"]


@pytest.mark.parametrize("field", ["verified_at", "disabled_at"])
def test_a_voice_number_counts_when_it_is_verified_and_in_use(schedule, anna, field):
    value = None if field == "verified_at" else NOW
    anna.contact_methods.filter(kind="voice").update(**{field: value})
    assert codes() == ["no_voice"]


def test_an_absence_against_a_shift_is_found_once(schedule, anna):
    anna.absences.create(
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=12),
        imported_at=NOW,
    )
    assert codes() == ["absent"]
    Override.objects.create(
        schedule=schedule,
        technician=people.technician("Bernd Kofler"),
        starts_at=NOW,
        ends_at=NOW + timedelta(days=13),
    )
    assert codes() == []


def test_the_law_counts_whole_months(schedule, settings):
    settings.DUTY_DAYS_PER_MONTH = 10
    settings.DUTY_HOURS_PER_MONTH = 168
    settings.DUTY_WEEKLY_RESTS_PER_MONTH = 2
    found = readiness(NOW)
    assert [f.code for f in found] == ["days", "hours", "weekly_rests"] * 2
    assert found[0].values == {"since": "2026-10-01", "planned": 31, "allowed": 10}
    # October has an hour more.
    assert found[1].values["planned"] == 31 * 24 + 1
    assert {f.source for f in found} == {"azg_20a", "it_kv_7", "arg_6a"}
    assert not any(f.serious for f in found)


def test_an_agreement_about_three_months_replaces_the_month(schedule, settings):
    settings.DUTY_DAYS_PER_MONTH = 10
    settings.DUTY_DAYS_IN_THREE_MONTHS = 30
    found = {f.code: f.values["planned"] for f in readiness(NOW, days=5)}
    assert found == {"days_in_three_months": 31 + 30 + 31}


def test_the_duty_manager_is_told_of_what_is_serious(schedule, anna):
    remove(schedule, anna, timedelta(days=3))
    check_readiness(now=NOW)
    told = Page.objects.get(kind="sms")
    assert told.technician.staff.full_name == "Eva Winter"
    assert told.values == {
        "code": "roster_not_ready",
        "days": 14,
        "serious": 1,
        "warnings": 0,
    }


def test_mere_warnings_are_told_on_mondays(schedule, settings):
    settings.DUTY_HOURS_PER_MONTH = 168
    check_readiness(now=NOW)
    assert not Page.objects.exists()
    check_readiness(now=NOW - timedelta(days=1))
    assert Page.objects.exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_finding_is_worded(schedule, anna, settings, language):
    settings.DUTY_HOURS_PER_MONTH = 168
    remove(schedule, anna, timedelta(days=3))
    with override(language):
        worded = findings_in_words(readiness(NOW))
    assert all("%(" not in w.text and "Emergency" in w.text for w in worded[:1])
    assert [bool(w.law) for w in worded] == [False, True, True]
    assert worded_sources() == {"azg_20a", "azg_20a_rest", "it_kv_7", "arg_6a"}
    assert {"gap", "no_voice", "absent", "short_rest"} < worded_codes()


def test_the_commands_say_it_in_json(schedule, anna):
    anna.contact_methods.filter(kind="voice").delete()
    Schedule.objects.get().rotations.update(ends_on="2026-11-30")
    out = StringIO()
    call_command("gaps", "--json", "--weeks", "104", stdout=out)
    (gap,) = json.loads(out.getvalue())
    assert gap["schedule"] == "Emergency support"
    out = StringIO()
    call_command("readiness", "--json", "--days", "92", stdout=out)
    assert {row["code"] for row in json.loads(out.getvalue())} & {"gap", "no_voice"}
