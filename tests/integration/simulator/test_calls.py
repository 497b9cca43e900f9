"""A call lives as at Twilio, seen through Twilio's own client and callbacks."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.api.v2010.account.call import CallInstance

from tests.integration.simulator.exchange import (
    ANNA,
    BERND,
    OURS,
    Application,
    Simulator,
    eventually,
)

pytestmark = pytest.mark.no_servers

ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
ASK = (
    '<Response><Gather numDigits="1" timeout="{timeout}" action="{action}">'
    '<Say language="de-DE">Bitte die 7</Say></Gather>'
    "<Say>Nichts erkannt</Say></Response>"
)


def ring(
    simulator: Simulator,
    application: Application,
    *,
    twiml: str = "<Response><Say>Hallo</Say></Response>",
    **options: object,
) -> CallInstance:
    given = {"url": options["url"]} if "url" in options else {"twiml": twiml}
    return simulator.client().calls.create(
        **{
            "to": ANNA,
            "from_": OURS,
            "status_callback": application.url + "/status",
            "status_callback_event": ALL_EVENTS,
            **given,
            **options,
        }
    )


def callbacks(application: Application, expected: list[str]) -> None:
    eventually(lambda: application.statuses("/status") == expected)


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
    assert last["CallDuration"] == "0"
    assert last["Duration"] == "0"
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


@pytest.mark.parametrize(
    ("behaviour", "status", "told"),
    [
        ("busy", "busy", ["initiated", "busy"]),
        ("no_answer", "no-answer", ["initiated", "ringing", "no-answer"]),
        ("unreachable", "failed", ["initiated", "failed"]),
    ],
)
def test_a_call_that_nobody_takes_ends_as_the_phone_behaves(
    simulator: Simulator,
    application: Application,
    behaviour: str,
    status: str,
    told: list[str],
) -> None:
    simulator.act(f"/sim/phones/{ANNA}/behaviour", behaviour=behaviour)
    call = ring(simulator, application, timeout=1)
    simulator.wait_for(call.sid, status)
    callbacks(application, told)
    last = application.at("/status")[-1].fields
    assert last["CallDuration"] == "0"
    assert last["SipResponseCode"] in ("404", "486", "487")
    fetched = simulator.client().calls(call.sid).fetch()
    assert fetched.status == status
    assert fetched.duration is None


def test_ringing_ends_after_the_timeout(
    simulator: Simulator, application: Application
) -> None:
    call = ring(simulator, application, timeout=1)
    ended = simulator.wait_for(call.sid, "no-answer")
    assert ended["answered"] is None
    assert simulator.post(f"/sim/calls/{call.sid}/answer")[0] == 409


def test_a_mailbox_answers_and_presses_nothing(
    simulator: Simulator, application: Application
) -> None:
    simulator.act(f"/sim/phones/{ANNA}/behaviour", behaviour="mailbox")
    url = application.will_answer(
        "/voice", ASK.format(timeout=1, action=application.url + "/pressed")
    )
    call = ring(simulator, application, url=url, machine_detection="Enable")
    simulator.wait_for(call.sid, "completed")
    assert application.at("/voice")[0].fields["AnsweredBy"] == "machine_start"
    assert application.at("/pressed") == []
    fetched = simulator.client().calls(call.sid).fetch()
    assert fetched.answered_by == "machine_start"
    # As at Twilio, nobody says who answered unless detection was ordered.
    plain = ring(simulator, application)
    assert simulator.wait_for(plain.sid, "completed")["machine"] is True
    assert simulator.client().calls(plain.sid).fetch().answered_by is None


def test_declining_makes_the_line_busy(
    simulator: Simulator, application: Application
) -> None:
    call = ring(simulator, application)
    simulator.wait_for(call.sid, "ringing")
    simulator.act(f"/sim/calls/{call.sid}/reject")
    callbacks(application, ["initiated", "ringing", "busy"])


def test_a_person_may_hang_up_in_the_middle(
    simulator: Simulator, application: Application
) -> None:
    twiml = "<Response><Pause length='60'/><Say>never</Say></Response>"
    call = ring(simulator, application, twiml=twiml)
    simulator.pick_up(call.sid)
    simulator.act(f"/sim/calls/{call.sid}/hangup")
    callbacks(application, ["initiated", "ringing", "in-progress", "completed"])
    assert simulator.said(call.sid) == []
    assert simulator.post(f"/sim/calls/{call.sid}/press", digits="1")[0] == 409


def test_the_api_cancels_before_and_completes_after_the_answer(
    simulator: Simulator, application: Application
) -> None:
    client = simulator.client()
    first = ring(simulator, application)
    simulator.wait_for(first.sid, "ringing")
    assert client.calls(first.sid).update(status="completed").status == "canceled"

    twiml = "<Response><Pause length='60'/></Response>"
    second = ring(simulator, application, twiml=twiml)
    simulator.pick_up(second.sid)
    with pytest.raises(TwilioRestException) as refused:
        client.calls(second.sid).update(status="canceled")
    assert refused.value.code == 21220
    assert client.calls(second.sid).update(status="completed").status == "completed"
    with pytest.raises(TwilioRestException) as refused:
        client.calls(second.sid).update(twiml="<Response/>")
    assert refused.value.code == 21220


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


def test_a_call_ends_at_its_time_limit(
    simulator: Simulator, application: Application
) -> None:
    twiml = "<Response><Pause length='600'/></Response>"
    call = ring(simulator, application, twiml=twiml, time_limit=1)
    simulator.pick_up(call.sid)
    assert simulator.wait_for(call.sid, "completed")["duration"] == 1


def test_a_dialled_number_is_connected_and_both_ends_are_told(
    simulator: Simulator, application: Application
) -> None:
    bridge = application.will_answer("/bridge", "<Response/>")
    twiml = (
        f'<Response><Dial callerId="{OURS}" action="{bridge}">'
        f'<Number statusCallback="{application.url}/leg" '
        f'statusCallbackEvent="answered completed">{BERND}</Number></Dial></Response>'
    )
    call = ring(simulator, application, twiml=twiml)
    simulator.pick_up(call.sid)

    def child_sid() -> str | None:
        state = simulator.state()["phones"]
        calls = [c for p in state if p["number"] == BERND for c in p["calls"]]
        return calls[0]["sid"] if calls else None

    child = eventually(child_sid)
    simulator.pick_up(child)
    eventually(
        lambda: any(
            x["kind"] == "connected" for x in simulator.call(call.sid)["transcript"]
        )
    )
    simulator.act(f"/sim/calls/{child}/hangup")
    simulator.wait_for(call.sid, "completed")
    fields = application.at("/bridge")[0].fields
    assert fields["DialCallSid"] == child
    assert fields["DialCallStatus"] == "completed"
    assert fields["DialBridged"] == "true"
    eventually(lambda: application.statuses("/leg") == ["in-progress", "completed"])
    leg = application.at("/leg")[0].fields
    assert leg["ParentCallSid"] == call.sid
    assert leg["Direction"] == "outbound-dial"
    (listed,) = simulator.client().calls.list(parent_call_sid=call.sid)
    assert listed.sid == child


def test_a_hang_up_of_the_first_ends_the_second_leg(
    simulator: Simulator, application: Application
) -> None:
    twiml = f"<Response><Dial>{BERND}</Dial></Response>"
    call = ring(simulator, application, twiml=twiml)
    simulator.pick_up(call.sid)
    client = simulator.client()
    child = eventually(lambda: client.calls.list(parent_call_sid=call.sid))[0]
    simulator.wait_for(child.sid, "ringing")
    simulator.act(f"/sim/calls/{call.sid}/hangup")
    simulator.wait_for(child.sid, "canceled")
