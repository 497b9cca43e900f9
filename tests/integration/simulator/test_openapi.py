"""What is asked of and answered by the simulator fits Twilio's own description."""

import urllib.parse
import urllib.request
from typing import Any

import pytest

from emergency.simulator.parameters import (
    CALL_LIST,
    CHANGED_CALL,
    MESSAGE_LIST,
    NEW_CALL,
    NEW_MESSAGE,
)
from tests.integration.simulator.description import (
    BASE,
    USED,
    Description,
    read_description,
)
from tests.integration.simulator.exchange import (
    ACCOUNT,
    ANNA,
    OURS,
    Simulator,
    ask,
)

pytestmark = pytest.mark.no_servers

OWN = {
    ("/Calls.json", "post"): NEW_CALL,
    ("/Calls.json", "get"): CALL_LIST,
    ("/Calls/{Sid}.json", "get"): {},
    ("/Calls/{Sid}.json", "post"): CHANGED_CALL,
    ("/Messages.json", "post"): NEW_MESSAGE,
    ("/Messages.json", "get"): MESSAGE_LIST,
    ("/Messages/{Sid}.json", "get"): {},
}
GOOD = {
    ("/Calls.json", "post"): {"To": ANNA, "From": OURS, "Twiml": "<Response/>"},
    ("/Messages.json", "post"): {"To": ANNA, "From": OURS, "Body": "x"},
    ("/Calls/{Sid}.json", "post"): {"Twiml": "<Response/>"},
}
QUIET = "<Response><Pause length='60'/></Response>"


@pytest.fixture(scope="module")
def description() -> Description:
    return read_description()


def put(
    simulator: Simulator, path: str, method: str, fields: dict[str, str]
) -> tuple[int, Any]:
    """Ask with these parameters, in the form or in the query."""
    if method == "post":
        return ask(simulator, path, fields)
    return ask(simulator, f"{path}?{urllib.parse.urlencode(fields)}")


def talking(simulator: Simulator) -> str:
    """The SID of a call that somebody answered."""
    order = {**GOOD["/Calls.json", "post"], "Twiml": QUIET}
    sid = str(ask(simulator, "/Calls.json", order)[1]["sid"])
    simulator.pick_up(sid)
    return sid


@pytest.mark.parametrize(("path", "method"), USED)
def test_the_simulator_knows_twilios_parameters_and_no_others(
    description: Description, path: str, method: str
) -> None:
    assert set(OWN[path, method]) == set(description.parameters(path, method))


@pytest.mark.parametrize(("path", "method"), GOOD)
def test_a_call_has_no_validity_and_nothing_unknown_is_taken(
    description: Description, simulator: Simulator, path: str, method: str
) -> None:
    known = description.parameters(path, method)
    assert ("ValidityPeriod" in known) is (path == "/Messages.json")
    sid = talking(simulator) if "{Sid}" in path else ""
    for name in {"ValidityPeriod", "IdempotencyKey", "to"} - set(known):
        form = {**GOOD[path, method], name: "60"}
        status, error = put(simulator, path.format(Sid=sid), method, form)
        assert (status, error["code"]) == (400, 20001), name


def bad_value(schema: dict[str, Any]) -> str | None:
    """A value the schema forbids; None when it forbids no text."""
    if "enum" in schema:
        return "neither-nor"
    if "pattern" in schema:
        return str(schema["pattern"][1:3]) + "0" * 31
    of_format = {
        "uri": "not an address",
        "phone-number": "0664 1234567",
        "endpoint": "0664 1234567",
        "date-time": "yesterday",
    }
    of_type = {"integer": "soon", "boolean": "perhaps", "number": "dear"}
    return of_format.get(schema.get("format", "")) or of_type.get(schema["type"])


@pytest.mark.parametrize(
    ("path", "method"),
    [*GOOD, ("/Calls.json", "get"), ("/Messages.json", "get")],
)
def test_what_the_description_forbids_is_refused(
    description: Description, simulator: Simulator, path: str, method: str
) -> None:
    sid = talking(simulator) if "{Sid}" in path else ""
    good = GOOD.get((path, method), {})
    checked = 0
    for name, schema in description.parameters(path, method).items():
        wrong = bad_value(schema)
        # A filter that fits nobody finds nobody; that is Twilio's way too.
        if wrong is None or (method == "get" and name in ("To", "From")):
            continue
        form = {**good, name: wrong}
        status, error = put(simulator, path.format(Sid=sid), method, form)
        assert status == 400, (name, wrong, error)
        assert set(error) == {"code", "message", "more_info", "status"}
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/Calls.json", {"Url": "http://127.0.0.1/x", "Timeout": "20"}),
        ("/Calls.json", {"Method": "GET", "MachineDetection": "Enable"}),
        ("/Calls.json", {"StatusCallbackEvent": "answered", "AsyncAmd": "true"}),
        ("/Messages.json", {"ValidityPeriod": "240", "SmartEncoded": "true"}),
        ("/Messages.json", {"ContentRetention": "discard", "MaxPrice": "0.5"}),
    ],
)
def test_what_the_description_allows_is_taken(
    description: Description,
    simulator: Simulator,
    path: str,
    changes: dict[str, str],
) -> None:
    form = {**GOOD[path, "post"], **changes}
    status, answer = ask(simulator, path, form)
    assert (status, description.wrong_in_answer(path, "post", status, answer)) == (
        201,
        [],
    )
    (entry,) = simulator.logged()
    assert description.wrong_in_request("POST", entry["path"], entry["body"]) == []


def test_the_check_itself_finds_what_is_wrong(description: Description) -> None:
    path = BASE.format(AccountSid=ACCOUNT) + "/Calls.json"
    body = urllib.parse.urlencode({"To": ANNA, "From": OURS, "ValidityPeriod": "60"})
    assert "ValidityPeriod" in description.wrong_in_request("POST", path, body)[0]
    assert description.wrong_in_request("POST", path, "To=0664")
    assert description.wrong_in_request("POST", path.replace("Calls", "Faxes"), "")
    wrong = description.wrong_in_answer("/Calls.json", "post", 201, {"sid": "CA1"})
    assert any("status" in error for error in wrong)
