"""Phones play what they were told: one behaviour after the other."""

import json

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.integration.simulator.exchange import (
    ANNA,
    OURS,
    Application,
    Simulator,
    callbacks,
    eventually,
    ring,
)

pytestmark = pytest.mark.no_servers


def casts_of(simulator: Simulator) -> dict[str, float]:
    casts: dict[str, float] = json.loads(simulator.get("/sim/casts.json")[1])
    return casts


def send(simulator: Simulator, application: Application) -> None:
    simulator.client().messages.create(
        to=ANNA, from_=OURS, body="x", status_callback=application.url + "/status"
    )


def test_each_call_meets_the_next_behaviour_and_the_last_one_stays(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "busy,failed:480,manual")
    for expected in ("busy", "failed", "ringing", "ringing"):
        sid = str(ring(simulator, application).sid)
        call = simulator.wait_for(sid, expected)
        assert call["waits_for_a_person"] is (expected == "ringing")
    assert simulator.phone(ANNA)["scripts"]["calls"] == ["manual"]


def test_messages_do_not_use_up_the_script_of_calls(
    simulator: Simulator, application: Application
) -> None:
    simulator.act(
        f"/sim/phones/{ANNA}/script", calls="busy,manual", messages="sms_sent,manual"
    )
    send(simulator, application)
    callbacks(application, ["queued", "sending", "sent"])
    simulator.wait_for(str(ring(simulator, application).sid), "busy")
    scripts = simulator.phone(ANNA)["scripts"]
    assert scripts == {"calls": ["manual"], "messages": ["manual"]}


@pytest.mark.parametrize("code", [30003, 30005, 30006, 30007, 30008])
def test_a_message_is_not_delivered_for_the_scripted_reason(
    simulator: Simulator, application: Application, code: int
) -> None:
    simulator.script(ANNA, f"sms_undelivered:{code}")
    send(simulator, application)
    callbacks(application, ["queued", "sending", "sent", "undelivered"])
    assert application.at("/status")[-1].fields["ErrorCode"] == str(code)


def test_a_message_may_fail_outright(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "sms_failed:30001")
    send(simulator, application)
    callbacks(application, ["queued", "sending", "sent", "failed"])


@pytest.mark.parametrize("code", [21211, 21214, 21408, 21612, 21614, 21610])
def test_the_network_refuses_the_number_as_often_as_scripted(
    simulator: Simulator, application: Application, code: int
) -> None:
    simulator.script(ANNA, f"refused:{code},manual")
    with pytest.raises(TwilioRestException) as call_refused:
        ring(simulator, application)
    with pytest.raises(TwilioRestException) as message_refused:
        send(simulator, application)
    for refused in (call_refused.value, message_refused.value):
        assert (refused.status, refused.code) == (400, code)
    assert ring(simulator, application).sid
    assert len(simulator.phone(ANNA)["calls"]) == 1


def test_a_call_fails_with_the_scripted_sip_code(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "failed:484")
    ring(simulator, application)
    callbacks(application, ["initiated", "failed"])
    assert application.at("/status")[-1].fields["SipResponseCode"] == "484"


def test_a_phone_declines_after_ringing(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "declines:0")
    ring(simulator, application)
    callbacks(application, ["initiated", "ringing", "busy"])


@pytest.mark.parametrize(
    ("behaviour", "detection", "found"),
    [
        ("mailbox", "Enable", "machine_start"),
        ("mailbox", "DetectMessageEnd", "machine_end_beep"),
        ("machine_end_silence", "DetectMessageEnd", "machine_end_silence"),
        ("machine_end_beep", "Enable", "machine_start"),
        ("fax", "Enable", "fax"),
        ("unknown", "Enable", "unknown"),
        ("answers:0", "Enable", "human"),
    ],
)
def test_detection_finds_who_was_scripted_to_answer(
    simulator: Simulator,
    application: Application,
    behaviour: str,
    detection: str,
    found: str,
) -> None:
    simulator.script(ANNA, behaviour)
    call = ring(simulator, application, machine_detection=detection)
    simulator.wait_for(str(call.sid), "completed")
    assert call.fetch().answered_by == found
    eventually(lambda: application.statuses("/status")[-1:] == ["completed"])
    assert application.at("/status")[-1].fields["AnsweredBy"] == found


def test_detection_in_the_background_is_told_apart(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "fax")
    ring(
        simulator,
        application,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=application.url + "/amd",
    )
    entry = eventually(lambda: application.at("/amd"))[0]
    assert entry.signed
    assert entry.fields["AnsweredBy"] == "fax"
    eventually(lambda: application.statuses("/status")[-1:] == ["completed"])
    assert "AnsweredBy" not in application.at("/status")[-1].fields


@pytest.mark.parametrize(
    "script", ["", "asleep", "busy,,manual", "busy:3", "declines:x", "failed:200"]
)
def test_a_script_that_makes_no_sense_changes_nothing(
    simulator: Simulator, script: str
) -> None:
    simulator.script(ANNA, "busy")
    path = f"/sim/phones/{ANNA}/script"
    status, answer = simulator.post(path, script=script)
    assert (status, bool(answer["error"])) == (409, True)
    assert simulator.phone(ANNA)["behaviour"] == "busy"


def test_a_cast_borrows_phones_and_gives_them_back_as_they_were(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "busy,manual")
    simulator.act("/sim/casts/night", **{ANNA: "failed:480,declines:0"})
    simulator.wait_for(str(ring(simulator, application).sid), "failed")
    simulator.wait_for(str(ring(simulator, application).sid), "busy")
    casts = casts_of(simulator)
    assert casts["night"] >= 0
    assert simulator.act("/sim/casts/night/end") == {"numbers": [ANNA]}
    # Nothing of its own script was used up meanwhile; ending again ends nothing.
    assert simulator.phone(ANNA)["scripts"]["calls"] == ["busy", "manual"]
    assert simulator.act("/sim/casts/night/end") == {"numbers": []}
    assert casts_of(simulator) == {}


def test_a_cast_that_knows_its_calls_leaves_others_alone(
    simulator: Simulator, application: Application
) -> None:
    simulator.script(ANNA, "busy,manual")
    simulator.act("/sim/casts/night", **{ANNA: "failed:480", "about": "7 K 2"})
    about_it = "<Response><Say>Emergency 7 K 2 M.</Say></Response>"
    elsewhere = "<Response><Say>Emergency 9 Q 4 X.</Say></Response>"
    simulator.wait_for(str(ring(simulator, application, twiml=elsewhere).sid), "busy")
    simulator.wait_for(str(ring(simulator, application, twiml=about_it).sid), "failed")
    # What it learns later counts, too, and its scripts stay.
    simulator.act("/sim/casts/night", about="9 Q 4")
    simulator.wait_for(str(ring(simulator, application, twiml=elsewhere).sid), "failed")
    assert simulator.act("/sim/casts/night/end") == {"numbers": [ANNA]}
    assert simulator.phone(ANNA)["scripts"]["calls"] == ["manual"]


def test_whoever_takes_a_phone_in_hand_takes_it_out_of_its_cast(
    simulator: Simulator,
) -> None:
    simulator.act("/sim/casts/night", **{ANNA: "robot", OURS: "busy"})
    simulator.script(ANNA, "no_answer")
    assert simulator.phone(ANNA)["behaviour"] == "no_answer"
    assert simulator.act("/sim/casts/night/end") == {"numbers": [OURS]}
    assert simulator.phone(ANNA)["behaviour"] == "no_answer"


def test_a_cast_that_nobody_can_play_is_refused_whole(simulator: Simulator) -> None:
    for fields in ({ANNA: "robot", OURS: "asleep"}, {"Anna": "robot"}, {}):
        status, answer = simulator.post("/sim/casts/night", **fields)
        assert status == 409, answer
    assert casts_of(simulator) == {}
