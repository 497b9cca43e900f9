"""What Cachet, Uptime Kuma, Instatus, Better Stack and StatusPal do unexpectedly."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from status.rules.maintenance import Reason
from status.rules.windows import Phase
from status.sources.base import Document, SourceError
from tests.unit.status.product import HOUR, phase, read
from tests.unit.status.sample import FROM, NOW

pytestmark = pytest.mark.no_servers


def schedule(**changes: Any) -> dict[str, Any]:
    return {"id": 1, "status": 0, "scheduled_at": "2026-11-22 01:00:00", **changes}


VIENNA = {"timezone": "Europe/Vienna"}
UTC_ZONE = {"timezone": "UTC"}


def cachet(*listed: Any, config: Mapping[str, Any] = UTC_ZONE, **more: Any) -> Document:
    return read("cachet2", {"data": list(listed)}, config=config, **more)


@pytest.mark.parametrize(
    "made_up",
    ["2026-11-22 01:11:05", "2026-11-21 22:00:00", None, ""],
    ids=["the time of the answer", "before the start", "null", "empty"],
)
def test_cachet_writes_an_end_where_there_is_none(made_up):
    document = cachet(schedule(completed_at=made_up), sent_at=NOW)
    assert document.windows[0].ends_at is None
    assert phase(document) is Phase.DUE
    assert phase(document, NOW + timedelta(days=40)) is Phase.OVER


def test_cachet_writes_the_time_of_its_answer_on_a_clock_that_nobody_told_us():
    document = cachet(schedule(completed_at="2026-11-22 02:11:03"), config={})
    assert document.windows[0].ends_at is None


def test_cachet_knows_a_planned_end_that_is_ahead():
    document = cachet(schedule(completed_at="2026-11-22 02:30:00"), sent_at=NOW)
    assert phase(document) is Phase.DUE
    assert phase(document, NOW + 2 * HOUR) is Phase.OVER


def test_a_time_whose_zone_nobody_named_is_taken_with_two_hours_to_spare():
    ends = "2026-11-22 03:30:00"
    early = cachet(schedule(scheduled_at="2026-11-22 03:00:00", completed_at=ends))
    assert phase(early) is Phase.UPCOMING
    unsure = cachet(
        schedule(scheduled_at="2026-11-22 03:00:00", completed_at=ends), config={}
    )
    assert phase(unsure) is Phase.DUE
    assert phase(unsure, NOW - 2 * HOUR) is Phase.UPCOMING
    assert cachet(schedule(), config=VIENNA).windows[0].starts_at == NOW.replace(
        hour=0, minute=0
    )


def pages(total: int) -> dict[str, Any]:
    return {"meta": {"pagination": {"current_page": 1, "total_pages": total}}}


def test_the_current_schedule_of_cachet_stands_on_its_last_page():
    first = {"data": [schedule(id=1, status=2)], **pages(2)}
    last = {"data": [schedule(id=21, status=1)]}
    path = "/api/v1/schedules"
    both = read("cachet2", first, path=path, known={f"{path}?page=2": last})
    assert [window.id for window in both.windows] == ["21"]
    assert both.doubt is None
    assert read("cachet2", first, path=path).doubt is Reason.INCOMPLETE
    many = {"data": [], **pages(500)}
    assert read("cachet2", many, path=path).doubt is Reason.INCOMPLETE


def test_the_next_page_of_cachet_3_is_named_by_a_link_that_the_last_one_lacks():
    first = {
        "data": [],
        "links": {"next": "https://elsewhere.example/api/schedules?page=2"},
    }
    attributes = {
        "name": "Work",
        "scheduled": {"string": "2026-11-22 01:00:00"},
        "completed": {"string": "2026-11-22 03:00:00"},
        "status": {"value": 0},
    }
    last = {"data": [{"id": "9", "attributes": attributes}], "links": {}}
    both = read("cachet3", first, known={"/api/schedules?page=2": last})
    assert (both.doubt, phase(both)) == (None, Phase.ACTIVE)
    assert phase(both, NOW + 3 * HOUR) is Phase.OVER
    assert read("cachet3", first).doubt is Reason.INCOMPLETE


KUMA: dict[str, Any] = {"config": {}, "publicGroupList": [], "maintenanceList": []}
MONITORED = {**KUMA, "publicGroupList": [{"monitorList": [{"id": 7, "name": "web"}]}]}


def test_an_empty_list_of_kuma_is_doubted_while_heartbeats_speak_of_maintenance():
    beats = {"heartbeatList": {"7": [{"status": 3}]}}
    path = "/api/status-page/x"
    known = {"/api/status-page/heartbeat/x": beats}
    found = read("uptimekuma", MONITORED, path=path, known=known)
    assert found.doubt is Reason.COMPONENT_COLOUR
    beats["heartbeatList"]["7"].append({"status": 1})
    assert read("uptimekuma", MONITORED, path=path, known=known).doubt is None


def test_an_error_of_kuma_is_no_page():
    with pytest.raises(SourceError):
        read("uptimekuma", {"status": "fail", "msg": "Not Found"})


def instatus(*listed: Any, status: str = "UNDERMAINTENANCE") -> Document:
    head = {"page": {"status": status}}
    return read("instatus", {**head, "activeMaintenances": list(listed)})


def test_the_active_list_of_instatus_also_holds_what_has_not_begun():
    entry = {"id": "m", "status": "NOTSTARTEDYET", "start": FROM, "duration": "60"}
    assert phase(instatus(entry)) is Phase.DUE
    assert phase(instatus(entry), NOW - HOUR) is Phase.UPCOMING
    assert phase(instatus(entry), NOW + 2 * HOUR) is Phase.OVER
    assert phase(instatus({**entry, "duration": None})) is Phase.UNCLEAR


@pytest.mark.parametrize("status", ["UNDERMAINTENANCE", "SOMETHINGNEW", "HASISSUES"])
def test_an_instatus_page_that_leaves_out_what_it_speaks_of_is_not_believed(status):
    with pytest.raises(SourceError):
        read("instatus", {"page": {"status": status}})


def better(**attributes: Any) -> Document:
    report = {"id": "r", "type": "status_report", "attributes": attributes}
    return read(
        "betterstack",
        {"data": {"type": "status_page", "attributes": {}}, "included": [report]},
    )


def test_a_better_stack_report_without_an_end_lasts_until_it_is_resolved():
    open_end = {"report_type": "maintenance", "starts_at": FROM, "ends_at": None}
    assert phase(better(**open_end), NOW + timedelta(days=90)) is Phase.ACTIVE
    assert phase(better(**open_end, aggregate_state="resolved")) is Phase.OVER
    assert better(**{**open_end, "report_type": "manual"}).windows == ()


def test_a_statuspal_service_under_maintenance_counts_without_an_entry():
    services = [
        {
            "id": 1,
            "name": "Hosting",
            "current_incident_type": "scheduled",
            "children": [
                {"id": 2, "name": "web-01", "current_incident_type": "scheduled"},
                {"id": 3, "name": "db-01", "current_incident_type": None},
            ],
        }
    ]
    root = {"services": services, "incidents": [], "maintenances": []}
    bare = read("statuspal", root)
    assert [w.id for w in bare.windows] == ["service-2"]
    assert phase(bare) is Phase.ACTIVE
    entry = {"id": 5, "title": "Work", "service_ids": [1, 2]}
    told = read("statuspal", {**root, "maintenances": [entry]})
    assert [w.id for w in told.windows] == ["5"]
    assert [p.name for p in told.windows[0].components] == ["Hosting", "web-01"]
    whole = read("statuspal", {**root, "maintenances": [{**entry, "service_ids": [1]}]})
    assert [p.name for p in whole.windows[0].components] == ["Hosting"]
