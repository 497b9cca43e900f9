"""Registering pages from a shell, and reading them there."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from emergency.models import AuditEntry
from status.actions import polling, sources
from status.models import Source
from status.queries import verdict
from status.rules.maintenance import Reason, Result
from status.sources.detection import CACHET3
from tests.commands import run
from tests.integration.status.page_server import Answer, Page
from tests.unit.status.sample import NOW, Sample
from tests.unit.status.samples import BUSY

pytestmark = pytest.mark.django_db(transaction=True)


def sample(kind: str) -> Sample:
    return next(found for found in BUSY if found.kind == kind)


def register(page: Page, *more: str):
    url = page.at("/")
    return run("add_status_source", "Status", url, "--allow-host", page.host, *more)


def test_a_page_is_registered_by_its_address_alone(page: Page):
    page.answer = Answer(404)
    page.answers["/index.json"] = Answer(body=sample("betterstack").body)
    done = register(page)
    assert done.returncode == 0, done.stderr
    assert "Better Stack" in done.stdout
    source = Source.objects.get()
    assert (source.kind, source.url) == ("betterstack", page.at("/index.json"))


def test_a_page_registered_by_command_stands_in_the_audit(page: Page):
    page.answer = Answer(body=sample("statuspage").body)
    asked = ("add_status_source", "Status", page.url, "--kind", "statuspage")
    secret = ("--config", '{"api_key": "s3cret"}')
    assert run(*asked, "--allow-host", page.host, *secret).returncode == 0
    entry = AuditEntry.objects.get(area="status")
    assert (entry.code, entry.via, entry.staff) == (
        *("status_page_added", "command", None),
    )
    assert entry.subject == f"status_page:{Source.objects.get().pk}"
    assert entry.values == {"kind": "statuspage", "host": "127.0.0.1"}


def test_a_page_without_a_zone_of_its_own_gets_ours_or_the_one_named(
    page: Page, settings
):
    page.answer = Answer(404)
    page.answers["/api/v1/ping"] = Answer(body=b'{"data": "Pong!"}')
    listed = "/api/v1/schedules?per_page=100&sort=id&order=desc"
    page.answers[listed] = Answer(body=b'{"data": []}')
    assert register(page).returncode == 0
    assert Source.objects.get().config == {"timezone": settings.TIME_ZONE}
    assert register(page, "--timezone", "Europe/Zurich").returncode == 0
    assert Source.objects.get().config == {"timezone": "Europe/Zurich"}
    assert "--timezone" in register(page, "--timezone", "Mars").stderr


def test_a_page_whose_product_runs_in_a_zone_of_its_own_gets_that(page: Page):
    page.answer = Answer(404)
    page.answers["/api/ping"] = Answer(body=b'{"data": "Pong!"}')
    page.answers[quote(CACHET3, safe="/?&=,")] = Answer(body=b'{"data": []}')
    assert register(page).returncode == 0
    assert Source.objects.get().config == {"timezone": "UTC"}


@pytest.mark.parametrize(
    ("more", "complaint"),
    [((), "not_recognised"), (("--config", "[]"), "--config")],
)
def test_what_cannot_be_registered_says_why(page: Page, more, complaint):
    page.answer = Answer(body=b"<html>")
    if more:
        page.answer = Answer(body=sample("statuspage").body)
    done = register(page, *more)
    assert done.returncode == 1
    assert complaint in done.stderr
    assert not Source.objects.exists()


def test_one_round_reads_what_is_due_and_all_of_it_when_asked(page: Page):
    page.answer = Answer(body=sample("statuspage").body)
    now = datetime.now(UTC)
    source = sources.add_source(
        name="Status", url=page.url, allow_host=page.host, now=now
    )
    assert "Status: ok" in run("read_status_pages").stdout
    run("read_status_pages")
    assert len(page.requests) == 1
    page.answer = Answer(500)
    assert "http_500" in run("read_status_pages", "--all").stdout
    assert len(page.requests) == 2
    source.refresh_from_db()
    assert source.failures == 1


def test_a_slow_page_does_not_make_the_others_late(page: Page):
    page.answer = Answer(body=sample("statuspage").body)
    for number in range(12):
        sources.add_source(
            name=str(number),
            url=f"{page.url}?{number}",
            allow_host=page.host,
            now=NOW,
        )
    assert polling.refresh_due(now=NOW) == 12
    assert Source.objects.filter(fetched_at=NOW).count() == 12


def test_a_page_that_stands_on_several_documents_is_never_confirmed_by_one(page: Page):
    kuma = sample("uptimekuma")
    page.answers["/api/status-page/x"] = Answer(headers={"ETag": '"a"'}, body=kuma.body)
    beats = json.dumps(kuma.companions["/api/status-page/heartbeat/x"]).encode()
    page.answers["/api/status-page/heartbeat/x"] = Answer(body=beats)
    source = sources.add_source(
        name="Kuma",
        url=page.at("/api/status-page/x"),
        kind="uptimekuma",
        allow_host=page.host,
        now=NOW,
    )
    assert polling.refresh_source(source_id=source.pk, now=NOW)
    source.refresh_from_db()
    assert source.etag == ""
    assert verdict(names=["web-01"], now=NOW).result is Result.ACTIVE


def test_a_document_says_itself_how_long_it_may_be_believed(page: Page):
    page.answer = Answer(body=sample("flashduty").body)
    source = sources.add_source(
        name="f", url=page.url, kind="flashduty", allow_host=page.host, now=NOW
    )
    polling.refresh_due(now=NOW)
    assert verdict(names=["web-01"], now=NOW).result is Result.ACTIVE
    late = verdict(names=["web-01"], now=NOW + timedelta(minutes=2))
    assert late.reason is Reason.STALE
    source.refresh_from_db()
    assert source.next_fetch_at - NOW < timedelta(seconds=40)


def test_a_feed_never_rules_maintenance_out(page: Page):
    page.answer = Answer(body=sample("rss").body)
    sources.add_source(
        name="f", url=page.url, kind="rss", allow_host=page.host, now=NOW
    )
    polling.refresh_due(now=NOW)
    assert verdict(names=["web-01"], now=NOW).result is Result.DUE
    later = NOW + timedelta(minutes=3)
    page.answer = Answer(body=b"<rss><channel/></rss>")
    polling.refresh_due(now=later)
    found = verdict(names=["web-01"], now=later)
    assert (found.result, found.reason) == (Result.UNKNOWN, Reason.FEED_ONLY)


FIXED = {
    "timezone": "Europe/Vienna",
    "starts": "2026-01-04T02:00",
    "minutes": 120,
    "rule": "FREQ=WEEKLY",
}


def test_fixed_times_answer_for_weeks_without_anybody_reading_them():
    sources.add_static_window(name="Every Sunday", config=FIXED, now=NOW)
    assert polling.refresh_due(now=NOW) == 1
    assert verdict(names=["web-01"], now=NOW).result is Result.ACTIVE
    days = [NOW + timedelta(days=number) for number in (1, 7, 28)]
    results = [verdict(names=["web-01"], now=day).result for day in days]
    assert results == [Result.NONE, Result.ACTIVE, Result.ACTIVE]
    assert verdict(names=["x"], now=NOW + timedelta(days=33)).reason is Reason.STALE
    source = Source.objects.get()
    assert source.next_fetch_at > NOW + timedelta(hours=20)


def test_a_tentative_window_is_not_due_and_one_without_impact_is_no_more_than_due(
    page: Page,
):
    notice = sample("ics").body.replace(
        b"END:VEVENT", b"STATUS:TENTATIVE\r\nEND:VEVENT"
    )
    page.answer = Answer(body=notice)
    source = sources.add_source(
        name="c", url=page.url, kind="ics", allow_host=page.host, now=NOW
    )
    polling.refresh_due(now=NOW)
    assert verdict(names=["web-01"], now=NOW).result is Result.NONE
    carrier = next(s for s in BUSY if s.affected and s.kind == "ics").body
    page.answer = Answer(
        body=carrier.replace(
            b"X-MAINTNOTE-STATUS", b"X-MAINTNOTE-IMPACT:NO-IMPACT\r\nX-MAINTNOTE-STATUS"
        )
    )
    polling.refresh_source(source_id=source.pk, now=NOW)
    assert verdict(names=["web-01"], now=NOW).result is Result.DUE


def test_a_page_that_answers_only_to_post_is_asked_that_way(page: Page):
    page.answer = Answer(405)
    source = sources.add_source(
        name="o", url=page.url, kind="oneuptime", allow_host=page.host, now=NOW
    )
    assert not polling.refresh_source(source_id=source.pk, now=NOW)
    assert [asked["method"] for asked in page.requests] == ["GET", "POST"]
