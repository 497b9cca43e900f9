"""A call that rings a second phone and connects the two."""

import pytest

from tests.integration.simulator.exchange import (
    BERND,
    OURS,
    Application,
    Simulator,
    eventually,
    ring,
)

pytestmark = pytest.mark.no_servers


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


def bridge_to(application: Application, number: str, **attributes: str) -> str:
    """TwiML that dials this number and reports to /done; attributes of <Number>."""
    done = application.will_answer("/done", "<Response/>")
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<Response><Dial hangupOnStar="true" action="{done}">'
        f"<Number{more}>{number}</Number></Dial></Response>"
    )


def picked_up_on_both_ends(
    simulator: Simulator, application: Application, twiml: str
) -> tuple[str, str]:
    """The identifiers of two connected legs."""
    call = ring(simulator, application, twiml=twiml)
    simulator.pick_up(call.sid)
    client = simulator.client()
    child = eventually(lambda: client.calls.list(parent_call_sid=call.sid))[0]
    simulator.pick_up(child.sid)
    return call.sid, child.sid


def test_the_star_key_ends_the_second_leg_and_the_first_goes_on(
    simulator: Simulator, application: Application
) -> None:
    twiml = bridge_to(application, BERND)
    first, second = picked_up_on_both_ends(simulator, application, twiml)
    assert simulator.act(f"/sim/calls/{first}/press", digits="5")["heard"] is False
    assert simulator.act(f"/sim/calls/{first}/press", digits="*")["heard"] is True
    simulator.wait_for(second, "completed")
    eventually(lambda: bool(application.at("/done")))
    fields = application.at("/done")[0].fields
    assert fields["DialCallStatus"] == "completed"
    assert fields["CallSid"] == first


def test_an_extension_is_dialled_once_the_switchboard_has_answered(
    simulator: Simulator, application: Application
) -> None:
    twiml = bridge_to(application, BERND, sendDigits="wwww17")
    _first, second = picked_up_on_both_ends(simulator, application, twiml)
    heard = eventually(
        lambda: [
            line
            for line in simulator.call(second)["transcript"]
            if line["kind"] == "digits"
        ]
    )
    assert heard[0]["text"] == "wwww17"


def test_a_number_that_nobody_can_have_fails_and_the_document_goes_on(
    simulator: Simulator, application: Application
) -> None:
    call = ring(simulator, application, twiml=bridge_to(application, "+430661234"))
    simulator.pick_up(call.sid)
    eventually(lambda: bool(application.at("/done")))
    fields = application.at("/done")[0].fields
    assert fields["DialCallStatus"] == "failed"
    assert "DialCallSid" not in fields


@pytest.mark.parametrize("shown", ["01234", "+15005550007"])
def test_a_caller_id_that_is_not_ours_ends_the_call(
    simulator: Simulator, application: Application, shown: str
) -> None:
    twiml = f'<Response><Dial callerId="{shown}">{BERND}</Dial></Response>'
    call = ring(simulator, application, twiml=twiml)
    simulator.pick_up(call.sid)
    simulator.wait_for(call.sid, "completed")
    said = [line["text"] for line in simulator.call(call.sid)["transcript"]]
    assert any("13214" in text for text in said)
    assert not simulator.client().calls.list(parent_call_sid=call.sid)


def test_a_customer_talks_for_a_while_and_hangs_up(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(BERND, "talks:1")
    call = ring(simulator, application, twiml=bridge_to(application, BERND))
    simulator.pick_up(call.sid)
    eventually(lambda: bool(application.at("/done")))
    fields = application.at("/done")[0].fields
    assert (fields["DialCallStatus"], fields["DialBridged"]) == ("completed", "true")
    assert fields["DialCallDuration"] == "1"
