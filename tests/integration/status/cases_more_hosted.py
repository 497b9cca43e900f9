"""StatusPal, status.io, Sorry, Hund and flashduty with one trap each."""

from typing import Any

from tests.integration.status.case import AT, FROM, LATER, LATER_TO, TO, Case

AFTER = "2026-11-22T05:00:00Z"
SERVICES = [
    {
        "id": 10,
        "name": "Wien",
        "current_incident_type": "scheduled",
        "children": [
            {"id": 11, "name": "API", "current_incident_type": "scheduled"},
            {"id": 12, "name": "Web", "current_incident_type": None, "children": []},
        ],
    },
    {"id": 20, "name": "Zürich", "children": [{"id": 21, "name": "API"}]},
]


def statuspal(**lists: Any) -> dict[str, Any]:
    return {
        "status_page": {"subdomain": "example", "time_zone": "Europe/Vienna"},
        "services": SERVICES,
        "incidents": [],
        "maintenances": [],
        "upcoming_maintenances": [],
        **lists,
    }


def pal(**more: Any) -> dict[str, Any]:
    return {"id": 124, "title": "Work", "type": "scheduled", "ends_at": None, **more}


STATUSPAL = (
    Case(
        says="parents and children are named side by side, and names repeat",
        kind="statuspal",
        body=statuspal(
            maintenances=[pal(starts_at="2026-11-22T01:00:00", service_ids=[10, 11])],
            incidents=[{"id": 1, "type": "minor", "service_ids": [21]}],
        ),
        at=AFTER,
        active=("124",),
        affected={"124": ["Wien", "API"]},
    ),
    Case(
        says="a time without a zone is one of UTC",
        kind="statuspal",
        body=statuspal(
            services=[],
            upcoming_maintenances=[
                pal(starts_at="2026-11-22T01:11:01", ends_at="2026-11-22T02:00:00"),
                pal(
                    id=125, starts_at="2026-11-22T01:11:00", ends_at="2026-11-22T02:00"
                ),
            ],
        ),
        due=("125",),
        upcoming=("124",),
    ),
    Case(
        says="an older page lists with what runs what is ahead",
        kind="statuspal",
        body={
            "services": [],
            "incidents": [],
            "maintenances": [pal(starts_at=LATER), pal(id=126, starts_at=FROM)],
        },
        active=("126",),
        upcoming=("124",),
    ),
    Case(
        says="maintenance also stands among the incidents",
        kind="statuspal",
        body=statuspal(services=[], incidents=[pal(starts_at=FROM)]),
        active=("124",),
    ),
)


def statusio(**lists: Any) -> dict[str, Any]:
    return {
        "result": {
            "status_overall": {"status": "Planned Maintenance", "status_code": 200},
            "status": [{"id": "c1", "name": "web-01", "status_code": 200}],
            "maintenance": {"active": [], "upcoming": [], **lists},
        }
    }


def planned(**more: Any) -> dict[str, Any]:
    return {
        "_id": "m1",
        "name": "Work",
        "datetime_open": "2026-11-01T00:00:00Z",
        "datetime_planned_start": FROM,
        "datetime_planned_end": TO,
        "messages": [],
        "components_affected": [{"_id": "c1", "name": "web-01"}],
        "containers_affected": [{"_id": "z", "name": "Frankfurt"}],
        **more,
    }


STATUSIO = (
    Case(
        says="places are no components, and the list runs after the planned end",
        kind="statusio",
        body=statusio(active=[planned()]),
        at=AFTER,
        active=("m1",),
        affected={"m1": ["web-01"]},
    ),
    Case(
        says="what is listed as upcoming is due in its time and forgotten after it",
        kind="statusio",
        body=statusio(
            upcoming=[
                planned(),
                planned(_id="m2", datetime_planned_end=AT),
                planned(
                    _id="m3", datetime_planned_start=LATER, datetime_planned_end=None
                ),
            ]
        ),
        due=("m1",),
        upcoming=("m3",),
    ),
    Case(
        says="an error told with 200 is no page",
        kind="statusio",
        body={"status": {"error": "yes", "message": "Status page is private"}},
        result="unknown",
    ),
)


def notice(**more: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "type": "planned",
        "state": "scheduled",
        "subject": "Work",
        "begins_at": FROM,
        "ends_at": TO,
        "began_at": None,
        "ended_at": None,
        **more,
    }


SORRY = (
    Case(
        says="a planned notice is due in its time, running when it says so",
        kind="sorry",
        path="/api/v1/notices",
        body={
            "notices": [
                notice(),
                notice(id=8, state="underway", ends_at=AT),
                notice(id=9, state="complete"),
                notice(id=10, begins_at=LATER, ends_at=LATER_TO),
                notice(id=11, type="unplanned", state="investigating"),
            ],
            "meta": {"count": 5, "next_page": None},
        },
        active=("8",),
        due=("7",),
        upcoming=("10",),
    ),
    Case(
        says="the next page is the one that the answer names",
        kind="sorry",
        path="/api/v1/notices?page=4",
        body={"notices": [], "meta": {"next_page": 5}},
        companions={
            "/api/v1/notices?page=5": {
                "notices": [notice(state="underway")],
                "meta": {"next_page": None},
            }
        },
        active=("7",),
    ),
    Case(
        says="a further page that cannot be had leaves the answer open",
        kind="sorry",
        path="/api/v1/notices",
        body={"notices": [], "meta": {"next_page": 2}},
        result="unknown",
    ),
)

BEGUN, ENDS = 1795309200, 1795316400  # FROM and TO


def hund(*issues: dict[str, Any]) -> dict[str, Any]:
    return {"state": "operational", "issues": list(issues)}


def issue(**more: Any) -> dict[str, Any]:
    return {
        "id": "h1",
        "title": "Work",
        "specialization": "maintenance",
        "scheduled": True,
        "standing": False,
        "components": ["web-01"],
        "schedule": {"starts_at": BEGUN, "ends_at": ENDS},
        **more,
    }


HUND = (
    Case(
        says="seconds may be written as digits, and an issue may be called off",
        kind="hund",
        body=hund(
            issue(schedule={"starts_at": str(BEGUN), "ends_at": str(ENDS)}),
            issue(id="h2", standing=True),
            issue(id="h3", cancelled_at=BEGUN),
            issue(id="h4", standing=True, ended_at=BEGUN),
            issue(id="h5", schedule={"starts_at": ENDS, "ends_at": None}),
            {"id": "h6", "label": "Maintenance", "scheduled": False, "standing": True},
            {"id": "h7", "label": "Information", "scheduled": False, "standing": True},
        ),
        active=("h2", "h6"),
        due=("h1",),
        upcoming=("h5",),
    ),
    Case(
        says="texts come in several languages",
        kind="hund",
        body={
            "type": "paged_array",
            "has_more": False,
            "data": [
                issue(
                    standing=True,
                    title={"de": "Arbeiten", "original": "de"},
                    components={"data": [{"id": "c", "name": {"de": "Netz"}}]},
                )
            ],
        },
        at=AFTER,
        active=("h1",),
        affected={"h1": ["Netz"]},
    ),
)


def flashduty(**more: Any) -> dict[str, Any]:
    return {
        "schema_version": "1.0",
        "generated_at": "2026-11-22T01:10:00Z",
        "poll_after_seconds": 30,
        "max_stale_seconds": 60,
        "page": {"name": "Example"},
        "ongoing_incidents": [],
        "in_progress_maintenances": [{"id": "f1", "name": "Work"}],
        "scheduled_maintenances": [],
        **more,
    }


FLASHDUTY = (
    Case(
        says="an answer is good until its own limit",
        kind="flashduty",
        body=flashduty(),
        active=("f1",),
    ),
    Case(
        says="times may stand in seconds",
        kind="flashduty",
        body=flashduty(
            in_progress_maintenances=[],
            scheduled_maintenances=[
                {
                    "id": "f2",
                    "title": "Work",
                    "start_time": BEGUN,
                    "end_time": ENDS,
                    "components": [{"component_id": "c", "component_name": "web-01"}],
                }
            ],
        ),
        due=("f2",),
        affected={"f2": ["web-01"]},
    ),
    Case(
        says="after its own limit an answer says nothing, whatever it lists",
        kind="flashduty",
        body=flashduty(),
        at="2026-11-22T01:11:01Z",
        result="unknown",
    ),
)

CASES = STATUSPAL + STATUSIO + SORRY + HUND + FLASHDUTY
