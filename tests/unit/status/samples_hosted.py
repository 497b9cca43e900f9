"""Pages of the other products; see `samples`."""

from typing import Any

from status.rules.windows import Phase
from tests.unit.status.sample import EPOCH, FROM, TO, Sample
from tests.unit.status.samples_self_hosted import FEED


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


PAGES = (
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
