"""How calls end: by the phone, the person, the API or the clock."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.integration.simulator.exchange import (
    ANNA,
    ASK,
    Application,
    Simulator,
    callbacks,
    ring,
)

pytestmark = pytest.mark.no_servers


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


def test_a_call_ends_at_its_time_limit(
    simulator: Simulator, application: Application
) -> None:
    twiml = "<Response><Pause length='600'/></Response>"
    call = ring(simulator, application, twiml=twiml, time_limit=1)
    simulator.pick_up(call.sid)
    assert simulator.wait_for(call.sid, "completed")["duration"] >= 1
