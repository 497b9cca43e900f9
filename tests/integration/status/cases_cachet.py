"""Cachet 2 and 3 with one trap each."""

from typing import Any

from tests.integration.status.case import Case

VIENNA = {"timezone": "Europe/Vienna"}
DATE = {"Date": "Sun, 22 Nov 2026 01:11:04 GMT"}
SCHEDULES = "/api/v1/schedules"


def schedule(**more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "name": "Work",
        "status": 0,
        "scheduled_at": "2026-11-22 02:00:00",
        "completed_at": "2026-11-22 04:00:00",
        "components": [],
        **more,
    }


def cachet2(
    *listed: Any, current: int = 1, last: int = 1, following: str | None = None
) -> dict[str, Any]:
    links = {"next_page": following, "previous_page": None}
    pagination = {"current_page": current, "total_pages": last, "links": links}
    return {"meta": {"pagination": pagination}, "data": list(listed)}


CACHET2 = (
    Case(
        says="only status 1 runs, on the clock of the page",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(
            schedule(),
            schedule(id=2, status=1, completed_at="2026-11-22 02:05:00"),
            schedule(id=3, status=2),
            schedule(id=4, status="1"),
            schedule(id=5, scheduled_at="2026-11-22 02:11:01"),
        ),
        config=VIENNA,
        active=("2", "4"),
        due=("1",),
        upcoming=("5",),
    ),
    Case(
        says="an end at the time of the answer is no end",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(schedule(completed_at="2026-11-22 02:11:04")),
        config=VIENNA,
        headers=DATE,
        at="2026-11-22T01:20:00Z",
        due=("1",),
    ),
    Case(
        says="an end before the start is no end",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(schedule(completed_at="2026-11-21 02:11:04")),
        config=VIENNA,
        due=("1",),
    ),
    Case(
        says="an end that has passed ends what nobody began",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(schedule(completed_at="2026-11-22 02:05:00")),
        config=VIENNA,
    ),
    Case(
        says="the current entry stands on the last page",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(schedule(status=2), last=3),
        companions={
            f"{SCHEDULES}?page=2": cachet2(schedule(id=21, status=2)),
            f"{SCHEDULES}?page=3": cachet2(schedule(id=41, status=1)),
        },
        active=("41",),
    ),
    Case(
        says="a further page stands where the one before it says",
        kind="cachet2",
        path=f"{SCHEDULES}?per_page=1",
        body=cachet2(last=2, following=f"https://status.example.com{SCHEDULES}?page=2"),
        companions={f"{SCHEDULES}?page=2": cachet2(schedule(status=1))},
        active=("1",),
    ),
    Case(
        says="a last page that cannot be had leaves the answer open",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(schedule(status=2), last=2),
        result="unknown",
    ),
    Case(
        says="names come from the list of components, which may know no questions",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(
            schedule(
                status=1,
                components=[
                    {"component_id": 3, "component_status": 4},
                    {"component_id": "9", "component_status": 4},
                ],
            )
        ),
        companions={
            "/api/v1/components": {
                "data": [{"id": 3, "name": "web-01"}, {"id": 9, "name": "db-01"}]
            }
        },
        active=("1",),
        affected={"1": ["web-01", "db-01"]},
    ),
    Case(
        says="without a zone a start within two hours is due",
        kind="cachet2",
        path=SCHEDULES,
        body=cachet2(
            schedule(scheduled_at="2026-11-22 03:10:00"),
            schedule(id=2, scheduled_at="2026-11-22 03:12:00"),
        ),
        due=("1",),
        upcoming=("2",),
    ),
)


def window(starts: str | None, ends: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "type": "schedules",
        "attributes": {
            "id": 1,
            "name": "Work",
            "status": {"human": "Laufend", "value": 1},
            "scheduled": {"human": "vor 1 Stunde", "string": starts},
            "completed": {"human": None, "string": ends},
        },
        **more,
    }


START3, END3 = "2026-11-22 01:00:00", "2026-11-22 03:00:00"
LINK = {"relationships": {"components": {"data": [{"type": "components", "id": "3"}]}}}
CACHET3 = (
    Case(
        says="a state that was computed when the answer was written is computed again",
        kind="cachet3",
        body={
            "data": [
                window(START3, END3),
                window(START3, None, id="2"),
                window(START3, "2026-11-22 01:11:00", id="3"),
                window("2026-11-22 01:11:01", END3, id="4"),
            ]
        },
        active=("1", "2"),
        upcoming=("4",),
    ),
    Case(
        says="groups and updates have numbers of their own",
        kind="cachet3",
        body={
            "data": [window(START3, END3, **LINK)],
            "included": [
                {"id": "3", "type": "components", "attributes": {"name": "web-01"}},
                {"id": "3", "type": "componentGroups", "attributes": {"name": "Web"}},
                {"id": "3", "type": "updates", "attributes": {"name": "News"}},
            ],
        },
        active=("1",),
        affected={"1": ["web-01"]},
    ),
    Case(
        says="the next page is named by a link",
        kind="cachet3",
        path="/status/api/schedules",
        body={
            "data": [],
            "links": {"next": "https://x.example/status/api/schedules?page=2"},
        },
        companions={
            "/status/api/schedules?page=2": {"data": [window(START3, END3)]},
        },
        config={"timezone": "UTC"},
        active=("1",),
    ),
    Case(
        says="an interface that is switched off is no quiet page",
        kind="cachet3",
        body={"message": "Not Found"},
        status=404,
        result="unknown",
    ),
)

CASES = CACHET2 + CACHET3
