"""Our own small pages: one of each kind with a window at NOW, and one with none.

At NOW every busy page has exactly one window, called "w1", that is active or due.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from status.rules.maintenance import Phase
from status.sources.base import Document, Page, SourceError
from status.sources.kinds import KINDS

NOW = datetime(2026, 11, 22, 1, 11, tzinfo=UTC)
FROM, TO = "2026-11-22T01:00:00Z", "2026-11-22T03:00:00Z"
EPOCH = int(datetime(2026, 11, 22, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, kw_only=True)
class Sample:
    """``kind`` reads ``value`` (JSON or text); ``needed`` are the keys without which it
    is no such document; ``phase`` and ``affected`` tell of its window."""

    kind: str
    value: Any
    phase: Phase | None = None
    affected: tuple[str, ...] = ()
    needed: tuple[tuple[Any, ...], ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    companions: Mapping[str, Any] = field(default_factory=dict)
    url: str = "https://status.example.com/"
    now: datetime = NOW

    @property
    def body(self) -> bytes:
        return encoded(self.value)

    def read(self, body: bytes | None = None, **changes: Any) -> Document:
        """The document of this page, or of a changed one."""
        page: dict[str, Any] = {
            "body": self.body if body is None else body,
            "now": self.now,
            "url": self.url,
            "config": self.config,
            "more": companions(self.companions),
            **changes,
        }
        return KINDS[self.kind].read(Page(**page))


def encoded(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def companions(known: Mapping[str, Any]) -> Callable[[str], bytes]:
    """Answers for the paths that are known; nothing stands at others."""

    def more(path: str) -> bytes:
        if path not in known:
            raise SourceError("http_404", unreadable=True)
        return encoded(known[path])

    return more


def calendar(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))


def entry(*lines: str, uid: str = "w1") -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT")


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


def issue(**changes: Any) -> dict[str, Any]:
    return {
        "number": 1,
        "title": "Work",
        "state": "open",
        "labels": [{"name": "maintenance"}],
        "body": f"<!--\nstart: {FROM}\nend: {TO}\nexpectedDown: web-01\n-->\nText",
        "id": 99,
        **changes,
    }


BUSY = (
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
    Sample(
        kind="betterstack",
        value={
            "data": {
                "id": "1",
                "type": "status_page",
                "attributes": {"aggregate_state": "maintenance"},
            },
            "included": [
                {
                    "id": "8",
                    "type": "status_page_resource",
                    "attributes": {"public_name": "web-01"},
                },
                {
                    "id": "w1",
                    "type": "status_report",
                    "attributes": {
                        "title": "Work",
                        "report_type": "maintenance",
                        "starts_at": FROM,
                        "ends_at": TO,
                        "affected_resources": [{"status_page_resource_id": 8}],
                    },
                },
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("data",), ("included",)),
    ),
    Sample(
        kind="statuspal",
        value={
            "services": [
                {
                    "id": 1,
                    "name": "Hosting",
                    "children": [{"id": 2, "name": "web-01", "children": None}],
                }
            ],
            "incidents": [],
            "maintenances": [],
            "upcoming_maintenances": [
                {
                    "id": "w1",
                    "title": "Work",
                    "type": "scheduled",
                    "starts_at": "2026-11-22T01:00:00",
                    "ends_at": "2026-11-22T03:00:00",
                    "service_ids": [2],
                }
            ],
        },
        phase=Phase.DUE,
        affected=("web-01",),
        needed=(("services",), ("maintenances",)),
    ),
    Sample(
        kind="statusio",
        value={
            "result": {
                "status": [{"id": "c1", "name": "web-01", "status_code": 200}],
                "maintenance": {
                    "active": [
                        {
                            "_id": "w1",
                            "name": "Work",
                            "datetime_planned_start": FROM,
                            "datetime_planned_end": TO,
                            "components_affected": [{"_id": "c1", "name": "web-01"}],
                        }
                    ],
                    "upcoming": [],
                },
            }
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(
            ("result",),
            ("result", "maintenance"),
            ("result", "maintenance", "active"),
            ("result", "maintenance", "upcoming"),
        ),
    ),
    Sample(
        kind="sorry",
        value={
            "notices": [
                {
                    "id": "w1",
                    "type": "planned",
                    "state": "underway",
                    "subject": "Work",
                    "begins_at": FROM,
                    "ends_at": TO,
                }
            ],
            "meta": {"next_page": None},
        },
        phase=Phase.ACTIVE,
        needed=(("notices",),),
    ),
    Sample(
        kind="cstate",
        value={
            "cStateVersion": "6.0.1",
            "systems": [
                {
                    "name": "web-01",
                    "unresolvedIssues": [
                        {
                            "title": "w1",
                            "createdAt": "2026-11-22 01:00:00 +0000 UTC",
                            "severity": "notice",
                            "resolved": False,
                            "affected": ["web-01"],
                        }
                    ],
                }
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("cStateVersion",), ("systems",), ("systems", 0, "unresolvedIssues")),
        config={"notice_means_maintenance": True},
    ),
    Sample(
        kind="oneuptime",
        value={
            "scheduledMaintenanceEvents": [
                {
                    "_id": "w1",
                    "title": "Work",
                    "startsAt": {"_type": "DateTime", "value": FROM},
                    "endsAt": {"_type": "DateTime", "value": TO},
                    "currentScheduledMaintenanceState": {
                        "name": "Läuft",
                        "isOngoingState": True,
                    },
                    "monitors": [{"_id": "m1"}],
                }
            ],
            "statusPageResources": [
                {
                    "_id": "r1",
                    "displayName": "web-01",
                    "monitorId": {"_type": "ObjectID", "value": "m1"},
                }
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("scheduledMaintenanceEvents",),),
    ),
    Sample(
        kind="openstatus",
        value={
            "title": "Example",
            "monitors": [],
            "pageComponents": [{"id": 5, "name": "web-01"}],
            "maintenances": [
                {
                    "id": "w1",
                    "name": "Work",
                    "from": FROM,
                    "to": TO,
                    "monitors": [],
                    "pageComponents": [5],
                }
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("maintenances",),),
    ),
    Sample(
        kind="upptime",
        value=[issue(number="w1")],
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=((),),
    ),
    Sample(
        kind="hund",
        value={
            "state": "operational",
            "issues": [
                {
                    "id": "w1",
                    "title": {"de": "Arbeiten", "en": "Work"},
                    "standing": True,
                    "scheduled": True,
                    "components": ["web-01"],
                    "schedule": {"starts_at": EPOCH, "ends_at": EPOCH + 7200},
                }
            ],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(("issues",), ("state",)),
    ),
    Sample(
        kind="flashduty",
        value={
            "schema_version": "1.0",
            "generated_at": "2026-11-22T01:10:30Z",
            "poll_after_seconds": 30,
            "max_stale_seconds": 120,
            "page": {"name": "Example"},
            "ongoing_incidents": [],
            "in_progress_maintenances": [
                {"id": "w1", "name": "Work", "components": [{"name": "web-01"}]}
            ],
            "scheduled_maintenances": [],
        },
        phase=Phase.ACTIVE,
        affected=("web-01",),
        needed=(
            *(("page",), ("generated_at",), ("max_stale_seconds",)),
            *(("in_progress_maintenances",), ("scheduled_maintenances",)),
        ),
    ),
    Sample(kind="rss", value=FEED, phase=Phase.DUE),
)


def _without_window(sample: Sample) -> Any:
    """The same page with nothing planned."""
    value = json.loads(sample.body)

    def emptied(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: emptied(inner) for key, inner in part.items()}
        if isinstance(part, list):
            return [emptied(inner) for inner in part if not _is_window(inner)]
        return part

    return emptied(value)


def _is_window(value: Any) -> bool:
    return isinstance(value, dict) and "w1" in value.values()


QUIET = (
    *(
        Sample(
            kind=sample.kind,
            value={**_without_window(sample), "page": {"status": "UP"}}
            if sample.kind == "instatus"
            else _without_window(sample),
            needed=sample.needed,
            config=sample.config,
            url=sample.url,
        )
        for sample in BUSY
        if not isinstance(sample.value, str)
    ),
    Sample(kind="ics", value=calendar()),
)
