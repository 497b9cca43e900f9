"""The sentences of `tests.telephone`, spoken to a simulator."""

import pytest
import requests

from tests.integration.simulator.exchange import (
    ANNA,
    ASK,
    BERND,
    GATEWAY_TOKEN,
    OURS,
    Application,
    Simulator,
)
from tests.telephone import TelephoneNetwork, eventually

pytestmark = pytest.mark.no_servers


@pytest.fixture
def network(simulator: Simulator) -> TelephoneNetwork:
    return TelephoneNetwork(simulator.url, simulator.directory)


def call(simulator: Simulator, application: Application) -> None:
    action = application.will_answer("/key", "<Response><Say>Danke</Say></Response>")
    twiml = ASK.format(timeout=30, action=action).replace("Bitte", "Drücken Sie")
    simulator.client().calls.create(to=ANNA, from_=OURS, twiml=twiml)


def test_a_phone_plays_its_script_and_a_person_takes_over(
    simulator: Simulator, application: Application, network: TelephoneNetwork
) -> None:
    anna = network.phone(ANNA)
    anna.script("busy", "manual")
    call(simulator, application)
    eventually(lambda: [c["status"] for c in anna.calls()] == ["busy"])
    call(simulator, application)
    talk = anna.answer()
    assert "die 7" in talk.hears("Drücken Sie")
    talk.press("7")
    talk.hears("Danke")


def test_a_script_for_one_kind_leaves_the_other_alone(
    simulator: Simulator, application: Application, network: TelephoneNetwork
) -> None:
    anna = network.phone(ANNA)
    anna.script(messages="sms_sent")
    anna.behave("robot")
    anna.script(messages="sms_undelivered:30006,manual")
    call(simulator, application)
    eventually(lambda: [c["pressed"] for c in anna.calls()] == ["7"])
    simulator.client().messages.create(to=ANNA, from_=OURS, body="Code 48310")
    assert anna.text("48310") == "Code 48310"
    eventually(lambda: simulator.phone(ANNA)["messages"][0]["error_code"] == 30006)


def test_a_network_in_trouble_is_calm_again(
    simulator: Simulator, network: TelephoneNetwork
) -> None:
    network.trouble("gone", count=5, only="messages")
    network.trouble("error", network="gateway")
    with pytest.raises(requests.ConnectionError):
        simulator.client().messages.create(to=ANNA, from_=OURS, body="x")
    assert [(f["kind"], f["met"]) for f in network.troubles()] == [
        ("gone", 1),
        ("error", 0),
    ]
    network.calm("gateway")
    network.calm()
    assert network.troubles() == []
    assert simulator.client().messages.create(to=ANNA, from_=OURS, body="x").sid


def test_texts_of_both_networks_and_pushes_are_read(
    simulator: Simulator, network: TelephoneNetwork
) -> None:
    for to, reference in ((ANNA, "a-1"), (BERND, "b-1")):
        message = {"to": to, "text": f"an {to}", "reference": reference}
        simulator.send_json("/gateway/messages", message, token=GATEWAY_TOKEN)
    simulator.client().messages.create(to=ANNA, from_=OURS, body="Twilio")
    anna = network.phone(ANNA)
    assert anna.texts() == ["Twilio", f"an {ANNA}"]
    assert anna.texts("gateway") == [f"an {ANNA}"]
    assert [m["body"] for m in network.gateway_messages("b-1")] == [f"an {BERND}"]
    assert len(network.gateway_messages()) == 2
    simulator.send_json("/push/anna", {"title": "Notfall", "message": "NF-4711"})
    assert network.push("anna", "NF-4711")["title"] == "Notfall"
    assert network.pushes("bernd") == []
    network.reset()
    assert (network.state(), network.pushes()) == ([], [])


def test_a_phone_says_stop_and_start(
    simulator: Simulator, network: TelephoneNetwork
) -> None:
    anna = network.phone(ANNA)
    anna.stop(OURS)
    assert simulator.phone(ANNA)["opted_out"] is True
    anna.start(OURS)
    assert simulator.phone(ANNA)["opted_out"] is False
