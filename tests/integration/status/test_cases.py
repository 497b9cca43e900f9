"""Pages with one trap each, over real HTTP on loopback, through the command."""

import json

import pytest

from tests.commands import run
from tests.integration.status import (
    cases_cachet,
    cases_calendars,
    cases_feeds,
    cases_hosted,
    cases_more_hosted,
    cases_self_hosted,
    cases_series,
    cases_statuspage,
    cases_transport,
)
from tests.integration.status.case import Case
from tests.integration.status.page_server import Answer, Page
from tests.unit.status.sample import encoded

pytestmark = pytest.mark.no_servers

CASES = (
    *(cases_calendars.CASES + cases_series.CASES + cases_self_hosted.CASES),
    *(cases_cachet.CASES + cases_statuspage.CASES + cases_transport.CASES),
    *(cases_hosted.CASES + cases_more_hosted.CASES + cases_feeds.CASES),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.says}")
def test_a_page_is_read_by_its_meaning(page: Page, case: Case):
    page.answer = Answer(404)
    page.answers[case.path] = Answer(
        case.status, dict(case.headers), encoded(case.body)
    )
    for path, value in case.companions.items():
        page.answers[path] = Answer(body=encoded(value))
    done = run(
        "check_status",
        *(case.kind, page.at(case.path), "--allow-host", page.host, "--json"),
        *("--at", case.at, "--config", json.dumps(dict(case.config))),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    told = {key: sorted(found[key]) for key in ("active", "due", "upcoming")}
    assert {"result": found["result"], **told} == {
        "result": case.result,
        "active": sorted(case.active),
        "due": sorted(case.due),
        "upcoming": sorted(case.upcoming),
    }, found["reason"]
    if case.affected is not None:
        assert found["affected"] == dict(case.affected)
