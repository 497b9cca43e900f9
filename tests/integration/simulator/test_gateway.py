"""The second network: text messages in JSON, with a token of its own."""

import json
import urllib.request
from typing import Any

import pytest

from tests.integration.simulator.exchange import (
    ANNA,
    GATEWAY_SECRET,
    GATEWAY_TOKEN,
    OURS,
    Application,
    Simulator,
    eventually,
    fetch,
)

pytestmark = pytest.mark.no_servers

SENDER = "+436601112233"


def send(
    simulator: Simulator, application: Application, **changes: object
) -> dict[str, Any]:
    content = {
        "to": ANNA,
        "from": SENDER,
        "text": "Notfall, Code 48310",
        "reference": "attempt-1",
        "callback_url": application.url + "/status",
        **changes,
    }
    status, answer = simulator.send_json(
        "/gateway/messages", content, token=GATEWAY_TOKEN
    )
    assert status == 202, answer
    return answer


def read(simulator: Simulator, path: str) -> tuple[int, Any]:
    request = urllib.request.Request(f"{simulator.url}/gateway/messages{path}")
    request.add_header("Authorization", f"Bearer {GATEWAY_TOKEN}")
    status, text = fetch(request)
    return status, json.loads(text)


def test_a_message_is_accepted_delivered_and_reported(
    simulator: Simulator, application: Application
) -> None:
    answer = send(simulator, application)
    assert set(answer) == {"id", "status"}
    assert answer["status"] == "accepted"
    eventually(lambda: application.statuses("/status") == ["sent", "delivered"])
    for entry in application.at("/status"):
        assert entry.headers["Authorization"] == f"Bearer {GATEWAY_SECRET}"
        assert set(entry.fields) == {"id", "reference", "status", "error"}
        assert entry.fields["id"] == answer["id"]
        assert entry.fields["reference"] == "attempt-1"
        assert entry.fields["error"] == ""
    assert read(simulator, f"/{answer['id']}")[1]["status"] == "delivered"
    found = read(simulator, "?reference=attempt-1")
    assert (found[0], found[1]["id"]) == (200, answer["id"])
    assert read(simulator, "?reference=other")[0] == 404


def test_a_message_that_cannot_be_delivered_fails(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "sms_undelivered:30005")
    answer = send(simulator, application)
    eventually(lambda: application.statuses("/status") == ["sent", "failed"])
    assert application.at("/status")[-1].fields["error"] == "30005"
    assert read(simulator, f"/{answer['id']}")[1]["error"] == "30005"


def test_a_reply_comes_back_over_the_gateway(
    simulator: Simulator, application: Application
) -> None:
    send(simulator, application)
    sent = simulator.act(f"/sim/phones/{ANNA}/sms", body="48310")
    entry = eventually(lambda: application.at("/gateway/inbound"))[0]
    assert entry.headers["Authorization"] == f"Bearer {GATEWAY_SECRET}"
    assert entry.fields == {
        "id": sent["sid"],
        "from": ANNA,
        "to": SENDER,
        "text": "48310",
    }
    assert application.at("/sms/inbound") == []


def test_a_reply_takes_the_network_of_the_last_message_from_there(
    simulator: Simulator, application: Application
) -> None:
    send(simulator, application, **{"from": OURS})
    simulator.client().messages.create(to=ANNA, from_=OURS, body="x")
    simulator.act(f"/sim/phones/{ANNA}/sms", body="ja", to=OURS)
    eventually(lambda: application.at("/sms/inbound"))
    send(simulator, application, **{"from": OURS})
    simulator.act(f"/sim/phones/{ANNA}/sms", body="ja", to=OURS)
    eventually(lambda: application.at("/gateway/inbound"))


def test_a_robot_answers_over_the_gateway(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "robot")
    send(simulator, application)
    entry = eventually(lambda: application.at("/gateway/inbound"))[0]
    assert entry.fields["text"] == "48310"


def test_a_stop_on_one_network_says_nothing_to_the_other(
    simulator: Simulator, application: Application
) -> None:
    simulator.act(f"/sim/phones/{ANNA}/sms", body="STOP", to=SENDER)
    send(simulator, application)
    eventually(lambda: application.statuses("/status") == ["sent", "delivered"])


def test_twilio_does_not_know_the_messages_of_the_gateway(
    simulator: Simulator, application: Application
) -> None:
    send(simulator, application)
    assert simulator.client().messages.list() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "0664 1234567"},
        {"to": ""},
        {"text": " "},
        {"text": "x" * 1601},
        {"text": 5},
        {"callback_url": "nowhere"},
    ],
)
def test_a_bad_message_is_refused(
    simulator: Simulator, changes: dict[str, object]
) -> None:
    content = {"to": ANNA, "text": "x", **changes}
    status, answer = simulator.send_json(
        "/gateway/messages", content, token=GATEWAY_TOKEN
    )
    assert (status, bool(answer["error"])) == (400, True)


@pytest.mark.parametrize("token", ["", "wrong", GATEWAY_SECRET])
def test_only_the_holder_of_the_token_is_let_in(
    simulator: Simulator, token: str
) -> None:
    content = {"to": ANNA, "text": "x"}
    assert simulator.send_json("/gateway/messages", content, token=token)[0] == 401
    assert simulator.state()["phones"] == []


def test_a_scripted_refusal_reaches_the_gateway_too(
    simulator: Simulator,
) -> None:
    simulator.script(ANNA, "refused:21211,manual")
    content = {"to": ANNA, "text": "x"}
    answers = [
        simulator.send_json("/gateway/messages", content, token=GATEWAY_TOKEN)[0]
        for _ in range(2)
    ]
    assert answers == [400, 202]


def test_what_the_gateway_does_not_have_is_not_found(simulator: Simulator) -> None:
    assert read(simulator, "/GW0")[0] == 404
    assert read(simulator, "/a/b")[0] == 404
    assert read(simulator, "")[0] == 404


def test_reports_of_the_gateway_have_their_own_trouble(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("lost", network="twilio")
    simulator.trouble("lost", network="gateway", count=1)
    send(simulator, application)
    eventually(lambda: application.statuses("/status") == ["delivered"])


def test_every_request_to_the_gateway_is_recorded(
    simulator: Simulator, application: Application
) -> None:
    send(simulator, application)
    (entry,) = simulator.logged()
    assert (entry["method"], entry["path"]) == ("POST", "/gateway/messages")
    assert json.loads(entry["body"])["reference"] == "attempt-1"
