"""Nights in which technicians call over the bridge, by real telephones."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from emergency.actions.refusal import Refused
from emergency.models import Bridge, Incident
from emergency.queries.bridge import bridge_view
from tests.integration.emergency.bridging import (
    CUSTOMER,
    answers,
    attempt_of,
    customer,
    over,
    presses_the_key,
    starts,
    taken_by_anna,
)
from tests.night import NUMBERS, Night
from tests.telephone import Conversation, eventually


@pytest.fixture
def incident(night: Night) -> Incident:
    return taken_by_anna(night)


def test_the_technician_is_rung_then_the_customer_and_the_call_is_the_proof(
    night, incident
):
    night.pass_time(minutes=4)
    bridge = starts(night, incident)
    call = answers(night)
    assert not customer(night).calls()
    presses_the_key(call)
    answered = customer(night).answer()
    eventually(lambda: Bridge.objects.get().answered_at, why="the answer is told")
    night.now += timedelta(minutes=3)
    answered.hang_up()
    call.hears("How did it go?")
    call.press("1")
    call.hears("customer is reached")
    over(bridge)

    attempt = attempt_of(bridge)
    assert (attempt.outcome, attempt.proof) == ("reached", "bridge")
    assert attempt.at == bridge.answered_at == night.now - timedelta(minutes=3)
    assert bridge.talked_seconds is not None
    incident.refresh_from_db()
    assert incident.status == Incident.Status.REACHED
    # The customer picked up in time; that the key came later changes nothing.
    assert incident.reached_at == bridge.answered_at
    assert incident.callback_outcome == "met"
    (leg,) = customer(night).calls()
    (own,) = night.phone("Anna").calls()
    assert (bridge.leg_id, bridge.provider_id) == (leg["sid"], own["sid"])
    assert leg["parent_sid"] == own["sid"]


def test_a_promise_is_kept_by_the_answer_and_not_by_the_word_about_it(night, incident):
    # Reminders and pages ring telephones of their own.
    incident.due_rows.exclude(kind="deadline").update(done_at=night.now)
    night.pass_time(minutes=29)
    bridge = starts(night, incident)
    call = answers(night)
    presses_the_key(call)
    answered = customer(night).answer()
    eventually(lambda: Bridge.objects.get().answered_at, why="the answer is told")
    night.pass_time(minutes=5)
    assert night.timeline(incident).count("deadline_missed") == 1
    answered.hang_up()
    call.hears("How did it go?")
    call.press("1")
    attempt_of(bridge)
    incident.refresh_from_db()
    assert incident.callback_outcome == "met"
    assert incident.missed_at is None


@pytest.mark.parametrize(
    ("behaviour", "outcome", "words"),
    [("busy", "busy", "The line is busy"), ("declines:0", "busy", "The line is busy")],
)
def test_busy_is_noted_without_a_word_of_the_technician(
    night, incident, behaviour, outcome, words
):
    customer(night).behave(behaviour)
    bridge = starts(night, incident)
    call = answers(night)
    presses_the_key(call)
    call.hears(words)
    attempt = attempt_of(over(bridge))
    assert (attempt.outcome, attempt.proof) == (outcome, "bridge")
    assert attempt.number == CUSTOMER
    assert attempt.at == bridge.pressed_at
    incident.refresh_from_db()
    assert incident.status == Incident.Status.ACKNOWLEDGED


def test_a_telephone_that_nobody_picks_up_is_a_proven_attempt(
    night, incident, monkeypatch
):
    monkeypatch.setattr(
        "emergency.pagers.twiml_of_the_bridge.RINGS_FOR", timedelta(seconds=1)
    )
    bridge = starts(night, incident)
    call = answers(night)
    presses_the_key(call)
    call.hears("Nobody answers")
    attempt = attempt_of(over(bridge))
    assert (attempt.outcome, attempt.proof) == ("no_answer", "bridge")


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("2", "mailbox"),
        ("3", "wrong_number"),
        ("4", "wrong_person"),
        ("5", "no_answer"),
    ],
)
def test_a_connection_is_no_reaching_unless_the_technician_says_so(
    night, incident, key, outcome
):
    customer(night).behave("mailbox")
    bridge = starts(night, incident)
    call = answers(night)
    presses_the_key(call)
    eventually(lambda: Bridge.objects.get().answered_at, why="the mailbox answers")
    call.press("*")
    call.hears("How did it go?")
    call.press(key)
    attempt = attempt_of(over(bridge))
    assert (attempt.outcome, attempt.proof) == (outcome, "bridge")
    incident.refresh_from_db()
    assert incident.reached_at is None
    assert incident.callback_outcome == "pending"


def said_again(call: Conversation, times: int) -> None:
    """The question was repeated so often, and is listened to."""

    def listens() -> bool:
        asked = call.heard().count("That was another key")
        return asked == times and bool(call._call()["gathering"])

    eventually(listens, why=f"asked again {times} times")


def test_a_wrong_digit_asks_again_and_never_dials(night, incident):
    bridge = starts(night, incident)
    call = answers(night)
    wrong = "1" if bridge.digit != "1" else "2"
    for times in (1, 2, 3):
        call.press(wrong)
        if times < 3:
            said_again(call, times)
    assert not customer(night).calls()
    over(bridge)
    assert bridge.end_code == "no_key_pressed"
    assert not incident.callback_attempts.exists()
    spoken = call.heard()
    for secret in (incident.reference, CUSTOMER, "hunter2", "web01"):
        assert secret not in spoken


def test_whoever_picks_up_without_the_key_hears_neither_number_nor_incident(
    night, incident
):
    bridge = starts(night, incident)
    call = night.phone("Anna").answer()
    over(bridge)
    spoken = call.heard()
    assert "No key was pressed" in spoken
    for secret in (incident.reference, CUSTOMER, "emergency", "web01"):
        assert secret not in spoken
    (order,) = [
        r for r in night.network.requests() if NUMBERS["Anna"][1:] in r["body"]
    ][-1:]
    assert CUSTOMER[1:] not in order["body"]


@pytest.mark.parametrize(
    ("behaviour", "code"), [("busy", "busy"), ("mailbox", "no_key_pressed")]
)
def test_a_telephone_of_the_technician_that_is_not_free_calls_nobody(
    night, incident, behaviour, code
):
    night.phone("Anna").behave(behaviour)
    bridge = over(starts(night, incident))
    assert bridge.end_code == code
    assert not customer(night).calls()
    assert "bridge_failed" in night.timeline(incident)
    with override("en"):
        view = bridge_view(incident, night.people["Anna"], night.now)
    assert "came to nothing" in view.state
    # The next one may begin at once.
    assert starts(night, incident).pk != bridge.pk


def test_there_are_never_two_bridges_for_one_incident(night, incident):
    bridge = starts(night, incident)
    assert starts(night, incident).pk == bridge.pk
    with pytest.raises(Refused) as refused:
        starts(night, incident, "Bernd")
    assert refused.value.code == "bridge_runs"
    assert "Anna Test" in str(refused.value)
    assert Bridge.objects.count() == 1
    assert len(night.phone("Anna").calls()) == 1
    assert not night.phone("Bernd").calls()


def test_a_technician_who_hangs_up_says_at_the_desk_how_it_ended(night, incident):
    bridge = starts(night, incident)
    call = answers(night)
    presses_the_key(call)
    customer(night).answer()
    eventually(lambda: Bridge.objects.get().answered_at, why="the answer is told")
    call.hang_up()
    over(bridge)
    eventually(lambda: Bridge.objects.get().talked_seconds is not None, why="the end")
    assert not incident.callback_attempts.exists()
    view = bridge_view(incident, night.people["Anna"], night.now)
    assert view.unsettled == bridge
    assert bridge_view(incident, night.people["Bernd"], night.now).unsettled is None
    assert "bridge_unsettled" in night.timeline(incident)


def test_an_extension_is_dialled_after_the_switchboard(night, incident):
    incident.reports.update(callback_extension="17")
    starts(night, incident)
    presses_the_key(answers(night))
    switchboard = customer(night).answer()
    eventually(lambda: "wwww17" in switchboard.heard(), why="the extension is dialled")


def test_the_caller_id_is_the_one_of_the_settings(night, incident, settings):
    settings.BRIDGE_CALLER_ID = "+4317654321"
    starts(night, incident)
    presses_the_key(answers(night))
    assert customer(night).ringing()["from"] == "+4317654321"
