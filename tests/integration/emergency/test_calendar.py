"""Calendar feeds: own shifts, secret addresses, nothing about customers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from icalendar import Calendar

from emergency.actions.feeds import renew_feed
from emergency.exports import calendar as feeds
from emergency.models import Override, Schedule
from emergency.queries.roster_wording import facts_in_words
from tests import people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 21, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def anna():
    return people.technician("Anna Berger", language="en")


@pytest.fixture
def bernd():
    return people.technician("Bernd Kofler")


@pytest.fixture
def schedule(anna, bernd) -> Schedule:
    return people.on_call(anna, bernd)


def opened(of, at=NOW):
    token = feeds.feed_url(of).rpartition("/")[2].removesuffix(".ics")
    return feeds.feed(token, now=at)


def events(of, at=NOW):
    return Calendar.from_ical(opened(of, at)).walk("VEVENT")


def test_a_technician_sees_their_own_shifts_and_no_others(schedule, anna, bernd):
    found = events(anna)
    assert {str(e["SUMMARY"]) for e in found} == {"On call: Emergency support"}
    # Every second week, from four weeks back to 26 ahead.
    starts = sorted(e.start for e in found)
    assert starts[0] <= NOW - timedelta(weeks=4)
    assert NOW + timedelta(weeks=23) < starts[-1] < NOW + timedelta(weeks=26)
    assert len(found) == 16
    # The week in which the clock is put back is Bernd's, and an hour longer.
    changed = datetime(2026, 10, 25, tzinfo=UTC)
    (week,) = [e for e in events(bernd) if e.start <= changed < e.end]
    assert week.end - week.start == timedelta(days=7, hours=1)


def test_a_schedule_shows_everybody_and_its_gaps(schedule):
    removed_from = datetime(2026, 10, 22, 6, tzinfo=UTC)
    serving = {str(e["SUMMARY"]) for e in events(schedule)}
    assert serving == {"Anna Berger", "Bernd Kofler"}
    for person in schedule.rotations.get().members.all():
        Override.objects.create(
            schedule=schedule,
            kind="remove",
            replaced=person.technician,
            starts_at=removed_from,
            ends_at=removed_from + timedelta(hours=2),
        )
    titles = [str(e["SUMMARY"]) for e in events(schedule)]
    assert titles.count("Niemand hat Bereitschaft") == 1


def test_an_event_keeps_its_name_while_the_feed_moves_on(schedule):
    now = {str(e["UID"]): e.start for e in events(schedule)}
    later = {str(e["UID"]): e.start for e in events(schedule, NOW + timedelta(weeks=2))}
    common = now.keys() & later.keys()
    assert len(common) == len(now) - 2
    assert all(now[uid] == later[uid] for uid in common)


def test_times_are_utc_and_nobody_is_busy(schedule):
    for event in events(schedule):
        assert event.start.utcoffset() == timedelta(0)
        assert event["TRANSP"] == "TRANSPARENT"


def test_the_feed_opens_without_signing_in_and_is_kept_by_nobody_else(
    client, schedule, anna
):
    response = client.get(feeds.feed_url(anna))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response["Cache-Control"]
    again = client.get(
        feeds.feed_url(anna), headers={"if-none-match": response["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_address_ends_the_old_one(client, schedule, anna, bernd):
    old, others = feeds.feed_url(anna), feeds.feed_url(bernd)
    renew_feed(of=anna, by=bernd.staff, now=people.NIGHT)
    assert client.get(old).status_code == 404
    assert client.get(others).status_code == 200
    assert client.get(feeds.feed_url(anna)).status_code == 200


def test_a_new_address_stands_among_the_facts_with_whoever_asked_for_it(
    schedule, anna, bernd
):
    renew_feed(of=anna, by=bernd.staff, now=people.NIGHT)
    renew_feed(of=schedule, by=anna.staff, now=people.NIGHT)
    # Another test may have left its language behind.
    with translation.override("en"):
        facts = facts_in_words(list(schedule.entries.order_by("pk")))
        told = [(str(fact.text), str(fact.who)) for fact in facts[-2:]]
    assert told == [
        ("The calendar of Anna Berger has a new address.", str(bernd)),
        ("The calendar of the schedule has a new address.", "Anna Berger"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "t999v1" + token[token.index(".") :],
        lambda token: token.partition(".")[0],
        lambda token: "x",
    ],
)
def test_a_wrong_address_opens_nothing(client, schedule, anna, change):
    start, _, token = feeds.feed_url(anna).removesuffix(".ics").rpartition("/")
    assert client.get(f"{start}/{change(token)}.ics").status_code == 404


def test_the_feed_of_somebody_who_left_is_closed(client, schedule, anna):
    anna.staff.is_active = False
    anna.staff.save()
    assert client.get(feeds.feed_url(anna)).status_code == 404


def test_no_customer_is_named(schedule, anna):
    people.customer()
    people.report(now=NOW)
    for of in (anna, schedule):
        content = opened(of).decode()
        assert "web01" not in content
        assert "Muster" not in content
