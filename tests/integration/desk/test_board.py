"""The board: what is due next stands first, with everything needed to act."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import record_attempt
from emergency.actions.escalate import beat
from emergency.models import Incident, Override, Page, Schedule
from emergency.operator_facts import kept
from emergency.views.board import Shared, shared_fragment
from tests import people
from tests.integration.desk.conftest import Desk


@pytest.fixture
def client(desk: Desk) -> Client:
    return people.signed_in(desk.anna)


def board(client: Client) -> str:
    answer = client.get("/desk/")
    assert answer.status_code == 200
    return answer.content.decode()


def words(page: str) -> str:
    """The text a person reads, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def row_of(page: str, incident: Incident) -> str:
    rows = re.findall(r'<tr role="row">.*?</tr>', page, re.DOTALL)
    return next(words(row) for row in rows if incident.reference in row)


def take(desk: Desk, incident: Incident) -> None:
    acknowledge(
        incident_id=incident.pk, technician=desk.anna, now=desk.clock.now, via="desk"
    )


def reach(desk: Desk, incident: Incident) -> None:
    record_attempt(
        incident_id=incident.pk,
        staff=desk.anna.staff,
        outcome="reached",
        now=desk.clock.now,
    )


def test_an_empty_board_says_what_would_appear(client: Client) -> None:
    page = words(board(client))
    assert "No open incident." in page
    assert "A report from the start page appears here within seconds" in page


def test_a_row_says_all_that_is_needed_to_act(client: Client, desk: Desk) -> None:
    incident = people.report(now=desk.clock.now, maintenance="active", extension="12")
    desk.clock.pass_time(minutes=12, seconds=20)
    page = board(client)
    row = row_of(page, incident)
    assert "17 min left by 02:41" in row
    assert "Paging, nobody has it yet" in row
    assert "web01.example" in row
    assert "Muster Handel GmbH (caller not confirmed)" in row
    assert "+431234567890" in row
    assert "Maintenance is active" in row
    assert "nobody yet" in row
    assert "2 2 under way" in row
    assert 'href="tel:+431234567890;ext=12"' in page


def test_an_unknown_caller_is_marked_and_stays_usable(
    client: Client, desk: Desk
) -> None:
    incident = people.report(now=desk.clock.now, server="what-is-it")
    row = row_of(board(client), incident)
    assert "what-is-it unknown server account unknown" in row
    assert "+431234567890" in row


def test_whoever_waits_for_a_call_stands_first_by_deadline(
    client: Client, desk: Desk
) -> None:
    finished = people.report(now=desk.clock.now)
    reach(desk, finished)
    first = people.report(now=desk.clock.pass_time(minutes=1))
    second = people.report(now=desk.clock.pass_time(minutes=1))
    take(desk, first)
    page = board(client)
    places = [page.index(i.reference) for i in (first, second, finished)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("after", "kind", "said"),
    [
        (timedelta(minutes=19), "running", "11 min left"),
        (timedelta(minutes=20), "soon", "10 min left"),
        (timedelta(minutes=29, seconds=30), "soon", "&lt; 1 min left"),
        (timedelta(minutes=30), "soon", "&lt; 1 min left"),
        (timedelta(minutes=30, seconds=1), "overdue", "&lt; 1 min overdue"),
        (timedelta(minutes=47), "overdue", "17 min overdue"),
    ],
)
def test_the_clock_is_never_red_while_the_promise_can_be_kept(
    client: Client, desk: Desk, after, kind, said
) -> None:
    incident = people.report(now=desk.clock.now)
    desk.clock.now += after
    page = board(client)
    assert said in row_of(page, incident)
    assert f'class="clock {kind}"' in page


@pytest.mark.parametrize(
    ("minutes", "badge", "said"),
    [(12, "good", "in time after 12 min"), (35, "warn", "too late after 35 min")],
)
def test_a_made_call_is_never_red(
    client: Client, desk: Desk, minutes, badge, said
) -> None:
    incident = people.report(now=desk.clock.now)
    desk.clock.pass_time(minutes=minutes)
    reach(desk, incident)
    desk.clock.pass_time(hours=3)
    page = board(client)
    assert said in row_of(page, incident)
    assert f'<span class="badge {badge}">' in page
    assert "overdue" not in page


def test_pages_are_counted_by_their_fate(client: Client, desk: Desk) -> None:
    incident = people.report(now=desk.clock.now)
    voice, sms = incident.pages.order_by("kind").reverse()
    Page.objects.filter(pk=voice.pk).update(status="failed")
    Page.objects.filter(pk=sms.pk).update(status="delivered", sent_at=desk.clock.now)
    assert "2 1 delivered ▲ 1 failed" in row_of(board(client), incident)


def test_a_closed_incident_leaves_the_board_for_the_ended_ones(
    client: Client, desk: Desk
) -> None:
    incident = people.report(now=desk.clock.now)
    Incident.objects.filter(pk=incident.pk).update(
        status="closed", closed_at=desk.clock.now, cause="other"
    )
    assert incident.reference not in board(client)
    assert incident.reference in client.get("/desk/ended/").content.decode()


def test_the_person_on_call_is_named_also_during_an_override(
    client: Client, desk: Desk
) -> None:
    assert "On call now Anna Berger" in words(board(client))
    Override.objects.create(
        schedule=Schedule.objects.get(),
        technician=desk.bernd,
        starts_at=desk.clock.now - timedelta(hours=1),
        ends_at=desk.clock.now + timedelta(hours=1),
    )
    assert "On call now Bernd Kofler" in words(board(client))


def test_a_gap_in_the_roster_is_said_aloud(client: Client) -> None:
    Schedule.objects.get().rotations.all().delete()
    assert "Nobody is on call" in words(board(client))


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (None, "The engine stands still."),
        (timedelta(seconds=3), "Engine runs"),
        (timedelta(seconds=25), "last tick 25 seconds ago"),
        (timedelta(minutes=5), "The engine stands still."),
    ],
)
def test_the_age_of_the_last_tick_is_said(client: Client, desk: Desk, age, said):
    if age is not None:
        beat(name="tick", by="test", now=desk.clock.now - age)
    assert said in words(board(client))


def test_nothing_new_is_answered_without_a_body(client: Client, desk: Desk) -> None:
    people.report(now=desk.clock.now)
    desk.clock.pass_time(seconds=1)
    beat(name="tick", by="test", now=desk.clock.now)
    first = client.get("/desk/board/")
    desk.clock.pass_time(seconds=3)
    again = client.get("/desk/board/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["X-Shown-At"] == "02:11:04"
    assert "no-cache" in again["Cache-Control"]
    assert f'data-etag="{escape(first["ETag"])}"' in board(client)


def test_a_new_report_and_a_new_minute_are_news(client: Client, desk: Desk) -> None:
    people.report(now=desk.clock.now)
    first = client.get("/desk/board/")
    desk.clock.pass_time(minutes=1)
    second = client.get("/desk/board/", headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    people.report(now=desk.clock.now)
    third = client.get("/desk/board/", headers={"if-none-match": second["ETag"]})
    assert third.status_code == 200
    assert 'data-title="(2) Open incidents"' in third.content.decode()


def test_without_a_script_the_page_comes_again_by_itself(client: Client) -> None:
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in board(
        client
    )


@pytest.mark.parametrize("address", ["/desk/", "/desk/board/"])
def test_the_board_asks_a_constant_number_of_questions(
    address: str, client: Client, desk: Desk, connection_of_tests
) -> None:
    def asked() -> int:
        kept.forget()  # the operator's facts are asked for every half minute
        kept.current()
        with CaptureQueriesContext(connection_of_tests) as captured:
            client.get(address)
        return len(captured)

    people.report(now=desk.clock.now)
    client.get(address)
    few = asked()
    for number in range(40):
        incident = people.report(
            now=desk.clock.pass_time(seconds=1), server=f"host-{number}"
        )
        if number % 2:
            take(desk, incident)
    assert asked() == few
    assert few <= 23


def test_what_takes_long_to_make_is_kept_for_twice_as_long(monkeypatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("emergency.views.board.time.monotonic", lambda: clock[0])
    shared: Shared[int] = Shared(seconds=1.0)
    made: list[int] = []

    def make() -> int:
        clock[0] += 3.0
        made.append(1)
        return len(made)

    assert shared.get(make) == 1
    clock[0] += 5.9
    assert shared.get(make) == 1
    clock[0] += 0.2
    assert shared.get(make) == 2


def test_two_hundred_boards_are_rendered_once_a_second(
    client: Client, desk: Desk, connection_of_tests, monkeypatch
) -> None:
    monkeypatch.setattr(shared_fragment, "seconds", 60.0)
    people.report(now=desk.clock.now)
    first = client.get("/desk/board/")
    with CaptureQueriesContext(connection_of_tests) as captured:
        for _ in range(5):
            again = client.get(
                "/desk/board/", headers={"if-none-match": first.headers["ETag"]}
            )
            assert again.status_code == 304
    about_incidents = [q for q in captured if "emergency_incident" in q["sql"]]
    assert about_incidents == []
    # Another language is another rendering.
    german = client.get("/desk/board/", headers={"accept-language": "de"})
    client.cookies["django_language"] = "de"
    german = client.get("/desk/board/")
    assert german.headers["ETag"] != first.headers["ETag"]


def test_a_new_incident_can_be_told_from_the_others(client: Client, desk: Desk) -> None:
    first = people.report(now=desk.clock.now)
    second = people.report(now=desk.clock.now, server="other.example")
    page = board(client)
    told = re.search(r'data-open="([^"]*)"', page)
    assert told is not None
    assert set(told[1].split()) == {first.reference, second.reference}
    assert 'data-icon="/desk/icon/2.svg"' in page
    assert '<link rel="icon" href="/desk/icon/2.svg"' in page


@pytest.mark.parametrize(("count", "shown"), [(0, "<path"), (7, ">7<"), (400, ">99<")])
def test_the_icon_carries_the_number(client: Client, count: int, shown: str) -> None:
    answer = client.get(f"/desk/icon/{count}.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert shown in answer.content.decode()


def test_the_board_names_the_next_hand_off_and_the_gaps_ahead(
    client: Client, desk: Desk
) -> None:
    page = words(board(client))
    assert re.search(r"Next hand-off \w{3}, \d+ \w{3}, \d\d:\d\d Bernd", page)
    assert "gap in" not in page
    monday = desk.clock.now + timedelta(days=7)
    Override.objects.create(
        schedule=Schedule.objects.get(),
        kind="remove",
        replaced=desk.bernd,
        starts_at=monday,
        ends_at=monday + timedelta(days=1),
        created_at=desk.clock.now,
    )
    assert "1 gap in" in words(board(client))
