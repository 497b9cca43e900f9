"""Instatus and Better Stack with one trap each."""

from typing import Any

from tests.integration.status.case import AT, FROM, LATER, TO, Case

AFTER = "2026-11-22T05:00:00Z"


def instatus(status: str, **lists: Any) -> dict[str, Any]:
    return {"page": {"name": "Example", "status": status}, **lists}


ENTRY = {"id": "m1", "name": "Work", "start": FROM, "duration": "120"}
PARTS = [
    {"id": "g", "name": "Hosting", "status": "UNDERMAINTENANCE"},
    {"id": "c", "name": "web-01", "status": "UNDERMAINTENANCE", "group": {"id": "g"}},
    {"id": "d", "name": "db-01", "status": "OPERATIONAL", "group": None},
]
INSTATUS = (
    Case(
        says="what runs affects the components in its colour",
        kind="instatus",
        path="/v3/summary.json",
        body=instatus(
            "UNDERMAINTENANCE", activeMaintenances=[{**ENTRY, "status": "INPROGRESS"}]
        ),
        companions={"/v3/components.json": PARTS},
        at=AFTER,
        active=("m1",),
        affected={"m1": ["Hosting", "web-01"]},
    ),
    Case(
        says="what has not begun is due when its time has come, and then forgotten",
        kind="instatus",
        body=instatus(
            "UP",
            activeMaintenances=[
                {**ENTRY, "status": "NOTSTARTEDYET"},
                {**ENTRY, "id": "m2", "status": "NOTSTARTEDYET", "duration": "11"},
                {**ENTRY, "id": "m3", "status": "NOTSTARTEDYET", "start": LATER},
                {**ENTRY, "id": "m4", "status": "COMPLETED"},
            ],
        ),
        due=("m1",),
        upcoming=("m3",),
    ),
    Case(
        says="a page in trouble that names its incident plans nothing",
        kind="instatus",
        body=instatus("SOMEMAJOROUTAGE", activeIncidents=[{"id": "i"}]),
    ),
    Case(
        says="a page under maintenance that names none is not believed",
        kind="instatus",
        body=instatus("UNDERMAINTENANCE", activeIncidents=[{"id": "i"}]),
        result="unknown",
    ),
    Case(
        says="an error is no page",
        kind="instatus",
        body={"error": {"code": "not_found", "message": "No such page"}},
        result="unknown",
    ),
)


def better(*reports: dict[str, Any]) -> dict[str, Any]:
    resource = {"public_name": "web-01", "status_page_section_id": 3}
    section = {"name": "Hosting"}
    return {
        "data": {
            "id": "1",
            "type": "status_page",
            "attributes": {"aggregate_state": "maintenance", "timezone": "Vienna"},
        },
        "included": [
            {"id": "3", "type": "status_page_section", "attributes": section},
            {"id": "8", "type": "status_page_resource", "attributes": resource},
            *(
                {"id": str(n), "type": "status_report", "attributes": report}
                for n, report in enumerate(reports, start=50)
            ),
        ],
    }


PLANNED = {
    "title": "Work",
    "report_type": "maintenance",
    "starts_at": FROM,
    "ends_at": TO,
    "affected_resources": [{"status_page_resource_id": 8, "status": "maintenance"}],
    "aggregate_state": "maintenance",
}
BETTERSTACK = (
    Case(
        says="a planned report is active by the clock, its end not included",
        kind="betterstack",
        body=better(
            PLANNED,
            {**PLANNED, "ends_at": AT},
            {**PLANNED, "starts_at": AT, "ends_at": None},
            {**PLANNED, "starts_at": LATER, "ends_at": None},
            {**PLANNED, "report_type": "manual", "ends_at": None},
        ),
        active=("50", "52"),
        upcoming=("53",),
        affected={"50": ["web-01"], "52": ["web-01"], "53": ["web-01"]},
    ),
)

CASES = INSTATUS + BETTERSTACK
