"""Status pages at the desk: looked at, registered, checked; and a page of our own."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from emergency import status_urls
from emergency.models import Account, AuditEntry, Server
from emergency.views import status_pages
from status.actions import local, polling
from status.models import Source, Window
from status.queries import verdict
from status.rules.maintenance import Result
from status.sources.preview import preview
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.status.page_server import Answer, Page, page_server
from tests.unit.status.samples import BUSY

HERE = "/desk/status/"
OWN = "/desk/status/own/"
HOUR = timedelta(hours=1)


@pytest.fixture
def page(monkeypatch) -> Iterator[Page]:
    """A page on loopback, which the desk may look at in tests."""
    with page_server(Answer(404)) as running:
        allowed = partial(preview, allow_host=running.host)
        monkeypatch.setattr(status_pages, "preview", allowed)
        yield running


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


def text(answer: Any) -> str:
    words: str = answer.content.decode()
    return words


def in_english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("pattern", status_urls.urlpatterns, ids=lambda p: p.name)
def test_only_duty_managers_and_administrators_come_here(pattern, desk: Desk) -> None:
    assert pattern.callback.roles == {"duty_manager", "administrator"}
    assert people.signed_in(desk.anna.staff).get(HERE).status_code == 403


def test_a_pasted_address_is_looked_at_and_registered_only_when_confirmed(
    page: Page, eva: Client, desk: Desk
) -> None:
    account = Account.objects.first() or people.customer().account
    Server.objects.create(account=account, name="web-01.nordlicht.example")
    body = next(s.body for s in BUSY if s.kind == "statuspage")
    page.answers["/api/v2/summary.json"] = Answer(body=body)
    found = in_english(eva).post(f"{HERE}look/", {"url": page.at("/")})
    shown = text(found)
    assert "web-01.nordlicht.example: web-01" in shown
    assert "Statuspage" in shown
    assert "Work" in shown
    assert not Source.objects.exists()
    confirmed = {"kind": "statuspage", "url": page.url, "name": "Hoster"}
    answer = eva.post(f"{HERE}add/", confirmed, follow=True)
    source = Source.objects.get()
    assert (source.name, source.kind, source.url) == ("Hoster", "statuspage", page.url)
    # Without TLS and on a private address the real door stays shut.
    assert source.last_error == "not_https"
    assert "Only addresses with https are read." in text(answer)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://status.example.com/", "https"),
        ("no address", "id_url"),
        ("https://127.0.0.1/", "private network"),
    ],
)
def test_an_address_that_cannot_be_read_says_why(eva: Client, url, says) -> None:
    answer = text(in_english(eva).post(f"{HERE}look/", {"url": url}))
    assert says in answer
    assert 'aria-invalid="true"' in answer


def test_a_page_without_a_zone_asks_for_one(page: Page, eva: Client) -> None:
    page.answers["/a.ics"] = Answer(body=next(s.body for s in BUSY if s.kind == "ics"))
    answer = text(eva.post(f"{HERE}look/", {"url": page.at("/a.ics")}))
    assert 'name="timezone"' in answer
    confirmed = {
        "kind": "ics",
        "url": page.at("/a.ics"),
        "name": "Calendar",
        "timezone": "Europe/Zurich",
    }
    eva.post(f"{HERE}add/", confirmed)
    assert Source.objects.get().config == {"timezone": "Europe/Zurich"}


def test_a_kind_that_nobody_can_read_is_not_registered(eva: Client) -> None:
    typed = {"kind": "gatus", "url": "https://status.example.com/", "name": "G"}
    assert eva.post(f"{HERE}add/", typed).status_code == 200
    assert not Source.objects.exists()


FIXED = {
    "name": "Every Tuesday",
    "starts_at": "2026-03-10T01:00",
    "minutes": "60",
    "repeat": "FREQ=WEEKLY",
    "components": "web-01\nweb-02, web-01",
}


def test_fixed_times_count_at_once(eva: Client, desk: Desk) -> None:
    eva.post(f"{HERE}fixed/", FIXED)
    source = Source.objects.get()
    assert source.config["components"] == ["web-01", "web-02"]
    windows = list(source.windows.order_by("starts_at"))
    assert len(windows) >= 4
    last = windows[-1].starts_at
    assert last is not None
    inside = last + HOUR / 2
    assert verdict(names=["web-01"], now=inside).result is Result.ACTIVE
    assert verdict(names=["web-02"], now=inside + HOUR).result is Result.NONE


def test_a_monthly_window_keeps_its_weekday(eva: Client) -> None:
    eva.post(f"{HERE}fixed/", {**FIXED, "repeat": "month"})
    assert Source.objects.get().config["rule"] == "FREQ=MONTHLY;BYDAY=2TU"


@pytest.mark.parametrize(
    "change", [{"minutes": "0"}, {"starts_at": "soon"}, {"repeat": "FREQ=SECONDLY"}]
)
def test_fixed_times_that_say_nothing_are_refused(eva: Client, change) -> None:
    answer = eva.post(f"{HERE}fixed/", {**FIXED, **change})
    assert 'aria-invalid="true"' in text(answer)
    assert not Source.objects.exists()


def test_check_now_goes_past_a_pause_and_a_page_can_be_switched_off(
    eva: Client, desk: Desk
) -> None:
    eva.post(f"{HERE}fixed/", FIXED)
    source = Source.objects.get()
    Source.objects.update(backoff_until=desk.clock.now + HOUR, failures=5)
    eva.post(f"{HERE}{source.pk}/check/")
    source.refresh_from_db()
    assert (source.failures, source.backoff_until) == (0, None)
    eva.post(f"{HERE}{source.pk}/switch/", {"enabled": "0"})
    assert polling.refresh_due(now=desk.clock.now + HOUR) == 0
    eva.post(f"{HERE}{source.pk}/switch/", {"enabled": "1"})
    assert Source.objects.get().enabled
    assert eva.post(f"{HERE}999/check/").status_code == 404


def test_the_page_tells_how_each_source_does(eva: Client, desk: Desk) -> None:
    at = desk.clock.now
    for name, fetched, failures in (
        ("Good", at, 0),
        ("Failing", at, 2),
        ("Old", at - 5 * HOUR, 9),
        ("New", None, 1),
    ):
        Source.objects.create(
            name=name,
            url=f"https://{name.lower()}.example.com/",
            next_fetch_at=at,
            fetched_at=fetched,
            failures=failures,
            last_error="http_503" if failures else "",
        )
    shown = text(in_english(eva).get(HERE))
    places = [shown.index(f">{name}<") for name in ("New", "Old", "Failing", "Good")]
    assert places == sorted(places)
    assert "The page answers with status 503." in shown


ANNOUNCED = {
    "name": "Kernel update",
    "starts_at": "2026-03-10T01:00",
    "ends_at": "2026-03-10T04:00",
    "components": "web-01",
}


def test_a_window_of_our_own_is_announced_changed_and_ended(
    eva: Client, desk: Desk
) -> None:
    now = desk.clock.now
    assert eva.post(f"{OWN}announce/", ANNOUNCED).status_code == 404
    eva.post(f"{OWN}open/", {"name": "Nordlicht", "components": "web-01\ndb-01"})
    assert Source.objects.get().name == "Nordlicht"
    eva.post(f"{OWN}announce/", {**ANNOUNCED, "ends_at": ""})
    window = Window.objects.get()
    assert window.open_ended
    assert window.starts_at is not None
    inside = window.starts_at + HOUR
    assert verdict(names=["web-01"], now=inside).result is Result.ACTIVE
    shown = text(eva.get(f"{OWN}{window.pk}/"))
    assert "2026-03-10T01:00" in shown
    eva.post(f"{OWN}{window.pk}/", {**ANNOUNCED, "name": "Postponed"})
    window.refresh_from_db()
    assert (window.name, window.open_ended) == ("Postponed", False)
    assert "Postponed" in text(eva.get(OWN))
    eva.post(f"{OWN}{window.pk}/end/")
    assert verdict(names=["web-01"], now=now).result is Result.NONE
    assert eva.get(f"{OWN}{window.pk}/").status_code == 404


def test_who_set_up_pages_and_windows_stands_in_the_audit(eva: Client, desk: Desk):
    """A repeat that changes nothing is not entered, and no secret of an address is."""
    eva.post(f"{OWN}open/", {"name": "Nordlicht", "components": "web-01\ndb-01"})
    eva.post(f"{OWN}announce/", ANNOUNCED)
    window = Window.objects.get()
    eva.post(f"{OWN}{window.pk}/", {**ANNOUNCED, "name": "Postponed"})
    for _ in range(2):
        eva.post(f"{OWN}{window.pk}/end/")
    eva.post(f"{HERE}fixed/", FIXED)
    secret = "https://user:geheim@127.0.0.1/api?key=geheim"
    eva.post(f"{HERE}add/", {"kind": "statuspage", "url": secret, "name": "Hoster"})
    source = Source.objects.get(name="Hoster")
    for enabled in ("0", "0", "1"):
        eva.post(f"{HERE}{source.pk}/switch/", {"enabled": enabled})
    entries = AuditEntry.objects.filter(area="status").order_by("pk")
    assert {entry.staff for entry in entries} == {desk.eva}
    assert [entry.code for entry in entries] == [
        *("own_page_changed", "window_announced", "window_changed", "window_ended"),
        *("status_page_added", "status_page_added"),
        *("status_page_off", "status_page_on"),
    ]
    assert entries[0].values == {"components": 2}
    assert "geheim" not in str([entry.values for entry in entries])


def test_a_window_that_ends_before_it_begins_is_refused(eva: Client, desk: Desk):
    source = local.open_local_page(name="N", components=[], now=desk.clock.now)
    typed = {**ANNOUNCED, "ends_at": "2026-03-10T00:30"}
    assert 'aria-invalid="true"' in text(eva.post(f"{OWN}announce/", typed))
    assert not source.windows.exists()
