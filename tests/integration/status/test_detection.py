"""A pasted address becomes a product and its exact document, over real HTTP."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from status.sources.base import SourceError
from status.sources.detection import CACHET2, CACHET3, Detected, detect
from status.sources.kinds import ALIASES
from status.sources.recognition import json_kind, text_kind
from tests.integration.status.page_server import Answer, Page
from tests.unit.status.sample import Sample
from tests.unit.status.samples import BUSY

pytestmark = pytest.mark.no_servers

PONG = {"data": "Pong!"}
HTML = b"<!doctype html><html><head><title>Status</title>"
SHARED = os.environ.get("EMERGENCY_TEST_DATA", "")


def body_of(kind: str) -> bytes:
    return next(sample.body for sample in BUSY if sample.kind == kind)


def found(page: Page, path: str = "/") -> Detected:
    return detect(url=page.at(path), allow_host=page.host)


def serve(page: Page, answers: dict[str, Any]) -> None:
    """These paths answer; everything else is a web page that is not found."""
    page.answer = Answer(404, body=HTML)
    for path, value in answers.items():
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        page.answers[path] = Answer(body=body)


@pytest.mark.parametrize(
    ("path", "answer", "kind", "document"),
    [
        ("/api/v2/summary.json", body_of("statuspage"), "statuspage", ""),
        ("/api/v1/summary", body_of("incidentio"), "incidentio", ""),
        ("/summary.json", body_of("instatus"), "instatus", ""),
        ("/index.json", body_of("betterstack"), "betterstack", ""),
        ("/index.json", body_of("cstate"), "cstate", ""),
        ("/api/v1/ping", PONG, "cachet2", CACHET2),
        ("/api/ping", PONG, "cachet3", CACHET3),
        ("/api/v1/", {"page": {"links": {}}}, "sorry", "/api/v1/notices"),
        ("/api/status-page/default", body_of("uptimekuma"), "uptimekuma", ""),
        ("/feed/json", body_of("openstatus"), "openstatus", ""),
        ("/history.rss", body_of("rss"), "statuspage", ""),
        ("/feed/", b"<rss><channel/></rss>", "rss", ""),
    ],
)
def test_each_product_is_found_from_the_start_of_its_page(
    page: Page, path, answer, kind, document
):
    serve(page, {path: answer, "/": HTML})
    assert found(page) == Detected(
        kind=kind,
        url=page.at(document or path),
        needs_zone=kind in {"cachet2", "cachet3"},
    )


def test_the_surest_probe_wins_and_nothing_is_asked_after_it(page: Page):
    serve(page, {"/api/v2/summary.json": body_of("statuspage"), "/api/ping": PONG})
    assert found(page).kind == "statuspage"
    assert [r["path"] for r in page.requests] == ["/", "/api/v2/summary.json"]


def test_an_address_of_kuma_carries_the_name_of_its_page(page: Page):
    serve(page, {"/api/status-page/hosting": body_of("uptimekuma")})
    assert found(page, "/status/hosting").url == page.at("/api/status-page/hosting")


def test_a_document_is_recognised_where_it_was_pasted(page: Page):
    serve(page, {"/calendar.ics": body_of("ics")})
    detected = found(page, "/calendar.ics")
    assert (detected.kind, detected.needs_zone) == ("ics", True)


def test_a_page_of_status_io_names_its_id_and_a_web_page_its_feed(page: Page):
    serve(page, {"/": HTML + b"<script>statuspageId = '" + b"5b" * 12 + b"'</script>"})
    assert found(page).url == "https://api.status.io/1.0/status/" + "5b" * 12
    link = b'<link rel="alternate" type="application/rss+xml" href="/news.xml">'
    serve(page, {"/": HTML + link})
    assert found(page) == Detected(
        kind="rss", url=page.at("/news.xml"), needs_zone=False
    )


@pytest.mark.parametrize(
    ("url", "kind", "document"),
    [
        (
            "https://github.com/example/status",
            "upptime",
            "https://api.github.com/repos/example/status/issues"
            "?state=open&labels=maintenance&per_page=100",
        ),
        (
            "https://example.statuspal.eu/",
            "statuspal",
            "https://statuspal.eu/api/v2/status_pages/example/summary",
        ),
    ],
)
def test_some_products_are_known_by_their_address(url, kind, document):
    detected = detect(url=url)
    assert (detected.kind, detected.url) == (kind, document)


def test_a_product_that_cannot_answer_is_refused_with_the_reason(page: Page):
    serve(page, {"/api/v1/config": {"announcements": [], "oidc": True}, "/": HTML})
    with pytest.raises(SourceError) as refusal:
        found(page)
    assert refusal.value.code == "gatus_publishes_no_maintenance_windows"


def test_what_is_no_status_page_says_why(page: Page):
    serve(page, {"/": HTML})
    with pytest.raises(SourceError, match="not_recognised"):
        found(page)
    with pytest.raises(SourceError, match="http_404"):
        found(page, "/nothing")
    with pytest.raises(SourceError, match="not_https"):
        detect(url=page.url)


@pytest.mark.parametrize("sample", BUSY, ids=lambda sample: sample.kind)
def test_every_document_of_ours_is_recognised(sample: Sample):
    kind = json_kind(sample.body) or text_kind(sample.body)
    # A feed with both dates is Statuspage's, whoever asks for it as a feed.
    assert kind == ("statuspage" if sample.kind == "rss" else sample.kind)


@pytest.mark.skipif(not SHARED, reason="EMERGENCY_TEST_DATA is unset")
def test_every_shared_document_is_recognised_or_not_known():
    wrong = []
    for path in sorted(Path(SHARED, "status").glob("*/*.meta.json")):
        meta = json.loads(path.read_text())
        body = (path.parent / meta["file"]).read_bytes()
        kind = json_kind(body) or text_kind(body)
        expected = ALIASES.get(meta["product"], meta["product"])
        if kind and kind != expected:
            wrong.append((path.name, kind))
    assert wrong == []
