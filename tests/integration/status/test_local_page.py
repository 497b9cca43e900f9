"""Our own status page: typed in by staff, for people and in Statuspage's words."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from status.actions import local
from status.models import Source, Window
from status.queries import verdict
from status.rules.maintenance import Result
from status.rules.windows import Phase, phase_at
from status.sources import statuspage
from status.sources.base import Page

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SUMMARY = "/status/api/v2/summary.json"
PLANNED = "/status/api/v2/scheduled-maintenances"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def source(now: datetime) -> Source:
    return local.open_local_page(
        name="Nordlicht Status", components=["web-01", "db-01"], now=now
    )


def announced(
    name: str = "Kernel update", starts: timedelta = -HOUR, **changes: Any
) -> local.Announcement:
    at = timezone.now() + starts
    whole = {"ends_at": at + 2 * HOUR, "components": ("web-01",), **changes}
    return local.Announcement(name=name, starts_at=at, **whole)


def announce(source: Source, now: datetime, *args: Any, **changes: Any) -> Window:
    return local.announce_window(
        source_id=source.pk, announcement=announced(*args, **changes), now=now
    )


def result(now: datetime, name: str = "web-01") -> Result:
    return verdict(names=[name], now=now).result


def test_without_a_page_of_our_own_nothing_stands_there(client: Client):
    for path in ("/status/", SUMMARY, f"{PLANNED}.json"):
        assert client.get(path).status_code == 404


def test_an_announced_window_begins_and_ends_by_itself(source: Source, now: datetime):
    assert result(now) is Result.NONE
    announce(source, now)
    assert result(now) is Result.ACTIVE
    assert result(now, "db-01") is Result.NONE
    assert result(now - 2 * HOUR) is Result.NONE
    assert result(now + 2 * HOUR) is Result.NONE


def test_our_own_windows_are_known_however_long_nobody_read_anything(
    source: Source, now: datetime
):
    announce(source, now, starts=timedelta(days=20))
    later = now + timedelta(days=20, minutes=30)
    assert result(later) is Result.ACTIVE


def test_a_window_until_further_notice_lasts_until_it_is_ended(
    source: Source, now: datetime
):
    window = announce(source, now, ends_at=None)
    assert result(now + timedelta(days=60)) is Result.ACTIVE
    assert local.end_window(window_id=window.pk, now=now)
    assert result(now + HOUR) is Result.NONE
    assert not local.end_window(window_id=window.pk, now=now)
    changed = local.change_window(
        window_id=window.pk, announcement=announced(), now=now
    )
    assert not changed


def test_a_change_counts_at_once(source: Source, now: datetime):
    window = announce(source, now)
    later = announced("Postponed", HOUR, components=())
    assert local.change_window(window_id=window.pk, announcement=later, now=now)
    assert result(now) is Result.NONE
    assert result(now + 2 * HOUR, "anything") is Result.ACTIVE


def test_a_second_opening_changes_the_page_and_keeps_its_windows(
    source: Source, now: datetime
):
    announce(source, now)
    again = local.open_local_page(name="New name", components=["web-01"], now=now)
    assert again.pk == source.pk
    assert again.windows.count() == 1
    assert Source.objects.count() == 1


def test_what_has_been_over_for_months_is_gone(source: Source, now: datetime):
    announce(source, now, starts=-timedelta(days=100))
    announce(source, now)
    assert source.windows.count() == 1


def test_people_read_what_runs_what_is_ahead_and_what_was(
    source: Source, now: datetime, client: Client
):
    assert "No maintenance is under way." in text(client)
    announce(source, now, "Running work")
    announce(source, now, "Work ahead", starts=HOUR)
    announce(source, now, "Work done", starts=-4 * HOUR)
    announce(source, now, "<b>Old work</b>", starts=-timedelta(days=9))
    page = text(client)
    places = [page.index(name) for name in ("Running work", "Work ahead", "Work done")]
    assert places == sorted(places)
    assert "Old work" not in page
    assert "web-01" in page


def text(client: Client) -> str:
    answer = client.get("/status/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200
    return answer.content.decode()


def test_machines_read_it_as_statuspage(source: Source, now: datetime, client: Client):
    announce(source, now, "Running")
    announce(source, now, "Ahead", starts=HOUR, components=())
    announce(source, now, "Over", starts=-4 * HOUR)
    answer = client.get(SUMMARY)
    assert answer["Access-Control-Allow-Origin"] == "*"
    summary = json.loads(answer.content)
    assert summary["status"]["indicator"] == "maintenance"
    assert [part["status"] for part in summary["components"]] == [
        "under_maintenance",
        "operational",
    ]
    read = statuspage.read(Page(body=answer.content, now=now))
    found = {window.name: phase_at(window, now) for window in read.windows}
    assert found == {"Running": Phase.ACTIVE, "Ahead": Phase.UPCOMING}
    assert [part.name for part in read.windows[0].components] == ["web-01"]
    assert answer["ETag"]
    again = client.get(SUMMARY, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{PLANNED}.json", ["Running", "Ahead", "Over"]),
        (f"{PLANNED}/active.json", ["Running"]),
        (f"{PLANNED}/upcoming.json", ["Ahead"]),
    ],
)
def test_the_narrower_documents_list_what_they_are_named_for(
    source: Source, now: datetime, client: Client, path, expected
):
    announce(source, now, "Running")
    announce(source, now, "Ahead", starts=HOUR)
    announce(source, now, "Over", starts=-4 * HOUR)
    listed = json.loads(client.get(path).content)["scheduled_maintenances"]
    assert [entry["name"] for entry in listed] == expected
    assert listed[0]["scheduled_for"]
