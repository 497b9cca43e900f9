"""A robot answers for a person: the house phone of a self-test."""

import pytest

from tests.integration.simulator.exchange import (
    ANNA,
    ASK,
    OURS,
    Application,
    Simulator,
    eventually,
    ring,
)

pytestmark = pytest.mark.no_servers


@pytest.mark.parametrize(
    ("request_for_a_key", "key"),
    [
        ("Drücken Sie die 7, um zu übernehmen.", "7"),
        ("Emergency 4 2 at 02:41. Press 3 to take it.", "3"),
    ],
)
def test_a_robot_answers_and_presses_the_key_it_hears(
    simulator: Simulator, application: Application, request_for_a_key: str, key: str
) -> None:
    action = application.will_answer("/key", "<Response><Say>Danke</Say></Response>")
    simulator.script(ANNA, "robot")
    twiml = ASK.format(timeout=5, action=action)
    twiml = twiml.replace("Bitte die 7", request_for_a_key)
    sid = str(ring(simulator, application, twiml=twiml).sid)
    call = simulator.wait_for(sid, "completed")
    assert call["pressed"] == key
    assert [entry.fields["Digits"] for entry in application.at("/key")] == [key]
    assert simulator.said(sid)[-1] == "Danke"


def test_a_robot_presses_again_when_it_is_asked_again(
    simulator: Simulator, application: Application
) -> None:
    again = ASK.format(timeout=5, action=application.url + "/thanks")
    again = again.replace("Bitte die 7", "That was another key. Press 4.")
    first = ASK.format(timeout=5, action=application.will_answer("/key", again))
    first = first.replace("Bitte die 7", "Press 9.")
    simulator.script(ANNA, "robot")
    sid = str(ring(simulator, application, twiml=first).sid)
    assert simulator.wait_for(sid, "completed")["pressed"] == "94"


def test_a_robot_that_is_asked_for_nothing_listens_to_the_end(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "robot")
    sid = str(ring(simulator, application).sid)
    assert simulator.wait_for(sid, "completed")["pressed"] == ""


def test_a_robot_answers_an_sms_with_the_code_in_it(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "robot")
    body = "NOTFALL NF-20417: Antworten Sie 48310. http://127.0.0.1:38211/p/55555"
    simulator.client().messages.create(to=ANNA, from_=OURS, body=body)
    entry = eventually(lambda: application.at("/sms/inbound"))[0]
    assert (entry.fields["Body"], entry.fields["From"]) == ("48310", ANNA)


def test_a_robot_leaves_an_sms_without_a_code_alone(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "robot")
    message = simulator.client().messages.create(to=ANNA, from_=OURS, body="Danke.")
    eventually(lambda: message.fetch().status == "delivered")
    assert len(simulator.phone(ANNA)["messages"]) == 1
