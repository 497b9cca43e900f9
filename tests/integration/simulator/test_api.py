"""The API refuses what Twilio refuses, lists, and keeps a record."""

import base64
import http.client
import json
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.integration.simulator.exchange import (
    ACCOUNT,
    ANNA,
    BERND,
    OURS,
    TOKEN,
    Simulator,
    eventually,
    fetch,
)

pytestmark = pytest.mark.no_servers

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
CALL = {"To": ANNA, "From": OURS, "Twiml": "<Response/>"}
MESSAGE = {"To": ANNA, "From": OURS, "Body": "x"}


def send(
    simulator: Simulator,
    path: str,
    fields: dict[str, str] | list[tuple[str, str]] | None = None,
    *,
    user: str = f"{ACCOUNT}:{TOKEN}",
    method: str | None = None,
) -> tuple[int, dict[str, object]]:
    data = None if fields is None else urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(simulator.url + path, data=data, method=method)
    coded = base64.b64encode(user.encode()).decode()
    request.add_header("Authorization", f"Basic {coded}")
    status, text = fetch(request)
    return status, json.loads(text)


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("Calls", {"To": ""}, 21201),
        ("Calls", {"To": "06641234567"}, 21211),
        ("Calls", {"To": "+43664"}, 21217),
        ("Calls", {"To": "+4306641234567"}, 21217),
        ("Calls", {"To": "+15005550001"}, 21217),
        ("Calls", {"To": "+15005550002"}, 21214),
        ("Calls", {"To": "+15005550003"}, 21215),
        ("Calls", {"To": "+15005550004"}, 21216),
        ("Calls", {"From": ""}, 21213),
        ("Calls", {"From": "Hosting"}, 21212),
        ("Calls", {"Twiml": ""}, 21205),
        ("Calls", {"Url": "ftp://x"}, 21205),
        ("Calls", {"Url": "/relative"}, 21205),
        ("Calls", {"FallbackUrl": "nowhere"}, 21205),
        ("Calls", {"Twiml": "x" * 4001}, 20001),
        ("Calls", {"StatusCallback": "http://a_b/"}, 21609),
        ("Calls", {"StatusCallbackEvent": "in-progress"}, 20001),
        ("Calls", {"Timeout": "soon"}, 20001),
        ("Calls", {"Timeout": "601"}, 20001),
        ("Calls", {"Method": "PUT"}, 20001),
        ("Calls", {"ValidityPeriod": "60"}, 20001),
        ("Calls", {"ApplicationSid": "APx"}, 20001),
        ("Messages", {"To": ""}, 21604),
        ("Messages", {"To": "0664"}, 21211),
        ("Messages", {"To": "+15005550001"}, 21211),
        ("Messages", {"To": "+15005550002"}, 21612),
        ("Messages", {"To": "+15005550003"}, 21408),
        ("Messages", {"To": "+15005550004"}, 21610),
        ("Messages", {"To": "+15005550009"}, 21614),
        ("Messages", {"To": OURS}, 21266),
        ("Messages", {"From": ""}, 21603),
        ("Messages", {"From": "a name far too long"}, 21212),
        ("Messages", {"From": "+15005550007"}, 21606),
        ("Messages", {"Body": ""}, 21602),
        ("Messages", {"Body": "x" * 1601}, 21617),
        ("Messages", {"StatusCallback": "nowhere"}, 21609),
        ("Messages", {"ValidityPeriod": "0"}, 20001),
        ("Messages", {"Timeout": "20"}, 20001),
    ],
)
def test_a_bad_order_is_refused_with_twilios_code(
    simulator: Simulator, kind: str, changes: dict[str, str], code: int
) -> None:
    order = {**(CALL if kind == "Calls" else MESSAGE), **changes}
    status, error = send(simulator, f"{BASE}/{kind}.json", order)
    assert (status, error["code"]) == (400, code)
    assert set(error) == {"code", "message", "more_info", "status"}
    assert error["status"] == 400
    assert simulator.state()["phones"] == []


def test_orders_at_the_limits_are_taken(simulator: Simulator) -> None:
    body = "ä" * 1600
    assert send(simulator, f"{BASE}/Messages.json", {**MESSAGE, "Body": body})[0] == 201
    twiml = "<Response/>".ljust(4000)
    assert send(simulator, f"{BASE}/Calls.json", {**CALL, "Twiml": twiml})[0] == 201
    branded = {**MESSAGE, "From": "Hosting AT"}
    assert send(simulator, f"{BASE}/Messages.json", branded)[0] == 201


def test_a_parameter_given_twice_is_refused(simulator: Simulator) -> None:
    fields = [*CALL.items(), ("To", BERND)]
    status, error = send(simulator, f"{BASE}/Calls.json", fields)
    assert (status, error["code"]) == (400, 20001)


@pytest.mark.parametrize(
    ("path", "user"),
    [
        (f"{BASE}/Calls.json", f"{ACCOUNT}:wrong"),
        (f"{BASE}/Calls.json", f"AC{'0' * 32}:{TOKEN}"),
        (f"/2010-04-01/Accounts/AC{'0' * 32}/Calls.json", f"{ACCOUNT}:{TOKEN}"),
        ("/anything", "x:y"),
    ],
)
def test_only_the_account_itself_is_let_in(
    simulator: Simulator, path: str, user: str
) -> None:
    status, error = send(simulator, path, CALL, user=user)
    assert (status, error["code"]) == (401, 20003)
    assert simulator.get(path)[0] == 401


def test_the_client_raises_twilios_error(simulator: Simulator) -> None:
    with pytest.raises(TwilioRestException) as refused:
        simulator.client(token="wrong").calls.create(
            to=ANNA, from_=OURS, twiml="<Response/>"
        )
    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize(
    "path", [f"/Calls/CA{'0' * 32}.json", f"/Messages/SM{'0' * 32}.json", "/Faxes.json"]
)
def test_what_does_not_exist_is_not_found(simulator: Simulator, path: str) -> None:
    status, error = send(simulator, BASE + path)
    assert (status, error["code"]) == (404, 20404)


def test_other_methods_are_not_allowed(simulator: Simulator) -> None:
    status, error = send(simulator, f"{BASE}/Calls.json", method="DELETE")
    assert (status, error["code"]) == (405, 20004)


def test_the_account_can_be_read(simulator: Simulator) -> None:
    account = simulator.client().api.accounts(ACCOUNT).fetch()
    assert account.status == "active"


def test_calls_are_found_by_number_status_and_time(simulator: Simulator) -> None:
    client = simulator.client()
    before = datetime.now(UTC) - timedelta(seconds=2)
    later = datetime.now(UTC) + timedelta(minutes=1)
    first = client.calls.create(to=ANNA, from_=OURS, twiml="<Response/>")
    second = client.calls.create(to=BERND, from_=OURS, twiml="<Response/>")
    assert first.sid != second.sid
    simulator.wait_for(first.sid, "ringing")
    simulator.wait_for(second.sid, "ringing")

    def sids(**filters: object) -> list[str | None]:
        return [call.sid for call in client.calls.list(**filters)]

    assert sids() == [second.sid, first.sid]
    assert sids(to=ANNA) == [first.sid]
    assert sids(from_=BERND) == []
    assert sids(status="ringing", to=BERND) == [second.sid]
    assert sids(status="completed") == []
    assert sids(start_time_after=before) == [second.sid, first.sid]
    assert sids(start_time_after=later) == []
    assert sids(start_time_before=before) == []
    assert sids(start_time=datetime.now(UTC).date()) == [second.sid, first.sid]


def test_messages_are_found_page_by_page(simulator: Simulator) -> None:
    client = simulator.client()
    sent = [
        client.messages.create(to=ANNA, from_=OURS, body=str(number)).sid
        for number in range(5)
    ]
    listed = [message.sid for message in client.messages.list(to=ANNA, page_size=2)]
    assert listed == sent[::-1]
    now = datetime.now(UTC)
    assert len(client.messages.list(date_sent_after=now - timedelta(minutes=1))) == 5
    assert client.messages.list(date_sent_after=now + timedelta(minutes=1)) == []
    status, page = send(simulator, f"{BASE}/Messages.json?PageSize=3&To=%2B43")
    assert (status, page["messages"], page["next_page_uri"]) == (200, [], None)


def test_an_unknown_filter_is_refused(simulator: Simulator) -> None:
    status, error = send(simulator, f"{BASE}/Calls.json?Since=now")
    assert (status, error["code"]) == (400, 20001)


def test_every_request_is_recorded_as_it_came(simulator: Simulator) -> None:
    begun = time.time()
    send(simulator, f"{BASE}/Calls.json", {**CALL, "To": "ä"}, user="x:y")
    send(simulator, f"{BASE}/Calls.json?To=%2B43")
    simulator.state()
    refused, listed = simulator.logged()
    assert set(refused) == {"t", "method", "path", "body"}
    assert begun - 1 <= refused["t"] <= time.time() + 1
    assert refused["method"] == "POST"
    assert refused["path"] == f"{BASE}/Calls.json"
    assert refused["body"] == urllib.parse.urlencode({**CALL, "To": "ä"})
    assert (listed["method"], listed["body"]) == ("GET", "")
    assert listed["path"] == f"{BASE}/Calls.json?To=%2B43"


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("Content-Length", "9999999", 413), ("Transfer-Encoding", "chunked", 411)],
)
def test_a_body_that_is_not_read_is_refused_and_recorded(
    simulator: Simulator, header: str, value: str, status: int
) -> None:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(simulator.url).netloc)
    connection.putrequest("POST", f"{BASE}/Calls.json")
    connection.putheader(header, value)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()
    assert [entry["path"] for entry in simulator.logged()] == [f"{BASE}/Calls.json"]


def test_two_hundred_orders_at_once_are_all_taken(simulator: Simulator) -> None:
    def order(number: str) -> object:
        client = simulator.client()
        return client.calls.create(to=number, from_=OURS, twiml="<Response/>").sid

    with ThreadPoolExecutor(20) as pool:
        sids = set(pool.map(order, [ANNA, BERND] * 100))
    assert len(sids) == 200
    client = simulator.client()
    eventually(lambda: len(client.calls.list(status="ringing", page_size=1000)) == 200)
    posted = [entry for entry in simulator.logged() if entry["method"] == "POST"]
    assert len(posted) == 200
