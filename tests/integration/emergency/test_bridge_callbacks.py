"""What the provider says of a call over the bridge is taken in once, never backwards,
and only where it is signed."""

import re
from datetime import timedelta
from email.utils import format_datetime

import pytest

from emergency.actions.bridge import start_bridge
from emergency.actions.bridge_end import end_silent_bridges
from emergency.actions.bridge_send import LEASE, place_bridge
from emergency.actions.callback import record_attempt
from emergency.actions.cancellation import cancel
from emergency.models import Bridge, CallbackAttempt, Incident, ProviderCallback
from emergency.rules.bridge import PLACED_WITHIN, SILENCE
from tests.integration.emergency.provider import (
    BAD_NUMBER,
    BROKEN,
    TAKEN,
    WRONG_TOKEN,
)
from tests.people import NIGHT

OURS, LEG = "CA" + "1" * 32, "CA" + "2" * 32
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class Clock:
    now = NIGHT


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def bridge(incident, anna, clock) -> Bridge:
    """Anna has pressed the button at 02:11; nothing was placed yet."""
    return start_bridge(incident_id=incident.pk, staff=anna.staff, now=NIGHT)


@pytest.fixture
def says(bridge, provider_says):
    """The provider reports about this bridge."""

    def say(what, **values):
        path = f"/webhooks/twilio/bridge/{bridge.token}/{what}"
        return provider_says(path, **{"CallSid": OURS, **values})

    return say


@pytest.fixture
def dialled(bridge, says) -> Bridge:
    """The key was pressed at 02:11."""
    assert b"<Dial" in says("key", Digits=bridge.digit).content
    return Bridge.objects.get()


def leg(word, sequence, at=NIGHT, **more):
    return {
        "CallSid": LEG,
        "ParentCallSid": OURS,
        "CallStatus": word,
        "SequenceNumber": str(sequence),
        "Timestamp": format_datetime(at),
        **more,
    }


def is_over(**more):
    return {
        "DialCallSid": LEG,
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallDuration": "60",
        **more,
    }


def now(bridge: Bridge) -> Bridge:
    bridge.refresh_from_db()
    return bridge


def test_the_button_pressed_twice_is_one_call(incident, anna, bridge):
    again = start_bridge(incident_id=incident.pk, staff=anna.staff, now=NIGHT)
    assert again == bridge
    assert incident.timeline.filter(code="bridge_started").count() == 1


@pytest.mark.parametrize("what", ["status", "key", "leg", "done", "outcome"])
def test_nobody_but_the_provider_is_heard(bridge, client, provider_says, what):
    path = f"/webhooks/twilio/bridge/{bridge.token}/{what}"
    values = {"CallSid": OURS, "Digits": bridge.digit, "CallStatus": "completed"}
    assert client.post(path, values).status_code == 403
    assert provider_says(path, token="of somebody else", **values).status_code == 403
    assert client.get(path).status_code == 405
    assert not ProviderCallback.objects.exists()
    assert now(bridge).pressed_at is None


@pytest.mark.parametrize("what", ["status", "key", "leg", "done", "outcome"])
def test_a_token_that_nobody_gave_out_is_not_found(db, provider_says, what):
    path = f"/webhooks/twilio/bridge/nobody/{what}"
    assert provider_says(path, CallSid=OURS).status_code == 404


def test_only_the_key_brings_the_customers_number_to_the_provider(bridge, says):
    number = bridge.customers_number
    wrong = "1" if bridge.digit != "1" else "2"
    answer = says("key", Digits=wrong).content.decode()
    assert number not in answer
    assert bridge.incident.reference not in answer
    assert number in says("key", Digits=bridge.digit).content.decode()


def test_the_key_told_twice_says_the_same_and_in_another_call_dials_nobody(
    dialled, says
):
    before = dialled.incident.timeline.count()
    assert b"<Dial" in says("key", Digits=dialled.digit).content
    other = says("key", Digits=dialled.digit, CallSid="CA" + "9" * 32).content
    assert b"<Dial" not in other
    assert b"in another call already" in other
    assert dialled.incident.timeline.count() == before


def test_the_answer_of_the_leg_is_the_proof_with_the_providers_instant(
    dialled, says, clock
):
    clock.now = NIGHT + 30 * SECOND
    said = NIGHT + 12 * SECOND
    says("leg", **leg("in-progress", 2, at=said))
    assert now(dialled).answered_at == said
    assert dialled.provider_answered_at == said
    clock.now = NIGHT + 5 * MINUTE
    end = said + 4 * MINUTE
    says("leg", **leg("completed", 3, at=end, CallDuration="240"))
    assert now(dialled).talked_seconds == 240
    assert dialled.answered_at == said


def test_a_lost_answer_is_told_by_the_end(dialled, says, clock):
    clock.now = NIGHT + 5 * MINUTE
    end = NIGHT + 4 * MINUTE
    says("leg", **leg("completed", 3, at=end, CallDuration="180"))
    assert now(dialled).answered_at == NIGHT + MINUTE
    assert dialled.provider_answered_at is None


def test_the_leg_may_be_known_by_the_question_alone(dialled, says, clock):
    clock.now = NIGHT + 3 * MINUTE
    assert b"How did it go?" in says("done", **is_over()).content
    says("outcome", Digits="1")
    attempt = CallbackAttempt.objects.get()
    assert (attempt.outcome, attempt.proof) == ("reached", "bridge")
    assert attempt.at == NIGHT + 2 * MINUTE
    assert Incident.objects.get().reached_at == NIGHT + 2 * MINUTE


def test_late_and_repeated_callbacks_change_nothing(dialled, says, clock):
    clock.now = NIGHT + 2 * MINUTE
    says("leg", **leg("in-progress", 2, at=NIGHT + 10 * SECOND))
    says("leg", **leg("completed", 3, at=NIGHT + 70 * SECOND, CallDuration="60"))
    says("done", **is_over())
    says("outcome", Digits="1")
    says("status", CallStatus="completed", SequenceNumber="3")

    def everything():
        rows = [Bridge, CallbackAttempt, Incident]
        return [
            *(list(model._default_manager.values()) for model in rows),
            dialled.incident.timeline.count(),
        ]

    before = everything()
    assert now(dialled).ended_at is not None
    clock.now = NIGHT + 9 * MINUTE
    for _ in range(2):
        says("leg", **leg("in-progress", 2, at=NIGHT + 10 * SECOND))
        says("leg", **leg("ringing", 1))
        says("leg", **leg("completed", 3, at=NIGHT + 70 * SECOND, CallDuration="60"))
        says("done", **is_over())
        says("outcome", Digits="1")
        says("status", CallStatus="ringing", SequenceNumber="1")
        says("status", CallStatus="completed", SequenceNumber="3")
    assert everything() == before


def test_the_first_word_of_the_technician_counts(dialled, says):
    says("done", **is_over())
    says("outcome", Digits="2")
    assert b"a mailbox answered" in says("outcome", Digits="1").content
    assert CallbackAttempt.objects.get().outcome == "mailbox"


def test_a_wrong_key_asks_how_it_went_again_and_then_sends_to_the_desk(dialled, says):
    says("done", **is_over())
    asked = says("outcome", Digits="8").content.decode()
    assert re.search(r"outcome\?asked=1", asked)
    says("outcome?asked=1", Digits="8")
    last = says("outcome?asked=2", Digits="8").content.decode()
    assert "at the desk" in last
    assert "<Gather" not in last
    assert not CallbackAttempt.objects.exists()


@pytest.mark.parametrize("word", ["busy", "no-answer"])
def test_busy_and_no_answer_are_noted_once_whoever_tells_it(dialled, says, word):
    says("leg", **leg(word, 2, CallDuration="0"))
    says("done", DialCallSid=LEG, DialCallStatus=word, DialBridged="false")
    says("status", CallStatus="completed", SequenceNumber="3")
    attempt = CallbackAttempt.objects.get()
    assert attempt.outcome == word.replace("-", "_")
    assert attempt.proof == "bridge"


def test_a_call_that_could_not_be_placed_is_no_try(dialled, says):
    answer = says("done", DialCallStatus="failed", DialBridged="false").content
    assert b"could not be called" in answer
    says("status", CallStatus="completed", SequenceNumber="3")
    assert not CallbackAttempt.objects.exists()
    assert now(dialled).end_code == "not_placed"


def test_a_leg_that_was_never_connected_is_not_proven(dialled, says):
    says("done", **is_over(DialBridged="false", DialCallDuration="0"))
    says("outcome", Digits="1")
    assert CallbackAttempt.objects.get().proof == "declared"


def test_proof_that_comes_after_the_word_still_proves(dialled, says):
    says("done", **is_over(DialBridged="false"))
    says("outcome", Digits="1")
    says("leg", **leg("in-progress", 2))
    assert CallbackAttempt.objects.get().proof == "bridge"


def test_an_emergency_that_ended_meanwhile_calls_nobody(bridge, says, incident, anna):
    cancel(incident_id=incident.pk, staff=anna.staff, now=NIGHT)
    answer = says("key", Digits=bridge.digit).content
    assert b"<Dial" not in answer
    assert b"This call is over" in answer


def test_of_a_callback_nothing_is_kept_that_names_a_person(dialled, says):
    personal = {"From": "+436641112223", "To": "+431234567890", "CallerName": "Pat"}
    says("leg", **leg("in-progress", 2, **personal))
    says("done", **is_over(**personal))
    stored = str(list(ProviderCallback.objects.values_list("values", flat=True)))
    assert ProviderCallback.objects.count() == 3
    for word in ("+43", "Pat", LEG):
        assert word not in stored


def test_the_first_status_settles_a_request_whose_answer_was_lost(
    bridge, says, provider
):
    provider.answers.extend([BROKEN])
    provider.answers.popleft()
    place_bridge(bridge_id=bridge.pk, clock=lambda: NIGHT)
    assert now(bridge).stage == "claimed"
    says("status", CallStatus="ringing", SequenceNumber="1")
    assert now(bridge).stage == "sent"
    assert bridge.provider_id == OURS
    later = NIGHT + LEASE + SECOND
    assert not place_bridge(bridge_id=bridge.pk, clock=lambda: later)


@pytest.mark.parametrize(
    ("refusal", "code"), [(BAD_NUMBER, "21217"), (WRONG_TOKEN, "20003")]
)
def test_a_refused_call_is_over_at_once_and_says_why(bridge, provider, refusal, code):
    provider.answers.appendleft(refusal)
    assert place_bridge(bridge_id=bridge.pk, clock=lambda: NIGHT)
    assert (now(bridge).stage, bridge.end_code) == ("ended", code)
    assert bridge.incident.timeline.filter(code="bridge_failed").exists()


def test_a_call_that_nobody_waits_for_any_more_is_not_placed(bridge, provider):
    late = NIGHT + PLACED_WITHIN + SECOND
    place_bridge(bridge_id=bridge.pk, clock=lambda: late)
    assert not provider.received
    assert (now(bridge).stage, bridge.end_code) == ("ended", "not_placed")


def test_a_bridge_that_has_fallen_silent_stands_in_nobodys_way(
    bridge, provider, incident, anna
):
    provider.answers.append(TAKEN)
    place_bridge(bridge_id=bridge.pk, clock=lambda: NIGHT)
    assert end_silent_bridges(now=NIGHT + SILENCE) == 0
    later = NIGHT + SILENCE + SECOND
    assert end_silent_bridges(now=later) == 1
    assert now(bridge).end_code == "silence"
    another = start_bridge(incident_id=incident.pk, staff=anna.staff, now=later)
    assert another != bridge


def test_a_call_from_ones_own_phone_is_marked_self_declared(incident, anna, clock):
    record_attempt(
        incident_id=incident.pk, staff=anna.staff, outcome="reached", now=NIGHT
    )
    attempt = CallbackAttempt.objects.get()
    assert (attempt.proof, attempt.bridge) == ("declared", None)
