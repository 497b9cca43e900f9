"""Trouble between the product and a network: what is accepted, what is answered."""

import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.integration.simulator.exchange import (
    ACCOUNT,
    ANNA,
    GATEWAY_TOKEN,
    OURS,
    TOKEN,
    Application,
    Simulator,
    eventually,
    ring,
)

pytestmark = pytest.mark.no_servers

SMS = {"to": ANNA, "from_": OURS, "body": "x"}


def hasty(simulator: Simulator) -> Client:
    """A client that gives up after a moment."""
    client = Client(ACCOUNT, TOKEN, http_client=TwilioHttpClient(timeout=0.3))
    client.api.base_url = simulator.url
    return client


def can_connect(simulator: Simulator) -> bool:
    parts = urlsplit(simulator.url)
    with socket.socket() as probe:
        return probe.connect_ex((str(parts.hostname), parts.port)) == 0


def sent(simulator: Simulator) -> int:
    return len(simulator.client().messages.list())


def test_throttling_is_answered_as_twilio_does(simulator: Simulator) -> None:
    simulator.trouble("throttled", count=2, seconds=7)
    client = simulator.client()
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(**SMS)
        assert (refused.value.status, refused.value.code) == (429, 20429)
    assert client.messages.create(**SMS).sid
    (fault,) = simulator.state()["faults"]
    assert (fault["met"], fault["left"], fault["active"]) == (2, 0, False)


def test_throttling_says_when_to_come_back(simulator: Simulator) -> None:
    simulator.trouble("throttled", seconds=7)
    path = f"{simulator.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    answer = requests.post(path, auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.headers["Retry-After"] == "7"
    assert set(answer.json()) == {"code", "message", "more_info", "status"}


@pytest.mark.parametrize(("kind", "code"), [("error", 20500), ("error_page", 502)])
def test_a_broken_network_accepts_nothing(
    simulator: Simulator, kind: str, code: int
) -> None:
    simulator.trouble(kind, count=1, status=502)
    with pytest.raises(TwilioRestException) as refused:
        simulator.client().messages.create(**SMS)
    assert (refused.value.status, refused.value.code) == (502, code)
    assert sent(simulator) == 0


@pytest.mark.parametrize(
    ("kind", "accepted"), [("timeout_after", 1), ("timeout_before", 0)]
)
def test_no_answer_leaves_open_whether_it_was_accepted(
    simulator: Simulator, kind: str, accepted: int
) -> None:
    simulator.trouble(kind, count=1)
    with pytest.raises(requests.ReadTimeout):
        hasty(simulator).messages.create(**SMS)
    assert sent(simulator) == accepted


@pytest.mark.parametrize(("kind", "accepted"), [("reset_after", 1), ("gone", 0)])
def test_a_connection_is_cut_off(
    simulator: Simulator, kind: str, accepted: int
) -> None:
    simulator.trouble(kind, count=1)
    with pytest.raises(requests.ConnectionError):
        simulator.client().messages.create(**SMS)
    assert sent(simulator) == accepted


def test_a_network_is_gone_until_it_is_cleared(simulator: Simulator) -> None:
    simulator.trouble("gone")
    for _ in range(3):
        with pytest.raises(requests.ConnectionError):
            simulator.client().messages.list()
    assert simulator.act("/sim/faults/clear")["cleared"] == 1
    assert sent(simulator) == 0


def test_clearing_lets_go_of_whoever_still_waits(simulator: Simulator) -> None:
    fault = simulator.trouble("slow", count=1, seconds=60)
    with ThreadPoolExecutor(1) as background:
        answer = background.submit(simulator.client().messages.create, **SMS)
        eventually(lambda: simulator.state()["faults"][0]["met"] == 1)
        assert not answer.done()
        simulator.act("/sim/faults/clear", id=str(fault["id"]))
        assert answer.result(timeout=10).sid


def test_the_port_refuses_connections_for_a_while(simulator: Simulator) -> None:
    client = simulator.client()
    assert client.messages.list() == []
    simulator.trouble("closed", seconds=3)
    try:
        eventually(lambda: not can_connect(simulator))
        with pytest.raises(requests.ConnectionError) as kept:
            client.messages.create(**SMS)
        with pytest.raises(requests.ConnectionError) as refused:
            simulator.client().messages.create(**SMS)
        assert "refused" in str(refused.value), kept.value
    finally:
        # The tests after this one need the port.
        eventually(lambda: can_connect(simulator))
    assert sent(simulator) == 0
    assert client.messages.create(**SMS).sid


def test_only_calls_are_in_trouble(simulator: Simulator) -> None:
    simulator.trouble("error", only="calls")
    client = simulator.client()
    assert client.messages.create(**SMS).sid
    with pytest.raises(TwilioRestException):
        client.calls.create(to=ANNA, from_=OURS, twiml="<Response/>")


def test_reading_goes_on_when_only_orders_are_in_trouble(simulator: Simulator) -> None:
    simulator.trouble("error", method="POST")
    assert simulator.client().messages.list() == []
    with pytest.raises(TwilioRestException):
        simulator.client().messages.create(**SMS)


def test_a_share_of_requests_is_the_same_for_the_same_seed(
    simulator: Simulator,
) -> None:
    def pattern(seed: int) -> str:
        simulator.act("/sim/faults/clear")
        simulator.trouble("error", share=0.5, seed=seed)
        url = f"{simulator.url}/2010-04-01/Accounts/{ACCOUNT}.json"
        with requests.Session() as session:
            session.auth = (ACCOUNT, TOKEN)
            answers = [session.get(url, timeout=5).status_code for _ in range(24)]
        return "".join("x" if status == 503 else "." for status in answers)

    first = pattern(7)
    assert first == pattern(7) != pattern(8)
    assert 4 < first.count("x") < 20


def test_the_callback_comes_before_the_answer(
    simulator: Simulator, application: Application
) -> None:
    simulator.trouble("early", count=1)
    call = ring(simulator, application)
    assert application.at("/status")[0].fields["CallSid"] == call.sid


def test_each_network_has_its_own_trouble(simulator: Simulator) -> None:
    simulator.trouble("error", network="gateway")
    simulator.trouble("throttled", network="push")
    assert simulator.client().messages.create(**SMS).sid
    message = {"to": ANNA, "text": "x"}
    status, answer = simulator.send_json(
        "/gateway/messages", message, token=GATEWAY_TOKEN
    )
    assert (status, answer) == (503, {"error": "Service unavailable"})
    assert simulator.send_json("/push/anna", {})[0] == 429
    simulator.act("/sim/faults/clear", network="gateway")
    assert simulator.send_json("/push/anna", {})[0] == 429
    assert (
        simulator.send_json("/gateway/messages", message, token=GATEWAY_TOKEN)[0] == 202
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": ""},
        {"kind": "fire"},
        {"kind": "slow", "network": "radio"},
        {"kind": "slow", "only": "faxes"},
        {"kind": "slow", "count": "0"},
        {"kind": "slow", "share": "1.5"},
        {"kind": "slow", "seconds": "soon"},
        {"kind": "error", "status": "404"},
        {"kind": "error", "colour": "red"},
    ],
)
def test_trouble_that_makes_no_sense_is_refused(
    simulator: Simulator, fields: dict[str, str]
) -> None:
    status, answer = simulator.post("/sim/faults", **fields)
    assert (status, bool(answer["error"])) == (409, True)
    assert simulator.state()["faults"] == []


def test_every_request_is_recorded_in_trouble_too(simulator: Simulator) -> None:
    simulator.trouble("gone", count=1)
    with pytest.raises(requests.ConnectionError):
        simulator.client().messages.create(**SMS)
    assert [entry["method"] for entry in simulator.logged()] == ["POST"]
