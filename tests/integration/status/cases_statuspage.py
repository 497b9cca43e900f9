"""Statuspage and incident.io with one trap each."""

from typing import Any

from tests.integration.status.case import FROM, LATER, LATER_TO, TO, Case

AFTER = "2026-11-22T05:00:00Z"
WEB = {"id": "c1", "name": "web-01", "group": False, "group_id": "g"}
GROUP = {"id": "g", "name": "Hosting", "group": True, "group_id": None}


def summary(*listed: Any, **more: Any) -> dict[str, Any]:
    return {
        "page": {"id": "p", "name": "Example", "time_zone": "Europe/Vienna"},
        "components": [GROUP, WEB],
        "incidents": [],
        "scheduled_maintenances": list(listed),
        **more,
    }


def event(status: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": "m1",
        "name": "Work",
        "status": status,
        "scheduled_for": FROM,
        "scheduled_until": TO,
        "components": [],
        **more,
    }


STATUSPAGE = (
    Case(
        says="a window in progress runs after its planned end",
        kind="statuspage",
        body=summary(event("in_progress", components=[WEB])),
        at=AFTER,
        active=("m1",),
        affected={"m1": ["web-01"]},
    ),
    Case(
        says="a window in progress runs before its planned start",
        kind="statuspage",
        body=summary(event("in_progress")),
        at="2026-11-21T00:00:00Z",
        active=("m1",),
    ),
    Case(
        says="a window that is being verified runs, without any time",
        kind="statuspage",
        body=summary(event("verifying", scheduled_for=None, scheduled_until=None)),
        active=("m1",),
    ),
    Case(
        says="a state may be written as people write it",
        kind="statuspage",
        body=summary(event("In Progress")),
        at=AFTER,
        active=("m1",),
    ),
    Case(
        says="a scheduled window is due from its first instant",
        kind="statuspage",
        body=summary(event("scheduled")),
        at="2026-11-22T01:00:00Z",
        due=("m1",),
    ),
    Case(
        says="a scheduled window whose end has come was forgotten",
        kind="statuspage",
        body=summary(event("scheduled")),
        at="2026-11-22T03:00:00Z",
    ),
    Case(
        says="a scheduled window that has begun and names no end is no answer",
        kind="statuspage",
        body=summary(event("scheduled", scheduled_until=None)),
        result="unknown",
    ),
    Case(
        says="a scheduled window that is ahead may leave its end out",
        kind="statuspage",
        body=summary(event("scheduled", scheduled_for=LATER, scheduled_until=None)),
        upcoming=("m1",),
    ),
    Case(
        says="the time of the announcement is not the start",
        kind="statuspage",
        body=summary(
            event(
                "scheduled",
                started_at="2026-11-01T00:00:00Z",
                scheduled_for=LATER,
                scheduled_until=LATER_TO,
            )
        ),
        upcoming=("m1",),
    ),
    Case(
        says="a time with an offset and thousandths is an instant",
        kind="statuspage",
        body=summary(
            event(
                "scheduled",
                scheduled_for="2026-11-21T20:00:00.000-05:00",
                scheduled_until="2026-11-21T21:00:00.000-05:00",
            )
        ),
        due=("m1",),
    ),
    Case(
        says="an incident is no maintenance, even with its colour",
        kind="statuspage",
        body=summary(
            incidents=[event("investigating", impact="maintenance")],
            status={"indicator": "none", "description": "All Systems Operational"},
        ),
    ),
    Case(
        says="an entry for machines is none for people",
        kind="statuspage",
        body=summary(
            event("in_progress", name="_system_metadata:v1"),
            components=[WEB, {"id": "x", "name": "_system_metadata:v1"}],
        ),
    ),
    Case(
        says="numbers are ids as well as words",
        kind="statuspage",
        body=summary(event("in_progress", id=42)),
        active=("42",),
    ),
    Case(
        says="the newest update that names components decides where the event does not",
        kind="statuspage",
        body=summary(
            event(
                "in_progress",
                components=None,
                incident_updates=[
                    {"status": "verifying", "affected_components": None},
                    {
                        "affected_components": [
                            {"code": "c1", "name": "Hosting - web-01"},
                        ]
                    },
                    {"affected_components": [{"code": "c9", "name": "Mail"}]},
                ],
            )
        ),
        active=("m1",),
        affected={"m1": ["web-01"]},
    ),
    Case(
        says="the list of what is upcoming has no components of its own",
        kind="statuspage",
        body={"page": {"id": "p"}, "scheduled_maintenances": [event("scheduled")]},
        due=("m1",),
    ),
    Case(
        says="an empty list without a page is no document",
        kind="statuspage",
        body={"scheduled_maintenances": []},
        result="unknown",
    ),
    Case(
        says="null where the list should be is no quiet page",
        kind="statuspage",
        body=summary(scheduled_maintenances=None),
        result="unknown",
    ),
)

DIALECT = {
    "page": {"id": "p", "name": "Example"},
    "components": [{"id": "c1", "name": "web-01", "status": "operational"}],
    "incidents": None,
    "scheduled_maintenances": None,
}


def widget(**lists: Any) -> dict[str, Any]:
    return {
        "page_title": "Example",
        "page_url": "https://status.example.com",
        "ongoing_incidents": [],
        "in_progress_maintenances": [],
        "scheduled_maintenances": [],
        **lists,
    }


INCIDENTIO = (
    Case(
        says="null is how the dialect writes an empty list",
        kind="incidentio",
        body=DIALECT,
    ),
    Case(
        says="null is an empty list also for a reader of the usual dialect",
        kind="statuspage",
        body=DIALECT,
    ),
    Case(
        says="both vocabularies name a running window",
        kind="incidentio",
        body={
            **DIALECT,
            "scheduled_maintenances": [
                event("maintenance_in_progress"),
                event("in_progress", id="m2", components=None),
                event("maintenance_scheduled", id="m3"),
                event("maintenance_complete", id="m4"),
            ],
        },
        at="2026-11-22T02:59:59Z",
        active=("m1", "m2"),
        due=("m3",),
    ),
    Case(
        says="an entry of the widget is what its list says",
        kind="incidentio",
        path="/api/v1/summary",
        body=widget(
            in_progress_maintenances=[
                {
                    "id": "r",
                    "name": "Work",
                    "started_at": FROM,
                    "scheduled_end_at": TO,
                    "affected_components": [
                        {"id": "c1", "name": "web-01", "group_name": "Hosting"}
                    ],
                }
            ],
            scheduled_maintenances=[
                {
                    "id": "s",
                    "name": "Later",
                    "status": "maintenance_scheduled",
                    "starts_at": LATER,
                    "ends_at": LATER_TO,
                    "affected_components": [],
                }
            ],
        ),
        at=AFTER,
        active=("r",),
        upcoming=("s",),
        affected={"r": ["web-01"], "s": []},
    ),
    Case(
        says="what the widget lists as planned is due when its time has come",
        kind="incidentio",
        body=widget(
            scheduled_maintenances=[{"id": "s", "starts_at": FROM, "ends_at": TO}]
        ),
        due=("s",),
    ),
)

CASES = STATUSPAGE + INCIDENTIO
