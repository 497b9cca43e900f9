"""What is asked of and answered by the simulator fits Twilio's own description."""

import base64
import json
import os
import re
import urllib.parse
import urllib.request
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from emergency.simulator.parameters import (
    CALL_LIST,
    CHANGED_CALL,
    MESSAGE_LIST,
    NEW_CALL,
    NEW_MESSAGE,
)
from tests.integration.simulator.exchange import (
    ACCOUNT,
    ANNA,
    OURS,
    TOKEN,
    Application,
    Simulator,
    eventually,
    fetch,
)

pytestmark = pytest.mark.no_servers

BASE = "/2010-04-01/Accounts/{AccountSid}"
FORM = "application/x-www-form-urlencoded"
formats = FormatChecker(formats=())


@formats.checks("date-time-rfc-2822", raises=ValueError)
def is_rfc_2822(value: object) -> bool:
    return not isinstance(value, str) or isinstance(
        parsedate_to_datetime(value), datetime
    )


@formats.checks("phone-number")
def is_phone_number(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"\+[1-9]\d{6,14}", value))


@formats.checks("currency")
def is_currency(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch("[A-Z]{3}", value))


@formats.checks("uri")
def is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"(https?://[^/\s]+)?/[\x21-\x7e]*", value)
    )


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """Twilio's OpenAPI document, from the shared samples."""
    folder = os.environ.get("EMERGENCY_TEST_DATA", "")
    path = Path(folder) / "twilio" / "twilio_api_v2010.json"
    if not folder or not path.exists():
        pytest.skip("EMERGENCY_TEST_DATA is unset: Twilio's OpenAPI document not read")
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def strict(description: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema as JSON Schema, complete and closed: no field more or less."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return strict(description, description["components"]["schemas"][name])
    made = {k: v for k, v in schema.items() if k not in ("nullable", "x-twilio")}
    if "properties" in schema:
        parts = schema["properties"].items()
        made["properties"] = {name: strict(description, part) for name, part in parts}
        made["required"] = list(schema["properties"])
        made["additionalProperties"] = False
    if "items" in schema:
        made["items"] = strict(description, schema["items"])
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


def operation(description: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = description["paths"][BASE + path][method]
    return found


def check_answer(
    description: dict[str, Any], path: str, method: str, status: int, answer: object
) -> None:
    content = operation(description, path, method)["responses"][str(status)]["content"]
    schema = strict(description, content["application/json"]["schema"])
    errors = Draft202012Validator(schema, format_checker=formats).iter_errors(answer)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def ask(
    simulator: Simulator, path: str, form: dict[str, str] | None = None
) -> tuple[int, Any]:
    url = simulator.url + BASE.format(AccountSid=ACCOUNT) + path
    data = None if form is None else urllib.parse.urlencode(form).encode()
    coded = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {coded}"}
    status, text = fetch(urllib.request.Request(url, data=data, headers=headers))
    return status, json.loads(text)


@pytest.mark.parametrize(
    ("path", "method", "ours"),
    [
        ("/Calls.json", "post", NEW_CALL),
        ("/Calls.json", "get", CALL_LIST),
        ("/Calls/{Sid}.json", "post", CHANGED_CALL),
        ("/Messages.json", "post", NEW_MESSAGE),
        ("/Messages.json", "get", MESSAGE_LIST),
    ],
)
def test_the_simulator_knows_twilios_parameters_and_no_others(
    description: dict[str, Any], path: str, method: str, ours: dict[str, str]
) -> None:
    found = operation(description, path, method)
    if method == "get":
        theirs = {p["name"] for p in found["parameters"] if p["in"] == "query"}
    else:
        theirs = set(found["requestBody"]["content"][FORM]["schema"]["properties"])
    assert set(ours) == theirs


def test_calls_in_every_state_have_twilios_shape(
    description: dict[str, Any], simulator: Simulator, application: Application
) -> None:
    order = {
        "To": ANNA,
        "From": OURS,
        "Twiml": "<Response><Pause length='60'/></Response>",
        "MachineDetection": "Enable",
        "StatusCallback": application.url + "/status",
        "Timeout": "25",
    }
    status, call = ask(simulator, "/Calls.json", order)
    check_answer(description, "/Calls.json", "post", status, call)
    sid = call["sid"]

    def check_now(expected: str) -> None:
        simulator.wait_for(sid, expected)
        answer = ask(simulator, f"/Calls/{sid}.json")
        check_answer(description, "/Calls/{Sid}.json", "get", *answer)
        assert answer[1]["status"] == expected
        listed = ask(simulator, "/Calls.json?PageSize=1")
        check_answer(description, "/Calls.json", "get", *listed)

    check_now("ringing")
    simulator.pick_up(sid)
    check_now("in-progress")
    ended = ask(simulator, f"/Calls/{sid}.json", {"Status": "completed"})
    check_answer(description, "/Calls/{Sid}.json", "post", *ended)
    check_now("completed")


def test_messages_in_every_state_have_twilios_shape(
    description: dict[str, Any], simulator: Simulator
) -> None:
    simulator.act(f"/sim/phones/{ANNA}/behaviour", behaviour="sms_undelivered")
    order = {"To": ANNA, "From": OURS, "Body": "Notfall – jetzt"}
    status, message = ask(simulator, "/Messages.json", order)
    check_answer(description, "/Messages.json", "post", status, message)
    path = f"/Messages/{message['sid']}.json"
    eventually(lambda: ask(simulator, path)[1]["status"] == "undelivered")
    simulator.act(f"/sim/phones/{ANNA}/sms", body="OK")
    fetched = ask(simulator, path)
    check_answer(description, "/Messages/{Sid}.json", "get", *fetched)
    listed = ask(simulator, "/Messages.json?PageSize=50")
    assert len(listed[1]["messages"]) == 2
    check_answer(description, "/Messages.json", "get", *listed)


@pytest.mark.parametrize(
    "form",
    [
        {"To": ANNA, "From": OURS, "Url": "http://127.0.0.1/x", "Timeout": 20},
        {"To": ANNA, "From": OURS, "Twiml": "<Response/>", "Method": "GET"},
    ],
)
def test_what_twilio_describes_the_simulator_takes(
    description: dict[str, Any], simulator: Simulator, form: dict[str, Any]
) -> None:
    content = operation(description, "/Calls.json", "post")["requestBody"]["content"]
    Draft202012Validator(content[FORM]["schema"]).validate(form)
    texts = {name: str(value) for name, value in form.items()}
    assert ask(simulator, "/Calls.json", texts)[0] == 201
