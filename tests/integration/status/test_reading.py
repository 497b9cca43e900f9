"""From a page on loopback to rows, and from rows to an answer."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from status import tasks
from status.actions import polling, sources
from status.models import Source
from status.queries import verdict
from status.rules.maintenance import Reason, Result
from status.rules.matching import Ground
from tests.integration.status.page_server import Answer, Page
from tests.unit.status.sample import calendar, entry

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 1, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def body(*events: dict[str, Any], components: bool = True) -> bytes:
    parts = [{"id": "c1", "name": "web-01"}, {"id": "c2", "name": "db-01"}]
    return json.dumps(
        {
            "page": {"id": "p"},
            "components": parts if components else [],
            "scheduled_maintenances": list(events),
        }
    ).encode()


def event(status: str = "in_progress") -> dict[str, Any]:
    return {
        "id": "m1",
        "name": "Kernel update",
        "status": status,
        "scheduled_for": "2026-11-22T01:00:00Z",
        "scheduled_until": "2026-11-22T02:00:00Z",
        "shortlink": "https://stspg.io/m1",
        "components": [{"id": "c1", "name": "web-01"}],
        "incident_updates": [{"body": "<p>Also concerns <b>ns-7.example.net</b>.</p>"}],
    }


@pytest.fixture
def source(page: Page) -> Source:
    page.answer = Answer(headers={"ETag": '"v1"'}, body=body(event()))
    return sources.add_source(
        name="Status", url=page.url, allow_host=page.host, now=NOW
    )


def ask(now: datetime = NOW, name: str = "web-01"):
    return verdict(names=[name], now=now)


def test_a_due_page_is_read_once_and_its_window_answers(source: Source, page: Page):
    assert ask().reason is Reason.NEVER_READ
    assert polling.refresh_due(now=NOW) == 1
    assert polling.refresh_due(now=NOW) == 0
    assert len(page.requests) == 1
    found = ask()
    assert (found.result, found.sources) == (Result.ACTIVE, ("Status",))
    assert found.fetched_at == NOW
    assert found.windows[0].url == "https://stspg.io/m1"
    assert ask(name="db-01").result is Result.NONE
    hinted = ask(name="ns-7")
    assert (hinted.result, hinted.windows[0].ground) == (Result.DUE, Ground.MENTIONED)


def test_two_rounds_at_once_read_each_page_once(source: Source, page: Page):
    other = sources.add_source(
        name="Other", url=page.url + "?other", allow_host=page.host, now=NOW
    )
    together = threading.Barrier(4)

    def one_round(_: int) -> int:
        together.wait(timeout=10)
        try:
            return polling.refresh_due(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(one_round, range(4)))
    assert sum(claimed) == 2
    asked = sorted(request["path"] for request in page.requests)
    assert asked == ["/api/v2/summary.json", "/api/v2/summary.json?other"]
    assert other.windows.count() == source.windows.count() == 1


def test_the_task_reads_what_is_due(source: Source, page: Page):
    tasks.refresh_due()
    assert len(page.requests) == 1


def test_an_answer_costs_three_queries_and_no_connection(source: Source, monkeypatch):
    polling.refresh_due(now=NOW)
    monkeypatch.setattr("socket.socket.connect", None)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ask().result is Result.ACTIVE
    assert len(queries) == 3


def test_a_window_that_the_page_drops_is_over(source: Source, page: Page):
    polling.refresh_due(now=NOW)
    page.answer = Answer(body=body())
    polling.refresh_source(source_id=source.pk, now=NOW + MINUTE)
    assert ask(NOW + MINUTE).result is Result.NONE
    assert source.windows.count() == 0


def test_an_unchanged_page_renews_the_age_and_keeps_the_windows(
    source: Source, page: Page
):
    polling.refresh_due(now=NOW)
    page.answer = Answer(304)
    polling.refresh_source(source_id=source.pk, now=NOW + 50 * MINUTE)
    assert page.requests[1]["If-None-Match"] == '"v1"'
    found = ask(NOW + 100 * MINUTE)
    assert (found.result, found.fetched_at) == (Result.ACTIVE, NOW + 50 * MINUTE)


def test_a_dead_page_keeps_its_windows_until_they_are_too_old(
    source: Source, page: Page
):
    polling.refresh_due(now=NOW)
    page.answer = Answer(500)
    for minute in range(1, 5):
        polling.refresh_source(source_id=source.pk, now=NOW + minute * MINUTE)
    source.refresh_from_db()
    assert (source.failures, source.last_error) == (4, "http_500")
    assert source.backoff_until == NOW + 8 * MINUTE
    assert source.next_fetch_at == source.backoff_until
    assert ask(NOW + 60 * MINUTE).result is Result.ACTIVE
    assert ask(NOW + 61 * MINUTE).reason is Reason.STALE


def test_one_good_reading_ends_the_pause(source: Source, page: Page):
    good = page.answer
    page.answer = Answer(429, {"Retry-After": "1800"})
    polling.refresh_due(now=NOW)
    source.refresh_from_db()
    assert source.next_fetch_at == NOW + 30 * MINUTE
    assert polling.refresh_due(now=NOW + 29 * MINUTE) == 0
    page.answer = good
    assert polling.refresh_due(now=NOW + 30 * MINUTE) == 1
    source.refresh_from_db()
    assert (source.failures, source.backoff_until, source.last_error) == (0, None, "")


def test_a_body_that_was_not_understood_is_never_confirmed_as_unchanged(
    source: Source, page: Page
):
    polling.refresh_due(now=NOW)
    page.answer = Answer(headers={"ETag": '"broken"'}, body=b"<html>")
    polling.refresh_source(source_id=source.pk, now=NOW + MINUTE)
    assert ask(NOW + MINUTE).result is Result.ACTIVE
    polling.refresh_source(source_id=source.pk, now=NOW + 2 * MINUTE)
    assert "If-None-Match" not in page.requests[2]


def test_a_list_of_components_that_is_suddenly_empty_is_not_believed(
    source: Source, page: Page
):
    polling.refresh_due(now=NOW)
    page.answer = Answer(body=body(components=False))
    polling.refresh_source(source_id=source.pk, now=NOW + MINUTE)
    source.refresh_from_db()
    assert [part["id"] for part in source.components] == ["c1", "c2"]
    assert (source.last_error, source.failures) == ("components_gone", 0)
    page.answer = Answer(body=body())
    polling.refresh_source(source_id=source.pk, now=NOW + 2 * MINUTE)
    source.refresh_from_db()
    assert source.last_error == ""


def test_a_page_that_nobody_asked_for_changes_confirms_nothing(
    source: Source, page: Page
):
    page.answer = Answer(304)
    polling.refresh_due(now=NOW)
    source.refresh_from_db()
    assert (source.fetched_at, source.last_error) == (None, "not_modified")


def test_what_repeats_is_read_again_although_the_page_stays_the_same(page: Page):
    lines = ("DTSTART:20261101T010000Z", "DURATION:PT2H", "RRULE:FREQ=WEEKLY")
    for calendar_lines, asked_whether_it_changed in ((lines, False), (lines[:2], True)):
        Source.objects.all().delete()
        page.answer = Answer(
            headers={"ETag": '"v1"'}, body=calendar(*entry(*calendar_lines)).encode()
        )
        source = sources.add_source(
            name="Calendar", url=page.url, kind="ics", allow_host=page.host, now=NOW
        )
        for _ in range(2):
            assert polling.refresh_source(source_id=source.pk, now=NOW)
        assert ("If-None-Match" in page.requests[-1]) is asked_whether_it_changed


def test_a_page_that_is_switched_off_is_neither_read_nor_asked(
    source: Source, page: Page
):
    polling.refresh_due(now=NOW)
    Source.objects.update(enabled=False)
    assert polling.refresh_due(now=NOW + 60 * MINUTE) == 0
    assert ask().reason is Reason.NO_SOURCE


def test_the_demo_registers_its_own_page_and_can_read_it(settings, live_server):
    settings.DEMO = True
    call_command("seed_demo_status", base_url=live_server.url)
    source = Source.objects.get()
    assert polling.refresh_source(source_id=source.pk, now=NOW)
    assert source.windows.count() == 1
    call_command("seed_demo_status", base_url="http://127.0.0.1:1")
    assert Source.objects.filter(enabled=True).count() == 1


def test_outside_the_demo_there_is_no_fictional_page(settings, client: Client):
    settings.DEMO = False
    assert client.get(sources.DEMO_PATH).status_code == 404
