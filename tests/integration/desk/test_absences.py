"""Absences and calendar addresses at the desk."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emergency.exports.calendar import feed_url
from emergency.models import Absence, Schedule
from tests import people
from tests.integration.desk.conftest import Desk

CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:holiday-1
DTSTAMP:20260301T000000Z
DTSTART;VALUE=DATE:20260323
DTEND;VALUE=DATE:20260328
SUMMARY:A secret place
END:VEVENT
END:VCALENDAR
"""
TYPED = {"starts_at": "2026-03-12T08:00", "ends_at": "2026-03-13T08:00"}


@pytest.fixture
def anna(desk: Desk) -> Client:
    return people.signed_in(desk.anna)


def home(desk: Desk) -> str:
    return f"/desk/roster/absences/{desk.anna.pk}/"


def test_an_absence_is_typed_and_removed(anna, desk) -> None:
    assert anna.get("/desk/roster/absences/").headers["Location"] == home(desk)
    assert "No absence lies ahead." in anna.get(home(desk)).content.decode()
    for _ in range(2):
        assert anna.post(f"{home(desk)}add/", TYPED).status_code == 302
    row = Absence.objects.get()
    assert row.ends_at - row.starts_at == timedelta(days=1)
    page = anna.get(home(desk)).content.decode()
    assert "Thu 12 Mar, 08:00" in page
    anna.post(f"/desk/roster/absence/{row.pk}/remove/")
    assert not Absence.objects.exists()


def test_a_bad_absence_keeps_what_was_typed(anna, desk) -> None:
    answer = anna.post(f"{home(desk)}add/", TYPED | {"ends_at": "2026-03-11T08:00"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The end must be later than the start." in page
    assert 'value="2026-03-11T08:00"' in page
    assert not Absence.objects.exists()


def test_a_calendar_file_becomes_absences_without_its_words(anna, desk) -> None:
    answer = anna.post(
        f"{home(desk)}import/",
        {"calendar": SimpleUploadedFile("away.ics", CALENDAR)},
        follow=True,
    )
    page = answer.content.decode()
    assert "Read: 1 absences, 1 new, 0 gone." in page
    assert "from the calendar" in page
    assert "A secret place" not in page
    assert Absence.objects.get().technician == desk.anna


@pytest.mark.parametrize("content", [b"not a calendar", b""])
def test_an_unreadable_file_is_refused_beside_its_field(anna, desk, content) -> None:
    answer = anna.post(
        f"{home(desk)}import/", {"calendar": SimpleUploadedFile("x.ics", content)}
    )
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not Absence.objects.exists()


def test_the_calendar_gets_a_new_address(anna, desk) -> None:
    before = feed_url(desk.anna)
    assert before in anna.get(home(desk)).content.decode()
    anna.post(f"{home(desk)}feed/")
    desk.anna.refresh_from_db()
    assert feed_url(desk.anna) != before
    assert before not in anna.get(home(desk)).content.decode()
    schedule = Schedule.objects.get()
    eva = people.signed_in(desk.eva)
    page = eva.get(f"/desk/roster/{schedule.pk}/").content.decode()
    assert feed_url(schedule) in page
    old = feed_url(schedule)
    eva.post(f"/desk/roster/{schedule.pk}/feed/")
    schedule.refresh_from_db()
    assert feed_url(schedule) != old


def test_only_oneself_and_planners_see_absences(anna, desk) -> None:
    bernd = people.signed_in(desk.bernd)
    anna.post(f"{home(desk)}add/", TYPED)
    row = Absence.objects.get()
    assert bernd.get(home(desk)).status_code == 404
    assert bernd.post(f"{home(desk)}add/", TYPED).status_code == 404
    assert bernd.post(f"{home(desk)}feed/").status_code == 404
    assert bernd.post(f"/desk/roster/absence/{row.pk}/remove/").status_code == 404
    eva = people.signed_in(desk.eva)
    assert eva.get(home(desk)).status_code == 200
    everybody = eva.get("/desk/roster/absences/").content.decode()
    assert "Bernd Kofler" in everybody
    assert "Thu 12 Mar, 08:00" in everybody
    assert Absence.objects.count() == 1


def test_an_absence_that_meets_a_shift_is_said_on_the_roster(anna, desk) -> None:
    anna.post(f"{home(desk)}add/", TYPED)
    page = people.signed_in(desk.eva).get("/desk/roster/").content.decode()
    found = page.split("to look at in the next 14 days")[1].split("</details>")[0]
    assert "Somebody may not be reached" in found
    assert "Anna Berger" in found
