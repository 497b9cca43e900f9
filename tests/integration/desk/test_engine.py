"""The engine at the desk: what runs, which ways work, what waits and why."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from emergency.actions import self_test
from emergency.actions.escalate import beat, put_aside
from emergency.actions.routes import record_failure, record_success
from emergency.models import DueRow, Page, SelfTest
from tests import people
from tests.integration.desk.conftest import Desk

SECOND = timedelta(seconds=1)
QUERIES = 20


@pytest.fixture
def client(desk: Desk, settings) -> Client:
    settings.HOUSE_PHONE_NUMBER = "+491713920090"
    return people.signed_in(desk.anna)


def words(client: Client, path: str = "/desk/engine/") -> str:
    """The text a person reads, in one line."""
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_new_engine_says_that_nothing_has_been_seen_yet(client: Client) -> None:
    page = words(client)
    assert "Decisions never seen" in page
    assert "Overdue nothing" in page
    assert "calls not used yet none yet" in page
    assert "No page waits." in page


def test_loops_that_run_and_loops_that_are_late(client: Client, desk: Desk) -> None:
    now = desk.clock.now
    beat(name="tick", by="worker", now=now)
    beat(name="watcher", by="one", now=now - 30 * SECOND)
    beat(name="sweep", by="worker", now=now - timedelta(hours=1))
    page = words(client)
    assert "Decisions runs" in page
    assert "Watcher last seen 30 seconds ago" in page
    assert "Asking about silent pages last seen 10 Mar 2026" in page


@pytest.mark.parametrize(
    ("outcome", "said"), [("passed", "Came back"), ("failed", "Did not come back")]
)
def test_the_board_names_the_last_self_test(
    outcome: str, said: str, client: Client, desk: Desk
) -> None:
    assert "Self-test" not in words(client, "/desk/")
    now = desk.clock.now
    times = {"started_at": now - 4 * SECOND, "due_at": now}
    SelfTest.objects.create(route="sms:twilio", ended_at=now, outcome=outcome, **times)
    SelfTest.objects.create(route="voice:twilio", outcome="pending", **times)
    assert f"Self-test {said} 02:10" in words(client, "/desk/")


def test_a_route_shows_its_breaker_its_error_and_its_self_tests(
    client: Client, desk: Desk
) -> None:
    now = desk.clock.now
    record_success(route="sms:twilio", now=now)
    SelfTest.objects.create(
        route="sms:twilio",
        started_at=now - 4 * SECOND,
        due_at=now,
        ended_at=now - SECOND,
        outcome="passed",
    )
    for _ in range(3):
        record_failure(route="voice:twilio", code="no_connection", now=now)
    page = words(client)
    assert "SMS by the telephone provider works back after 3.0 s" in page
    assert "calls passed over" in page
    assert "no connection to the provider" in page
    assert "A way to technicians is disturbed. calls: passed over" in words(
        client, "/desk/"
    )


def test_the_board_says_nothing_of_the_engine_while_it_is_well(
    client: Client, desk: Desk
) -> None:
    record_success(route="voice:twilio", now=desk.clock.now)
    assert "disturbed" not in words(client, "/desk/")


def test_the_button_starts_a_test_and_says_so(client: Client, desk: Desk) -> None:
    answer = client.post("/desk/engine/test/voice:twilio/", follow=True)
    assert "The test has begun: calls." in answer.content.decode()
    assert "under way" in words(client)
    again = client.post("/desk/engine/test/voice:twilio/", follow=True)
    assert "under way already" in again.content.decode()
    assert Page.objects.filter(purpose="self_test").count() == 1
    assert client.post("/desk/engine/test/pigeon/").status_code == 404
    assert client.get("/desk/engine/test/voice:twilio/").status_code == 405


def test_without_a_house_phone_the_page_says_how_to_get_tests(
    client: Client, settings
) -> None:
    settings.HOUSE_PHONE_NUMBER = ""
    page = words(client)
    assert "There are no self-tests." in page
    assert "Test now" not in page
    answer = client.post("/desk/engine/test/voice:twilio/", follow=True)
    assert "There is no house phone" in answer.content.decode()


def test_a_failed_test_is_named_with_its_reason(client: Client, desk: Desk) -> None:
    now = desk.clock.now
    self_test.start(route="voice:twilio", now=now)
    self_test.conclude(test_id=SelfTest.objects.get().pk, now=now + 2 * timedelta(1))
    page = words(client)
    assert "does not come back" in page
    assert "failed: it was never sent" in page


def test_what_waits_is_shown_with_its_reason_and_failures_with_their_error(
    client: Client, desk: Desk
) -> None:
    incident = people.report(now=desk.clock.now)
    Page.objects.filter(incident=incident, kind="sms").update(held_reason="retry")
    row = DueRow.objects.filter(incident=incident).order_by("pk")[0]
    put_aside(row_id=row.pk, error=KeyError("x"), now=desk.clock.now)
    page = words(client)
    assert "is tried again after a failure" in page
    assert "due, waits for a sender" in page
    assert "Decisions put aside Incident" in page
    assert "KeyError" in page
    assert "Failed and tried again: 1 decisions." in page


def test_the_page_costs_the_same_however_much_waits(
    client: Client, desk: Desk, known_facts: None
) -> None:
    words(client)
    with CaptureQueriesContext(connection) as few:
        words(client)
    for _ in range(5):
        people.report(now=desk.clock.now)
    with CaptureQueriesContext(connection) as many:
        words(client)
    assert len(many) == len(few) <= QUERIES


def test_an_unchanged_page_is_not_sent_again(client: Client, desk: Desk) -> None:
    tag = client.get("/desk/engine/now/").headers["ETag"]
    answer = client.get("/desk/engine/now/", headers={"if-none-match": tag})
    assert answer.status_code == 304
