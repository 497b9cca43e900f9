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
