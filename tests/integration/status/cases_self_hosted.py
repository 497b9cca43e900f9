"""Pages of other products that hosters run themselves, with one trap each."""

from typing import Any

from tests.integration.status.case import AT, FROM, LATER, TO, Case

AFTER = "2026-11-22T05:00:00Z"


def kuma(*listed: Any, **more: Any) -> dict[str, Any]:
    monitors = [{"id": 7, "name": "web-01"}, {"id": 8, "name": "db-01"}]
    return {
        "config": {"slug": "main"},
        "incidents": [],
        "publicGroupList": [{"id": 1, "name": "Web", "monitorList": monitors}],
        "maintenanceList": list(listed),
        **more,
    }


def beats(**states: list[int]) -> dict[str, Any]:
    listed = {
        key[1:]: [{"status": state} for state in found] for key, found in states.items()
    }
    return {"heartbeatList": listed, "uptimeList": {}}


KUMA = "/api/status-page/main"
BEATS = "/api/status-page/heartbeat/main"
UPTIMEKUMA = (
    Case(
        says="what is in the list runs, whatever its own times say",
        kind="uptimekuma",
        path=KUMA,
        body=kuma(
            {
                "id": 4,
                "title": "Work",
                "strategy": "single",
                "dateRange": ["2026-11-20 01:00:00", "2026-11-20 03:00:00"],
                "timezone": "Europe/Vienna",
                "status": "under-maintenance",
            }
        ),
        companions={BEATS: beats(m7=[1, 3], m8=[3, 1])},
        active=("4",),
        affected={"4": ["web-01"]},
    ),
    Case(
        says="an old page has one incident and runs without heartbeats",
        kind="uptimekuma",
        path=KUMA,
        body=kuma({"id": 4, "title": "Work"}, incident={"title": "Down"}),
        active=("4",),
        affected={},
    ),
    Case(
        says="an empty list beside monitors under maintenance is no answer",
        kind="uptimekuma",
        path=KUMA,
        body=kuma(),
        companions={BEATS: beats(m7=[3])},
        result="unknown",
    ),
    Case(
        says="an error with 200 is no page",
        kind="uptimekuma",
        path=KUMA,
        body={"status": "fail", "msg": "Not Found"},
        result="unknown",
    ),
)


def cstate(*issues: Any, **more: Any) -> dict[str, Any]:
    return {
        "cStateVersion": "6.0.1",
        "pinnedIssues": [],
        "systems": [{"name": "Website", "unresolvedIssues": list(issues)}],
        **more,
    }


def remark(**more: Any) -> dict[str, Any]:
    return {
        "title": "Work",
        "createdAt": "2026-11-22 02:00:00 +0100 CET",
        "severity": "notice",
        "resolved": False,
        "resolvedAt": "<no value>",
        "affected": ["Website"],
        **more,
    }


MEANT = {"notice_means_maintenance": True}
CSTATE = (
    Case(
        says="a notice runs from its date until somebody resolves it",
        kind="cstate",
        body=cstate(
            remark(),
            remark(title="Later", createdAt="2026-11-22 02:11:01 +0100 CET"),
            remark(title="Broken", severity="down"),
        ),
        config=MEANT,
        active=("Work",),
        upcoming=("Later",),
        affected={"Work": ["Website"], "Later": ["Website"]},
    ),
    Case(
        says="nobody said whether a notice is maintenance",
        kind="cstate",
        body=cstate(remark()),
        result="unknown",
    ),
)


def uptime(current: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "_id": "e1",
        "title": "Work",
        "startsAt": {"_type": "DateTime", "value": FROM},
        "endsAt": {"_type": "DateTime", "value": TO},
        "currentScheduledMaintenanceState": current,
        "monitors": [{"_id": "m1"}],
        **more,
    }


def oneuptime(*events: Any) -> dict[str, Any]:
    return {
        "scheduledMaintenanceEvents": list(events),
        "scheduledMaintenanceStates": [
            {"_id": "a", "order": 1, "isScheduledState": True},
            {"_id": "b", "order": 2, "isOngoingState": True},
            {"_id": "c", "order": 3, "isEndedState": True},
        ],
        "statusPageResources": [
            {
                "_id": "r",
                "displayName": "web-01",
                "monitorId": {"_type": "ObjectID", "value": "m1"},
            }
        ],
    }


NOTHING = {
    "isScheduledState": False,
    "isOngoingState": False,
    "isResolvedState": False,
}
ONEUPTIME = (
    Case(
        says="its flags decide, not its name, and it runs after its end",
        kind="oneuptime",
        body=oneuptime(uptime({**NOTHING, "name": "Ended", "isOngoingState": True})),
        at=AFTER,
        active=("e1",),
        affected={"e1": ["web-01"]},
    ),
    Case(
        says="a state that ends an event says so only in the list of states",
        kind="oneuptime",
        body=oneuptime(
            uptime({**NOTHING, "name": "Läuft", "order": 3}),
            uptime({**NOTHING, "name": "Läuft", "order": 2}, _id="e2"),
        ),
        due=("e2",),
    ),
    Case(
        says="a list that is hidden is no quiet page",
        kind="oneuptime",
        body={"message": "Scheduled Maintenance Events are not enabled"},
        status=400,
        result="unknown",
    ),
)


def openstatus(**more: Any) -> dict[str, Any]:
    return {
        "title": "Example",
        "status": "operational",
        "monitors": [{"id": 1, "name": "web-01"}],
        "pageComponents": [],
        "maintenances": [{"id": 5, "name": "Work", "from": FROM, "to": TO, **more}],
    }


OPENSTATUS = (
    Case(
        says="an older page names monitors, a newer one components",
        kind="openstatus",
        body=openstatus(monitors=[1], pageComponents=[]),
        active=("5",),
        affected={"5": ["web-01"]},
    ),
    Case(says="its end is over", kind="openstatus", body=openstatus(to=AT)),
    Case(
        says="its start is in",
        kind="openstatus",
        body=openstatus(),
        at=FROM,
        active=("5",),
    ),
    Case(
        says="a private page is no quiet page",
        kind="openstatus",
        body=b"Unauthorized",
        status=401,
        result="unknown",
    ),
)


def opened(body: str, **more: Any) -> dict[str, Any]:
    return {
        "number": 12,
        "title": "Work",
        "state": "open",
        "labels": [{"name": "maintenance"}],
        "body": body,
        **more,
    }


UPPTIME = (
    Case(
        says="start, end and slugs stand in a comment, with any kind of line end",
        kind="upptime",
        body=[
            opened(
                f"<!--\r\nstart: {FROM}\r\nend: {TO}\r\nexpectedDown: api, web\r\n"
                "expectedDegraded: cdn\r\n-->\r\nText"
            ),
            opened(f"<!--\nstart: {LATER}\nend: 2026-11-26\n-->", number=13),
            opened(f"<!--\nstart: {FROM}\nend: {AT}\n-->", number=14),
            opened("Down", number=15, labels=[{"name": "status"}]),
        ],
        active=("12",),
        upcoming=("13",),
        affected={"12": ["api", "web", "cdn"], "13": []},
    ),
    Case(
        says="many comments that begin and never end are read at once",
        kind="upptime",
        body=[opened("<!--" * 15_000 + f"start: {FROM}\nend: {TO}\n-->")],
        active=("12",),
    ),
    Case(
        says="a spent allowance keeps the last reading",
        kind="upptime",
        body={"message": "API rate limit exceeded"},
        status=403,
        headers={"X-RateLimit-Remaining": "0"},
        result="keep_last_good",
    ),
)

CASES = (
    *(UPTIMEKUMA + CSTATE + ONEUPTIME),
    *(OPENSTATUS + UPPTIME),
)
