"""The phones: their page, their book, and who may press their buttons."""

import http.client
import json
import re
import urllib.parse
from html.parser import HTMLParser

import pytest

from tests.integration.simulator.exchange import (
    ANNA,
    BERND,
    GATEWAY_TOKEN,
    OURS,
    Simulator,
    eventually,
)

pytestmark = pytest.mark.no_servers

ASK = (
    '<Response><Gather numDigits="1" timeout="60" action="http://127.0.0.1:1/x">'
    "<Say>Drücken Sie &lt;7&gt;</Say></Gather></Response>"
)


class Outline(HTMLParser):
    """Forms with their buttons, and the visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[str] = []
        self.buttons: list[tuple[str, str]] = []
        self.text = ""
        self._in_button = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._in_button = tag == "button"
        if tag == "form":
            self.forms.append(found["action"])
        elif tag == "button":
            self.buttons.append((self.forms[-1], found.get("aria-label", "")))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_button and not self.buttons[-1][1]:
            self.buttons[-1] = (self.buttons[-1][0], data)
        self._in_button = False


def outline(simulator: Simulator, language: str = "de-AT") -> Outline:
    status, html = simulator.get("/", **{"Accept-Language": language})
    assert status == 200
    return Outline(html)


def press(
    simulator: Simulator, page: Outline, name: str, *, at: str = "", **fields: str
) -> str:
    """Send the button's form as a browser without JavaScript does; where it leads."""
    action = next(form for form, label in page.buttons if label == name and at in form)
    status, _, location = post_as_a_browser(simulator, action, **fields)
    assert status == 303
    return location


def post_as_a_browser(
    simulator: Simulator, action: str, **fields: str
) -> tuple[int, str, str]:
    """Status, text and where it leads."""
    host = urllib.parse.urlsplit(simulator.url).netloc
    connection = http.client.HTTPConnection(host)
    headers = {
        "Accept": "text/html,application/xhtml+xml",
        "Origin": simulator.url,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", action, urllib.parse.urlencode(fields), headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text, response.headers["Location"] or ""


def write_book(simulator: Simulator, *phones: dict[str, str]) -> None:
    (simulator.directory / "phones.json").write_text(json.dumps(phones))


def ring(simulator: Simulator, twiml: str = ASK) -> str:
    call = simulator.client().calls.create(to=ANNA, from_=OURS, twiml=twiml)
    assert call.sid
    simulator.wait_for(call.sid, "ringing")
    return str(call.sid)


def test_a_call_is_answered_and_keyed_without_javascript(simulator: Simulator) -> None:
    write_book(simulator, {"name": "Anna Berger", "number": ANNA})
    sid = ring(simulator)
    page = outline(simulator)
    assert "Es klingelt" in page.text
    assert "Anna Berger wird angerufen" in page.text
    assert press(simulator, page, "Abheben") == f"/#phone-{ANNA[1:]}"
    simulator.wait_for_keys(sid)
    page = outline(simulator)
    assert "Drücken Sie <7>" in page.text
    keys = [label for form, label in page.buttons if form.endswith("/press")]
    assert keys == [
        *(f"Taste {key}" for key in range(1, 10)),
        *("Stern-Taste", "Taste 0", "Raute-Taste"),
    ]
    press(simulator, page, "Taste 7", digits="7")
    simulator.wait_for(sid, "completed")
    assert "Sie drücken 7" in outline(simulator).text


def test_a_call_is_declined_or_hung_up_on_the_page(simulator: Simulator) -> None:
    sid = ring(simulator)
    press(simulator, outline(simulator, "en"), "Decline")
    simulator.wait_for(sid, "busy")
    sid = ring(simulator)
    press(simulator, outline(simulator, "en"), "Answer")
    press(simulator, outline(simulator, "en"), "Hang up")
    simulator.wait_for(sid, "completed")


def test_an_sms_is_shown_and_answered_on_the_page(simulator: Simulator) -> None:
    simulator.client().messages.create(to=ANNA, from_=OURS, body="Code <4831>")
    eventually(lambda: "zugestellt" in outline(simulator).text)
    page = outline(simulator)
    assert "Code <4831>" in page.text
    assert f"SMS an {OURS}" in page.text
    press(simulator, page, "SMS senden", body="OK 4831", to=OURS)
    newest = simulator.phone(ANNA)["messages"][0]
    assert (newest["body"], newest["to"]) == ("OK 4831", OURS)


def test_the_behaviour_is_chosen_on_the_page(simulator: Simulator) -> None:
    write_book(simulator, {"name": "Anna Berger", "number": ANNA})
    press(simulator, outline(simulator), "Übernehmen", behaviour="mailbox")
    assert simulator.phone(ANNA)["behaviour"] == "mailbox"
    path = f"/sim/phones/{ANNA}/behaviour"
    assert simulator.post(path, behaviour="asleep")[0] == 409


def test_the_book_is_read_again_when_it_changes(simulator: Simulator) -> None:
    write_book(simulator, {"name": "Anna", "number": "+43 664 1234567"})
    assert [p["number"] for p in simulator.state()["phones"]] == [ANNA]
    write_book(
        simulator,
        {"name": "Bernd", "number": BERND, "role": "Techniker"},
        {"name": "Anna Berger", "number": ANNA},
    )
    names = [phone["name"] for phone in simulator.state()["phones"]]
    assert names == ["Bernd", "Anna Berger"]
    (simulator.directory / "phones.json").write_text("[oh")
    assert [p["name"] for p in simulator.state()["phones"]] == names


def test_the_book_may_say_how_a_phone_behaves(simulator: Simulator) -> None:
    write_book(simulator, {"name": "Probe", "number": ANNA, "behaviour": "busy,robot"})
    assert simulator.phone(ANNA)["behaviour"] == "busy"
    sid = simulator.client().calls.create(to=ANNA, from_=OURS, twiml=ASK).sid
    simulator.wait_for(str(sid), "busy")
    assert simulator.phone(ANNA)["behaviour"] == "robot"
    simulator.script(ANNA, "manual")
    assert simulator.phone(ANNA)["behaviour"] == "manual"
    simulator.act("/sim/reset")
    assert simulator.phone(ANNA)["behaviour"] == "busy"


def test_one_phone_can_be_read_alone(simulator: Simulator) -> None:
    write_book(simulator, {"name": "Bernd", "number": BERND})
    ring(simulator)
    for number, calls in ((BERND, 0), (ANNA, 1)):
        status, text = simulator.get(f"/sim/phones/{number}.json")
        assert (status, len(json.loads(text)["calls"])) == (200, calls)
    assert simulator.get("/sim/phones/+431.json")[0] == 404


def test_a_number_that_is_in_no_book_becomes_a_phone(simulator: Simulator) -> None:
    write_book(simulator, {"name": "Bernd", "number": BERND})
    ring(simulator)
    numbers = [phone["number"] for phone in simulator.state()["phones"]]
    assert numbers == [BERND, ANNA]


def test_a_script_is_written_on_the_page(simulator: Simulator) -> None:
    write_book(simulator, {"name": "Anna Berger", "number": ANNA})
    script = {"calls": "busy, failed:484"}
    press(simulator, outline(simulator), "Übernehmen", at="/script", **script)
    assert simulator.phone(ANNA)["scripts"]["calls"] == ["busy", "failed:484"]
    assert simulator.phone(ANNA)["scripts"]["messages"] == ["manual"]
    press(simulator, outline(simulator), "Übernehmen", behaviour="failed:484")
    assert "Verbindung scheitert (SIP 484)" in outline(simulator).text


def test_a_script_with_a_mistake_is_named_without_javascript(
    simulator: Simulator,
) -> None:
    write_book(simulator, {"name": "Anna Berger", "number": ANNA})
    path = f"/sim/phones/{ANNA}/script?lang="
    for language, words in (("en", "no known"), ("de", "kein bekanntes Verhalten")):
        status, text, _ = post_as_a_browser(simulator, path + language, calls="asleep")
        assert status == 409
        assert "asleep" in text
        assert words in text


def test_trouble_is_begun_and_ended_on_the_page(simulator: Simulator) -> None:
    page = outline(simulator)
    assert "Alle Netze arbeiten" in page.text
    trouble = {"network": "gateway", "kind": "gone", "only": "", "count": "3"}
    assert press(simulator, page, "Beginnen", **trouble) == "/#trouble"
    page = outline(simulator)
    assert "SMS-Gateway, nicht erreichbar, noch 3-mal" in page.text
    (fault,) = simulator.state()["faults"]
    assert (fault["network"], fault["kind"], fault["left"]) == ("gateway", "gone", 3)
    press(simulator, page, "Beenden: nicht erreichbar", id=str(fault["id"]))
    assert simulator.state()["faults"] == []


def test_notifications_and_the_way_of_a_message_are_shown(simulator: Simulator) -> None:
    simulator.send_json("/push/anna", {"title": "Notfall", "message": "Bis <02:41>"})
    simulator.send_json("/push/bernd", {"any": "thing"})
    message = {"to": ANNA, "from": OURS, "text": "Code 48310"}
    simulator.send_json("/gateway/messages", message, token=GATEWAY_TOKEN)
    text = outline(simulator).text
    assert "an anna" in text
    assert "Bis <02:41>" in text
    assert '{"any": "thing"}' in text
    assert f"von {OURS}, über das Gateway" in text


def test_a_phone_that_said_stop_says_so(simulator: Simulator) -> None:
    simulator.act(f"/sim/phones/{ANNA}/sms", body="STOP", to=OURS)
    assert "Has said STOP" in outline(simulator, "en").text
    simulator.act(f"/sim/phones/{ANNA}/sms", body="START", to=OURS)
    assert "Has said STOP" not in outline(simulator, "en").text


def test_a_reset_empties_the_network_and_tells_nobody(simulator: Simulator) -> None:
    sid = ring(simulator)
    simulator.act("/sim/reset")
    state = simulator.state()
    assert (state["phones"], state["callbacks"]) == ([], [])
    assert simulator.post(f"/sim/calls/{sid}/answer")[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_other_sites_pages_may_not_use_the_phones(
    simulator: Simulator, headers: dict[str, str]
) -> None:
    host = urllib.parse.urlsplit(simulator.url).netloc
    for method, path in (("POST", "/sim/reset"), ("GET", "/sim/state.json")):
        connection = http.client.HTTPConnection(host)
        connection.request(method, path, headers=headers)
        assert connection.getresponse().status == 403
        connection.close()


def test_the_page_refreshes_itself_without_script_and_can_be_paused(
    simulator: Simulator,
) -> None:
    refresh = re.compile(r'<noscript><meta http-equiv="refresh"')
    assert refresh.search(simulator.get("/")[1])
    paused = simulator.get("/?lang=de&pause=1")[1]
    assert not refresh.search(paused)
    assert 'href="/?lang=de"' in paused


def test_the_assets_of_the_page_are_served(simulator: Simulator) -> None:
    html = simulator.get("/")[1]
    assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', html)
    assert len(assets) == 2
    for path in assets:
        assert simulator.get(path)[0] == 200
