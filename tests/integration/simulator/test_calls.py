"""A call lives as at Twilio, seen through Twilio's own client and callbacks."""

import pytest

from tests.integration.simulator.exchange import (
    ANNA,
    ASK,
    OURS,
    Application,
    Simulator,
    callbacks,
    ring,
)

pytestmark = pytest.mark.no_servers


def test_a_pressed_key_reaches_the_action_and_the_call_goes_on(
    simulator: Simulator, application: Application
) -> None:
    thanks = "<Response><Say>Danke</Say></Response>"
    action = application.will_answer("/pressed", thanks)
    call = ring(
        simulator, application, twiml=ASK.format(timeout=60, action=f"{action}?a=1")
    )
    assert call.status == "queued"
    simulator.pick_up(call.sid)
    simulator.wait_for_keys(call.sid)
    assert simulator.act(f"/sim/calls/{call.sid}/press", digits="7")["heard"]
    simulator.wait_for(call.sid, "completed")

    (pressed,) = application.at("/pressed")
    assert pressed.signed
    assert pressed.fields["Digits"] == "7"
    assert pressed.fields["a"] == "1"
    assert pressed.fields["CallStatus"] == "in-progress"
    assert simulator.said(call.sid) == ["Bitte die 7", "Danke"]
    callbacks(application, ["initiated", "ringing", "in-progress", "completed"])


def test_callbacks_are_signed_numbered_and_carry_what_twilio_sends(
    simulator: Simulator, application: Application
) -> None:
    call = ring(simulator, application)
    simulator.pick_up(call.sid)
    callbacks(application, ["initiated", "ringing", "in-progress", "completed"])
    entries = application.at("/status")
    assert all(entry.signed for entry in entries)
    assert [entry.fields["SequenceNumber"] for entry in entries] == list("0123")
    for entry in entries:
        assert entry.fields["CallSid"] == call.sid
        assert entry.fields["To"] == ANNA
        assert entry.fields["From"] == OURS
        assert entry.fields["Direction"] == "outbound-api"
        assert entry.fields["ApiVersion"] == "2010-04-01"
        assert entry.fields["CallbackSource"] == "call-progress-events"
        assert entry.fields["Timestamp"].endswith("+0000")
    last = entries[-1].fields
    assert 0 <= int(last["CallDuration"]) <= 10
    assert last["Duration"] == ("0" if last["CallDuration"] == "0" else "1")
    assert "CallDuration" not in entries[0].fields


def test_only_the_end_is_told_unless_more_was_ordered(
    simulator: Simulator, application: Application
) -> None:
    call = simulator.client().calls.create(
        to=ANNA,
        from_=OURS,
        twiml="<Response/>",
        status_callback=application.url + "/status",
    )
    simulator.pick_up(call.sid)
    callbacks(application, ["completed"])
    assert application.at("/status")[0].fields["SequenceNumber"] == "0"


def test_instructions_are_fetched_when_the_phone_is_answered_not_before(
    simulator: Simulator, application: Application
) -> None:
    url = application.will_answer("/voice", "<Response><Say>Guten Tag</Say></Response>")
    call = ring(simulator, application, url=url)
    simulator.wait_for(call.sid, "ringing")
    assert application.at("/voice") == []
    simulator.pick_up(call.sid)
    simulator.wait_for(call.sid, "completed")
    (fetched,) = application.at("/voice")
    assert fetched.signed
    assert fetched.fields["CallSid"] == call.sid
    assert simulator.said(call.sid) == ["Guten Tag"]


def test_instructions_can_be_fetched_by_get_with_a_signed_query(
    simulator: Simulator, application: Application
) -> None:
    url = application.will_answer("/voice", "<Response/>")
    call = ring(simulator, application, url=f"{url}?token=a%20b", method="GET")
    simulator.pick_up(call.sid)
    simulator.wait_for(call.sid, "completed")
    (fetched,) = application.at("/voice")
    assert fetched.signed
    assert fetched.fields["token"] == "a b"
    assert fetched.fields["CallSid"] == call.sid


def test_silence_falls_through_to_the_next_verb(
    simulator: Simulator, application: Application
) -> None:
    action = application.url + "/pressed"
    call = ring(simulator, application, twiml=ASK.format(timeout=1, action=action))
    simulator.pick_up(call.sid)
    simulator.wait_for(call.sid, "completed")
    assert simulator.said(call.sid) == ["Bitte die 7", "Nichts erkannt"]
    assert application.at("/pressed") == []


def test_keys_end_with_the_finishing_key_and_interrupt_the_speech(
    simulator: Simulator, application: Application
) -> None:
    action = application.will_answer("/pressed", "<Response/>")
    speech = "<Say>" + "lang " * 3000 + "</Say>"
    twiml = f'<Response><Gather action="{action}">{speech}</Gather></Response>'
    url = application.will_answer("/voice", twiml)
    call = ring(simulator, application, url=url)
    simulator.pick_up(call.sid)
    simulator.wait_for_keys(call.sid)
    simulator.act(f"/sim/calls/{call.sid}/press", digits="48")
    simulator.act(f"/sim/calls/{call.sid}/press", digits="31#")
    simulator.wait_for(call.sid, "completed")
    (pressed,) = application.at("/pressed")
    assert pressed.fields["Digits"] == "4831"
    assert pressed.fields["FinishedOnKey"] == "#"


def test_keys_count_only_while_somebody_listens(
    simulator: Simulator, application: Application
) -> None:
    twiml = "<Response><Pause length='60'/></Response>"
    call = ring(simulator, application, twiml=twiml)
    simulator.pick_up(call.sid)
    assert simulator.act(f"/sim/calls/{call.sid}/press", digits="7")["heard"] is False


def test_the_api_gives_a_running_call_new_instructions(
    simulator: Simulator, application: Application
) -> None:
    twiml = "<Response><Pause length='60'/></Response>"
    call = ring(simulator, application, twiml=twiml)
    simulator.pick_up(call.sid)
    call.update(twiml="<Response><Say>Jemand hat es</Say></Response>")
    simulator.wait_for(call.sid, "completed")
    assert simulator.said(call.sid) == ["Jemand hat es"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"body": "oh", "status": 500}, "11200"),
        ({"body": "<Response><Say>"}, "12100"),
        ({"body": "<Response/>", "kind": "application/json"}, "12300"),
        ({"body": "", "kind": ""}, "12300"),
    ],
)
def test_bad_instructions_are_heard_as_an_application_error(
    simulator: Simulator, application: Application, answer: dict[str, str], code: str
) -> None:
    url = application.will_answer("/voice", **answer)  # type: ignore[arg-type]
    call = ring(simulator, application, url=url)
    simulator.pick_up(call.sid)
    ended = simulator.wait_for(call.sid, "completed")
    assert "an application error has occurred" in simulator.said(call.sid)[0]
    assert ended["transcript"][0]["text"].startswith(code)


def test_the_fallback_address_is_asked_when_the_first_fails(
    simulator: Simulator, application: Application
) -> None:
    help_ = application.will_answer("/help", "<Response><Say>Ersatz</Say></Response>")
    call = ring(
        simulator, application, url="http://127.0.0.1:1/gone", fallback_url=help_
    )
    simulator.pick_up(call.sid)
    simulator.wait_for(call.sid, "completed")
    assert simulator.said(call.sid) == ["Ersatz"]
    assert application.at("/help")[0].fields["ErrorCode"] == "11205"
