"""What stands between a page and its reader: servers, proxies, log-ins, encodings."""

import gzip
import json
from typing import Any

from tests.integration.status.case import Case
from tests.integration.status.cases_statuspage import event, summary

SUMMARY = "/api/v2/summary.json"
QUIET = summary()
BUSY = summary(event("in_progress", name="Störung"))
LOGIN = (
    "<!DOCTYPE html><html><head><title>Log in</title></head>"
    '<body><form action="/login"><input name="password"></form></body></html>'
)
CHALLENGE = "<html><head><title>Just a moment...</title></head><body></body></html>"


def told(status: int, result: str, says: str, **more: Any) -> Case:
    return Case(
        says=f"{status}: {says}",
        kind="statuspage",
        path=SUMMARY,
        body=more.pop("body", b""),
        status=status,
        result=result,
        **more,
    )


def body(says: str, value: Any, **more: Any) -> Case:
    more = {"result": "unknown", **more}
    return Case(says=says, kind="statuspage", path=SUMMARY, body=value, **more)


STATES = (
    *(
        told(status, "keep_last_good", "the server is busy or broken for now")
        for status in (408, 420, 425, 429, 500, 502, 503, 504, 520, 530)
    ),
    *(
        told(status, "unknown", "the page is not there or not for us")
        for status in (400, 401, 402, 403, 404, 405, 406, 410, 418, 451)
    ),
    *(
        told(status, "unknown", "no page came with it", body=QUIET)
        for status in (202, 204, 206, 300)
    ),
    told(304, "keep_last_good", "nothing has changed"),
    told(429, "keep_last_good", "come back later", headers={"Retry-After": "30"}),
    told(503, "keep_last_good", "a challenge of a proxy", body=CHALLENGE),
    told(403, "unknown", "a challenge of a proxy", body=CHALLENGE),
    told(302, "unknown", "to another host", headers={"Location": "https://a.example/"}),
    told(302, "unknown", "to nowhere"),
    told(
        302,
        "unknown",
        "to a log-in",
        headers={"Location": "/login"},
        companions={"/login": LOGIN},
    ),
    told(
        301,
        "ok",
        "to where the page stands now",
        headers={"Location": "/v2/summary.json"},
        companions={"/v2/summary.json": BUSY},
        active=("m1",),
    ),
)

BODIES = (
    body("a log-in is no page", LOGIN),
    body("a challenge is no page", CHALLENGE),
    body("nothing is no page", b""),
    body("white space is no page", b" \n"),
    *(body(f"{value} is no page", value) for value in ("{}", "[]", "null", "0", '""')),
    body("an error is no page", {"error": "Not found"}),
    body("more windows than anybody plans are no page", summary(*[{}] * 5001)),
    body(
        "settings that say nothing do no harm",
        QUIET,
        config={"hosts": [{}, 5], "timezone": 7},
        result="ok",
    ),
    body("half a page is no page", json.dumps(BUSY)[:-20]),
    body("a page with something behind it is no page", json.dumps(QUIET) + "<!-- -->"),
    body("a page inside a call is no page", f"callback({json.dumps(QUIET)})"),
    body("more than two megabytes are no page", json.dumps(QUIET) + " " * 2_100_000),
    body(
        "more than two megabytes are none when they come packed",
        gzip.compress((json.dumps(QUIET) + " " * 2_100_000).encode()),
        headers={"Content-Encoding": "gzip"},
    ),
    body(
        "what says that it is packed and is not is no page",
        QUIET,
        headers={"Content-Encoding": "gzip"},
    ),
    body(
        "what is packed is unpacked",
        gzip.compress(json.dumps(BUSY).encode()),
        headers={"Content-Encoding": "gzip"},
        result="ok",
        active=("m1",),
    ),
    body(
        "a byte order mark does no harm",
        b"\xef\xbb\xbf" + json.dumps(BUSY).encode(),
        result="ok",
        active=("m1",),
    ),
    body(
        "a page is read as UTF-8 whatever the server says",
        json.dumps(BUSY, ensure_ascii=False).encode(),
        headers={"Content-Type": "text/html; charset=ISO-8859-1"},
        result="ok",
        active=("m1",),
    ),
    body(
        "a page in an older encoding is read as the server says",
        json.dumps(BUSY, ensure_ascii=False).encode("latin-1"),
        headers={"Content-Type": "application/json; charset=iso-8859-1"},
        result="ok",
        active=("m1",),
    ),
    body(
        "a page in an older encoding that nobody names is no page",
        json.dumps(BUSY, ensure_ascii=False).encode("latin-1"),
    ),
)

CASES = STATES + BODIES
