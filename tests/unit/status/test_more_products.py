"""What status.io, Sorry, cState, OneUptime, Upptime, Hund and feeds do unexpectedly."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from status.rules.maintenance import Reason
from status.rules.windows import Phase, WindowState, phase_at
from status.sources import hund
from status.sources.base import Document, SourceError
from tests.unit.status.product import phase, read
from tests.unit.status.sample import FROM, NOW, TO

pytestmark = pytest.mark.no_servers


def statusio(**lists: Any) -> Document:
    maintenance = {"active": [], "upcoming": [], **lists}
    return read("statusio", {"result": {"status": [], "maintenance": maintenance}})


def test_the_lists_of_status_io_decide():
    entry = {"_id": "m", "name": "Work", "datetime_planned_start": FROM}
    late = {**entry, "datetime_planned_end": "2026-11-22T01:05:00Z"}
    assert phase(statusio(active=[late])) is Phase.ACTIVE
    ahead = {**entry, "datetime_planned_end": TO}
    assert phase(statusio(upcoming=[ahead])) is Phase.DUE
    assert phase(statusio(upcoming=[{"name": "Some day"}])) is Phase.UPCOMING
    torn = {"name": "Some day", "datetime_planned_start": 5}
    assert phase(statusio(upcoming=[torn])) is Phase.UNCLEAR


def test_the_pages_of_sorry_are_all_read():
    planned = {"id": 1, "type": "planned", "state": "underway"}
    first = {"notices": [], "meta": {"next_page": 2}}
    last = {"notices": [planned], "meta": {"next_page": None}}
    path = "/api/v1/notices"
    both = read("sorry", first, path=path, known={f"{path}?page=2": last})
    assert (both.doubt, phase(both)) == (None, Phase.ACTIVE)
    assert read("sorry", first, path=path).doubt is Reason.INCOMPLETE


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"notice_means_maintenance": True}, [Phase.ACTIVE]),
        ({"notice_means_maintenance": False}, []),
        ({}, [Phase.UNCLEAR]),
    ],
)
def test_what_a_notice_of_cstate_means_is_for_the_operator_to_say(config, expected):
    notice = {"title": "N", "severity": "notice", "createdAt": "2026-11-22T00:00:00Z"}
    down = {"title": "D", "severity": "down", "createdAt": "2026-11-22T00:00:00Z"}
    system = {"name": "web", "unresolvedIssues": [notice, down]}
    root = {"cStateVersion": "6", "systems": [system, {**system, "name": "db"}]}
    found = read("cstate", root, config=config).windows
    assert [phase_at(window, NOW) for window in found] == expected


def test_the_words_of_oneuptime_are_the_customers_own_and_groups_have_members():
    state = {"name": "In Arbeit", "isOngoingState": True}
    event = {
        "_id": "e",
        "currentScheduledMaintenanceState": state,
        "monitors": [{"_id": "m2"}],
    }
    root = {
        "scheduledMaintenanceEvents": [event],
        "statusPageResources": [
            {
                "_id": "r",
                "displayName": "Cluster",
                "monitorGroupId": {"_type": "ObjectID", "value": "g"},
            }
        ],
        "monitorsInGroup": {"g": [{"_type": "ObjectID", "value": "m2"}]},
    }
    found = read("oneuptime", root)
    assert phase(found) is Phase.ACTIVE
    assert [part.name for part in found.windows[0].components] == ["Cluster"]


def test_an_upptime_issue_without_its_times_is_unclear():
    label = {"labels": [{"name": "maintenance"}], "number": 3}
    assert phase(read("upptime", [{**label, "body": "Tonight"}])) is Phase.UNCLEAR
    inline = f"<!-- start: {FROM} end: {TO} expectedDegraded: api, web -->"
    found = read("upptime", [{**label, "body": inline}])
    assert phase(found) is Phase.ACTIVE
    assert [part.name for part in found.windows[0].components] == ["api", "web"]
    other = {"labels": [{"name": "incident"}], "number": 4, "body": ""}
    assert read("upptime", [other]).windows == ()


STREAM_DATA = json.dumps({"state": "operational", "issues": []})


def test_the_stream_of_hund_is_read_up_to_its_first_event():
    stream = f": hello\r\n\r\nevent: init_event\r\ndata: {STREAM_DATA}\r\n\r\n".encode()
    assert read("hund", stream).windows == ()
    assert hund.has_first_event(stream)
    for length in range(len(stream)):
        assert not hund.has_first_event(stream[:length])


def test_the_interface_of_hund_wants_a_key_and_has_pages():
    assert hund.headers({"api_key": "k"}) == {"Authorization": "Bearer k"}
    assert hund.headers({"api_key": "k\r\nX: y"}) == hund.headers({}) == {}
    issue = {
        "id": "i",
        "title": "Work",
        "specialization": "maintenance",
        "standing": True,
        "components": {"data": [{"id": "c", "name": {"en": "web-01"}}]},
    }
    page = {"type": "paged_array", "data": [issue], "has_more": True}
    found = read("hund", page)
    assert (found.doubt, phase(found)) == (Reason.INCOMPLETE, Phase.ACTIVE)
    assert found.windows[0].components[0].name == "web-01"
    over = {**issue, "cancelled_at": 1543958167}
    whole = {**page, "data": [over], "has_more": False}
    assert (read("hund", whole).doubt, phase(read("hund", whole))) == (None, Phase.OVER)


EMPTY_FEED = "<rss><channel><title>x</title></channel></rss>"
BUSY_FEED = "<rss><channel><item><title>Wartung</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("feed", "config", "doubt"),
    [
        (EMPTY_FEED, {}, Reason.FEED_ONLY),
        (EMPTY_FEED, {"current_events": True}, None),
        (BUSY_FEED, {"current_events": True}, Reason.FEED_ONLY),
    ],
)
def test_a_feed_rules_nothing_out_unless_it_is_said_to_list_what_is_now(
    feed, config, doubt
):
    assert read("rss", feed, config=config).doubt is doubt


@pytest.mark.parametrize("encoding", ["utf-16", "cp037"])
def test_a_document_type_does_not_hide_in_an_encoding(encoding):
    hidden = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY a "b">]>'
        "<rss><channel/></rss>"
    )
    with pytest.raises(SourceError):
        read("rss", hidden.encode(encoding))


def test_two_entries_that_share_a_title_are_both_kept():
    first = {"title": "Rack B", "timeslotList": [{"startDate": FROM, "endDate": TO}]}
    second = {"title": "Rack B", "timeslotList": [{"startDate": TO, "endDate": TO}]}
    found = read(
        "uptimekuma",
        {"config": {}, "publicGroupList": [], "maintenanceList": [first, second]},
    ).windows
    assert [(w.id, w.series) for w in found] == [("Rack B", ""), ("Rack B#2", "Rack B")]
    assert {w.state for w in found} == {WindowState.RUNNING}


def test_times_of_many_kinds_are_read():
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    for text in (
        "Sun Nov 22 2026 01:00:00 GMT+0100 (Central European Standard Time)",
        "2026-11-22 00:00:00.000 +0000 UTC",
        "Sun, 22 Nov 2026 00:00:00 GMT",
        "2026-11-22T00:00:00",
        "2026-11-21T19:00:00.000-05:00",
    ):
        entry = {"id": 1, "from": text, "to": TO}
        found = read("openstatus", {"maintenances": [entry], "monitors": []})
        assert found.windows[0].starts_at == midnight, text
