"""Pages of products that hosters run themselves or that come first; see `samples`."""

from status.rules.windows import Phase
from tests.unit.status.sample import FROM, TO, Sample, calendar, entry

PLAIN = calendar(
    *entry("SUMMARY:Work", "DTSTART:20261122T010000Z", "DTEND:20261122T030000Z")
)
NOTICE = calendar(
    *entry(
        *("SUMMARY:Work", "DTSTART:20261122T010000Z", "DTEND:20261122T030000Z"),
        *("X-MAINTNOTE-PROVIDER:example.net", "X-MAINTNOTE-MAINTENANCE-ID:w1"),
        *("X-MAINTNOTE-OBJECT-ID:web-01", "X-MAINTNOTE-STATUS:IN-PROCESS"),
        uid="other",
    )
)
REPEATED = calendar(
    *entry(
        *("SUMMARY:Every Sunday", "DTSTART;TZID=Europe/Vienna:20260104T020000"),
        *("DTEND;TZID=Europe/Vienna:20260104T040000", "RRULE:FREQ=WEEKLY"),
    )
)
FEED = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
    "<title>History</title><item><title>Work</title><guid>w1</guid>"
    "<pubDate>Sun, 22 Nov 2026 01:00:00 +0000</pubDate>"
    "<maintenanceEndDate>Sun, 22 Nov 2026 03:00:00 +0000</maintenanceEndDate>"
    "</item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
    "<id>tag:status.example.com,2005:Maintenance/w1</id><title>Work</title>"
    '<content type="html">&lt;strong&gt;Affected Components:&lt;/strong&gt; web-01'
    "&lt;/p&gt;&lt;br /&gt;&lt;strong&gt;In progress&lt;/strong&gt; - On it."
    "</content></entry></feed>"
)


PAGES = (
    Sample(
        kind="statuspage",
        value={
            "page": {"id": "p"},
            "components": [{"id": "c1", "name": "web-01", "group": False}],
            "scheduled_maintenances": [
                {
                    "id": "w1",
                    "name": "Work",
                    "status": "verifying",
                    "scheduled_for": FROM,
                    "scheduled_until": TO,
                    "components": [{"id": "c1", "name": "web-01"}],
                }
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("page",), ("scheduled_maintenances",)),
    ),
    Sample(kind="statuspage", value=FEED, phase=Phase.DUE),
    Sample(
        kind="incidentio",
        value={
            "page_title": "Example",
            "ongoing_incidents": [],
            "in_progress_maintenances": [
                {
                    "id": "w1",
                    "name": "Work",
                    "status": "maintenance_in_progress",
                    "started_at": FROM,
                    "scheduled_end_at": TO,
                    "affected_components": [{"id": "c1", "name": "web-01"}],
                }
            ],
            "scheduled_maintenances": [],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("in_progress_maintenances",), ("scheduled_maintenances",)),
    ),
    Sample(
        kind="cachet2",
        value={
            "data": [
                {
                    "id": "w1",
                    "name": "Work",
                    "status": 0,
                    "scheduled_at": "2026-11-22 02:00:00",
                    "completed_at": "2026-11-22 04:00:00",
                    "components": [{"component_id": 3, "component_status": 1}],
                }
            ]
        },
        phase=Phase.DUE,
        affected=("web-01",),
        needed=(("data",),),
        config={"timezone": "Europe/Vienna"},
        url="https://status.example.com/api/v1/schedules",
        companions={
            "/api/v1/components?per_page=1000": {"data": [{"id": 3, "name": "web-01"}]}
        },
    ),
    Sample(
        kind="cachet3",
        value={
            "data": [
                {
                    "id": "w1",
                    "type": "schedules",
                    "attributes": {
                        "name": "Work",
                        "status": {"human": "läuft", "value": 1},
                        "scheduled": {"human": "x", "string": "2026-11-22 01:00:00"},
                        "completed": {"human": None, "string": None},
                    },
                    "relationships": {
                        "components": {"data": [{"id": "3", "type": "components"}]}
                    },
                }
            ],
            "included": [
                {"id": "3", "type": "components", "attributes": {"name": "web-01"}}
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("data",),),
    ),
    Sample(
        kind="uptimekuma",
        value={
            "config": {"slug": "x"},
            "publicGroupList": [
                {"name": "Web", "monitorList": [{"id": 7, "name": "web-01"}]}
            ],
            "maintenanceList": [{"id": "w1", "title": "Work"}],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("config",), ("publicGroupList",), ("maintenanceList",)),
        url="https://status.example.com/api/status-page/x",
        companions={
            "/api/status-page/heartbeat/x": {
                "heartbeatList": {"7": [{"status": 1}, {"status": 3}]}
            }
        },
    ),
    Sample(kind="ics", value=PLAIN, phase=Phase.ACTIVE),
    Sample(kind="ics", value=REPEATED, phase=Phase.ACTIVE),
    Sample(kind="ics", value=NOTICE, phase=Phase.ACTIVE, affected=("web-01",)),
    Sample(
        kind="instatus",
        value={
            "page": {"status": "UNDERMAINTENANCE"},
            "activeMaintenances": [
                {
                    "id": "w1",
                    "name": "Work",
                    "start": FROM,
                    "status": "INPROGRESS",
                    "duration": "120",
                }
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("page",),),
        url="https://status.example.com/summary.json",
        companions={
            "/v2/components.json": [
                {"id": "c1", "name": "web-01", "status": "UNDERMAINTENANCE"},
                {"id": "c2", "name": "db-01", "status": "OPERATIONAL"},
            ]
        },
    ),
    Sample(kind="instatus", value=ATOM, phase=Phase.ACTIVE, affected=("web-01",)),
)
