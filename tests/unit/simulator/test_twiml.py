"""TwiML is followed as Twilio follows it, and strictly."""

from collections.abc import Mapping

import pytest

from emergency.simulator.interpreter import Document, HungUp, Replaced, perform
from emergency.simulator.twiml import (
    Dial,
    Gather,
    Hangup,
    Pause,
    Redirect,
    Say,
    TwimlError,
    parse,
)

pytestmark = pytest.mark.no_servers

ASK = (
    '<Gather numDigits="1" timeout="4" action="/pressed">'
    "<Say language='de-DE'>Drücken Sie die 7</Say></Gather>"
)


class ScriptedLeg:
    """A leg that presses prepared keys and answers with prepared documents."""

    def __init__(self, *keys: str, **documents: str) -> None:
        self.keys = list(keys)
        self.documents = documents
        self.heard: list[str] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.errors: list[int] = []
        self.help: Document | None = None
        self.new_course: list[Document] = []

    def say(self, text: str, language: str) -> bool:
        self.heard.append(text)
        if self.new_course:
            raise Replaced
        return False

    def rest(self, seconds: float) -> bool:
        self.heard.append(f"({seconds:g} s)")
        return False

    def listen(self, gather: Gather) -> None:
        self.heard.append("(listens)")

    def digits(self, gather: Gather) -> tuple[str, str]:
        return (self.keys.pop(0), "") if self.keys else ("", "")

    def fetch(self, url: str, method: str, fields: Mapping[str, str]) -> Document:
        self.asked.append((url, method, dict(fields)))
        name = url.rsplit("/", 1)[1]
        if name not in self.documents:
            raise TwimlError(11200, "nothing there")
        return Document(parse(self.documents[name]), url)

    def dial(self, dial: Dial) -> Mapping[str, str]:
        return {"DialCallStatus": "completed"}

    def replacement(self) -> Document | None:
        return self.new_course.pop()

    def fallback(self, error: TwimlError) -> Document | None:
        self.errors.append(error.code)
        help_, self.help = self.help, None
        return help_


def follow(leg: ScriptedLeg, body: str) -> None:
    document = Document(parse(f"<Response>{body}</Response>"), "http://app/start")
    perform(leg, lambda: document)


def test_keys_are_sent_to_the_action_and_its_document_goes_on() -> None:
    leg = ScriptedLeg("7", pressed="<Response><Say>Danke</Say></Response>")
    follow(leg, ASK + "<Say>never</Say>")
    assert leg.heard == ["(listens)", "Drücken Sie die 7", "Danke"]
    assert leg.asked == [
        ("http://app/pressed", "POST", {"Digits": "7", "msg": "Gather End"})
    ]


def test_silence_falls_through_to_the_next_verb() -> None:
    leg = ScriptedLeg()
    follow(leg, ASK + "<Say>Nichts erkannt</Say>")
    assert leg.heard[-1] == "Nichts erkannt"
    assert leg.asked == []


def test_silence_is_sent_when_the_document_wants_it() -> None:
    leg = ScriptedLeg(pressed="<Response/>")
    follow(leg, ASK.replace("timeout", "actionOnEmptyResult='true' timeout"))
    assert leg.asked[0][2]["Digits"] == ""


def test_a_redirect_is_relative_to_the_document_and_ends_it() -> None:
    leg = ScriptedLeg(again="<Response><Say>noch einmal</Say></Response>")
    follow(leg, "<Redirect method='GET'>again</Redirect><Say>never</Say>")
    assert leg.asked == [("http://app/again", "GET", {})]
    assert leg.heard == ["noch einmal"]


def test_documents_in_a_circle_come_to_an_end() -> None:
    leg = ScriptedLeg(start="<Response><Redirect>start</Redirect></Response>")
    follow(leg, "<Redirect>start</Redirect>")
    assert leg.errors == [11100]
    assert "application error" in leg.heard[-1]


def test_nothing_is_said_after_a_hang_up() -> None:
    leg = ScriptedLeg()
    follow(leg, "<Pause length='2'/><Hangup/><Say>never</Say>")
    assert leg.heard == ["(2 s)"]


def test_an_error_is_spoken_unless_a_fallback_helps() -> None:
    leg = ScriptedLeg("7")
    follow(leg, ASK)
    assert leg.errors == [11200]
    assert "application error" in leg.heard[-1]

    leg = ScriptedLeg("7")
    leg.help = Document(parse("<Response><Say>Ersatz</Say></Response>"))
    follow(leg, ASK)
    assert leg.heard[-1] == "Ersatz"


def test_new_instructions_from_outside_replace_the_old_ones() -> None:
    leg = ScriptedLeg()
    leg.new_course = [Document((Hangup(),))]
    follow(leg, "<Say>one</Say><Say>two</Say>")
    assert leg.heard == ["one"]


def test_a_hang_up_of_the_other_side_ends_everything() -> None:
    class Gone(ScriptedLeg):
        def say(self, text: str, language: str) -> bool:
            raise HungUp

    with pytest.raises(HungUp):
        follow(Gone(), "<Say>one</Say>")


def test_the_defaults_are_those_of_twilio() -> None:
    gather, pause, redirect = parse(
        "<Response><Gather/><Pause/><Redirect>x</Redirect></Response>"
    )
    assert gather == Gather(timeout=5, finish_on_key="#", num_digits=None)
    assert pause == Pause(1)
    assert redirect == Redirect("x", "POST")


def test_speech_keeps_its_words_through_markup_inside_it() -> None:
    (say,) = parse("<Response><Say>Server <break/>web\n 3 &amp; 4</Say></Response>")
    assert say == Say("Server web 3 & 4")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", 12100),
        ("<Response><Say>open</Response>", 12100),
        ('<!DOCTYPE x [<!ENTITY y "z">]><Response/>', 12100),
        ("<html/>", 12102),
        ("<Response><Shout>x</Shout></Response>", 12200),
        ("<Response><Gather numdigits='1'/></Response>", 12200),
        ("<Response><Gather numDigits='0'/></Response>", 12200),
        ("<Response><Gather timeout='soon'/></Response>", 12200),
        ("<Response><Gather finishOnKey='12'/></Response>", 12200),
        ("<Response><Gather input='speech'/></Response>", 12200),
        ("<Response><Gather><Hangup/></Gather></Response>", 12200),
        ("<Response><Redirect method='PUT'>x</Redirect></Response>", 12200),
        ("<Response><Dial><Queue>x</Queue></Dial></Response>", 12200),
    ],
)
def test_what_is_not_twiml_is_an_error_with_its_code(document: str, code: int) -> None:
    with pytest.raises(TwimlError) as error:
        parse(document)
    assert error.value.code == code


def test_an_inline_document_needs_full_addresses() -> None:
    leg = ScriptedLeg("7")
    document = Document(parse(f"<Response>{ASK}</Response>"))
    perform(leg, lambda: document)
    assert leg.errors == [11100]
    assert leg.asked == []
