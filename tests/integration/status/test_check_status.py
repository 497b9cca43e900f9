"""`manage.py check_status`, over real HTTP on loopback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Ended, run
from tests.integration.status.page_server import Answer, Page

pytestmark = pytest.mark.no_servers

PROJECT = Path(__file__).parents[3]

QUIET = {"page": {"id": "p"}, "components": [], "scheduled_maintenances": []}
BUSY: dict[str, Any] = {
    "page": {"id": "p"},
    "scheduled_maintenances": [
        {
            "id": "run",
            "status": "verifying",
            "scheduled_for": "2026-11-21T22:00:00+01:00",
            "scheduled_until": "2026-11-21T23:00:00+01:00",
            "components": [{"id": "c1", "name": "web-01"}],
        },
        {
            "id": "due",
            "status": "scheduled",
            "scheduled_for": "2026-11-22T02:00:00+01:00",
            "scheduled_until": "2026-11-22T03:00:00+01:00",
            "components": [{"id": "c2", "name": "db-01"}],
        },
    ],
}


def as_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command with nothing in its environment that it might lean on."""
    return subprocess.run(
        [sys.executable, "manage.py", "check_status", *arguments],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def here(*arguments: str) -> Ended:
    return run("check_status", *arguments)


def answer(page: Page, url: str | None = None, *more: str, door: Any = here) -> Any:
    done = door(
        "statuspage", url or page.url, "--allow-host", page.host, "--json", *more
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_needs_no_variable_and_no_server(page: Page):
    page.answer = Answer(body=json.dumps(BUSY).encode())
    at = ("--at", "2026-11-22T01:11:00Z")
    found = answer(page, None, *at, door=as_process)
    assert found["active"] == ["run"]
    assert found == answer(page, None, *at)


def test_running_due_and_ahead_are_told_apart(page: Page):
    page.answer = Answer(body=json.dumps(BUSY).encode())
    assert answer(page, None, "--at", "2026-11-22T01:11:00Z") == {
        "result": "ok",
        "active": ["run"],
        "due": ["due"],
        "upcoming": [],
        "affected": {"run": ["web-01"], "due": ["db-01"]},
        "reason": "",
    }
    one = answer(page, None, "--at", "2026-11-21T00:00:00Z", "--component", "DB-01")
    assert (one["active"], one["due"], one["upcoming"]) == ([], [], ["due"])


def test_a_part_is_covered_by_the_group_that_it_belongs_to(page: Page):
    group = {"id": "g", "name": "Hosting", "group": True}
    parts = [group, {"id": "c1", "name": "web-01", "group_id": "g"}]
    (first, _) = BUSY["scheduled_maintenances"]
    root = {"page": {}, "scheduled_maintenances": [{**first, "components": [group]}]}
    page.answer = Answer(body=json.dumps({**root, "components": parts}).encode())
    for part, active in (("web-01", ["run"]), ("Hosting", ["run"]), ("mail", [])):
        found = answer(page, None, "--component", part)
        assert (found["active"], found["affected"]) == (
            active,
            {"run": ["Hosting"]} if active else {},
        )


def test_a_page_that_fails_for_now_keeps_the_last_good_reading(page: Page):
    page.answer = Answer(503)
    assert answer(page)["result"] == "keep_last_good"


def test_a_page_that_cannot_be_understood_is_unknown(page: Page):
    page.answer = Answer(body=b"<html>Log in</html>")
    found = answer(page)
    assert (found["result"], found["reason"]) == ("unknown", "not_json")


def test_a_loopback_address_needs_to_be_allowed(page: Page):
    page.answer = Answer(body=json.dumps(QUIET).encode())
    done = here("statuspage", page.url)
    assert json.loads(done.stdout)["reason"] == "not_https"
    assert page.requests == []


@pytest.mark.parametrize("kind", ["gatus", "statuscake"])
def test_a_product_that_cannot_answer_is_refused_with_the_reason(page: Page, kind):
    done = here(kind, page.url, "--allow-host", page.host, "--json")
    found = json.loads(done.stdout)
    assert found["result"] == "unknown"
    assert found["reason"] == f"{kind}_publishes_no_maintenance_windows"
    assert page.requests == []


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("nagios", "https://status.example.com/"), "KIND"),
        (("statuspage", "https://status.example.com/", "--at", "noon"), "--at"),
        (("statuspage", "https://status.example.com/", "--config", "[]"), "--config"),
    ],
)
def test_an_invalid_call_exits_with_two_and_names_the_field(arguments, field):
    done = here(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert field in done.stderr
