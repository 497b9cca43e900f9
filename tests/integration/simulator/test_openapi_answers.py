"""Every answer of the simulator fits Twilio's own description, in every state."""

import urllib.parse
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.simulator.description import (
    BASE,
    Description,
    read_description,
)
from tests.integration.simulator.exchange import (
    ACCOUNT,
    ANNA,
    BERND,
    OURS,
    Application,
    Simulator,
    ask,
    eventually,
)

pytestmark = pytest.mark.no_servers

CALL = {"To": ANNA, "From": OURS, "Twiml": "<Response/>"}
MESSAGE = {"To": ANNA, "From": OURS, "Body": "x"}
QUIET = "<Response><Pause length='60'/></Response>"


@pytest.fixture(scope="module")
def description() -> Description:
    return read_description()


@pytest.fixture
def fits(description: Description, simulator: Simulator) -> Any:
    """Asks for one resource and its list; the state in which both fit."""

    def check(kind: str, sid: str) -> str:
        status, one = ask(simulator, f"/{kind}/{sid}.json")
        path = f"/{kind}/{{Sid}}.json"
        assert description.wrong_in_answer(path, "get", status, one) == []
        status, listed = ask(simulator, f"/{kind}.json?PageSize=2")
        path = f"/{kind}.json"
        assert description.wrong_in_answer(path, "get", status, listed) == []
        assert sid in [found["sid"] for found in listed[kind.lower()]]
        return str(one["status"])

    return check


def test_a_call_fits_from_ringing_to_its_end(
    description: Description, simulator: Simulator, application: Application, fits: Any
) -> None:
    order = {
        **CALL,
        "Twiml": QUIET,
        "MachineDetection": "Enable",
        "StatusCallback": application.url + "/status",
    }
    status, call = ask(simulator, "/Calls.json", order)
    assert description.wrong_in_answer("/Calls.json", "post", status, call) == []
    assert call["status"] == "queued"
    sid = call["sid"]
    simulator.wait_for(sid, "ringing")
    assert fits("Calls", sid) == "ringing"
    simulator.pick_up(sid)
    assert fits("Calls", sid) == "in-progress"
    status, ended = ask(simulator, f"/Calls/{sid}.json", {"Status": "completed"})
    path = "/Calls/{Sid}.json"
    assert description.wrong_in_answer(path, "post", status, ended) == []
    assert fits("Calls", sid) == "completed"


@pytest.mark.parametrize("status", ["canceled", "completed"])
def test_a_ringing_call_is_ended_from_outside(
    description: Description,
    simulator: Simulator,
    application: Application,
    fits: Any,
    status: str,
) -> None:
    order = {
        **CALL,
        "StatusCallback": application.url + "/status",
    }
    sid = ask(simulator, "/Calls.json", order)[1]["sid"]
    simulator.wait_for(sid, "ringing")
    answer = ask(simulator, f"/Calls/{sid}.json", {"Status": status})
    assert description.wrong_in_answer("/Calls/{Sid}.json", "post", *answer) == []
    assert fits("Calls", sid) == "canceled"
    eventually(lambda: application.statuses("/status") == ["canceled"])
    again = ask(simulator, f"/Calls/{sid}.json", {"Status": status})
    assert (again[0], again[1]["code"]) == (400, 21220)


@pytest.mark.parametrize(
    ("behaviour", "ends"),
    [
        ("busy", "busy"),
        ("declines:0", "busy"),
        ("no_answer", "no-answer"),
        ("unreachable", "failed"),
        ("failed:484", "failed"),
        ("robot", "completed"),
        ("fax", "completed"),
    ],
)
def test_a_call_fits_however_it_ends(
    simulator: Simulator, fits: Any, behaviour: str, ends: str
) -> None:
    simulator.script(ANNA, behaviour)
    order = {**CALL, "Timeout": "1"}
    order["MachineDetection"] = "Enable"
    sid = ask(simulator, "/Calls.json", order)[1]["sid"]
    simulator.wait_for(sid, ends)
    assert fits("Calls", sid) == ends


def test_both_legs_of_a_connected_call_fit(simulator: Simulator, fits: Any) -> None:
    simulator.script(ANNA, "answers:0")
    dial = f"<Response><Dial><Number>{BERND}</Number></Dial></Response>"
    order = {**CALL, "Twiml": dial}
    parent = ask(simulator, "/Calls.json", order)[1]["sid"]
    path = f"/Calls.json?ParentCallSid={parent}"
    (child,) = eventually(lambda: ask(simulator, path)[1]["calls"])
    simulator.pick_up(child["sid"])
    assert fits("Calls", parent) == fits("Calls", child["sid"]) == "in-progress"


@pytest.mark.parametrize(
    ("behaviour", "ends"),
    [
        ("manual", "delivered"),
        ("sms_sent", "sent"),
        ("sms_undelivered:30005", "undelivered"),
        ("sms_failed:30001", "failed"),
    ],
)
def test_a_message_and_its_answer_fit_however_it_ends(
    description: Description,
    simulator: Simulator,
    application: Application,
    fits: Any,
    behaviour: str,
    ends: str,
) -> None:
    application.will_answer(
        "/sms/inbound", "<Response><Message>Ja</Message></Response>"
    )
    simulator.script(ANNA, behaviour)
    status, message = ask(simulator, "/Messages.json", MESSAGE)
    assert description.wrong_in_answer("/Messages.json", "post", status, message) == []
    assert message["status"] == "queued"
    sid = message["sid"]
    eventually(lambda: fits("Messages", sid) == ends)
    inbound = simulator.act(f"/sim/phones/{ANNA}/sms", body="OK")["sid"]
    assert fits("Messages", inbound) == "received"
    listed = eventually(
        lambda: [
            found
            for found in ask(simulator, "/Messages.json")[1]["messages"]
            if found["direction"] == "outbound-reply"
        ]
    )
    assert fits("Messages", listed[0]["sid"])


@pytest.fixture
def five_calls(simulator: Simulator) -> list[str]:
    """Their SIDs, newest first."""
    sids = [ask(simulator, "/Calls.json", CALL)[1]["sid"] for _ in range(5)]
    return sids[::-1]


def test_a_list_fits_on_every_page(
    description: Description, simulator: Simulator, five_calls: list[str]
) -> None:
    today = datetime.now(UTC).date().isoformat()
    query = urllib.parse.urlencode({"PageSize": 2, "To": ANNA, "StartTime>": today})
    target: str | None = BASE.format(AccountSid=ACCOUNT) + f"/Calls.json?{query}"
    found: list[str] = []
    ends: list[tuple[int, int]] = []
    while target:
        assert description.wrong_in_request("GET", target, "") == []
        rest = target.removeprefix(BASE.format(AccountSid=ACCOUNT))
        status, page = ask(simulator, rest)
        assert description.wrong_in_answer("/Calls.json", "get", status, page) == []
        assert page["page"] == len(ends)
        found += [call["sid"] for call in page["calls"]]
        ends.append((page["start"], page["end"]))
        target = page["next_page_uri"]
    assert found == five_calls
    assert ends == [(0, 1), (2, 3), (4, 4)]
    assert page["previous_page_uri"] is not None
