"""Handing over and calling in: nobody loses an incident because a message was sent."""

import re
from typing import Any

import pytest

from emergency.actions.acknowledge import acknowledge, release
from emergency.actions.answer import answer_by_code, answer_by_key
from emergency.actions.callback import record_attempt
from emergency.actions.closing import resolve
from emergency.actions.colleagues import accept, call_in, hand_over
from emergency.actions.refusal import Refused
from emergency.models import Incident, Page
from tests.night import NUMBERS, Night


@pytest.fixture
def night(quiet_night: Night) -> Night:
    return quiet_night


@pytest.fixture
def incident(night: Night) -> Incident:
    """Anna has it."""
    made = night.report()
    acknowledge(
        incident_id=made.pk, technician=night.people["Anna"], now=night.now, via="desk"
    )
    return made


def ask(night, incident, verb, name="Carla"):
    verb(
        incident_id=incident.pk,
        colleague=night.people[name],
        staff=night.people["Anna"].staff,
        now=night.now,
    )
    night.act()


def page_of(night, incident, name="Carla", **fields: Any) -> Page:
    return Page.objects.get(
        incident=incident, technician=night.people[name], purpose="join", **fields
    )


def press(night, incident, name="Carla"):
    page = page_of(night, incident, name, kind="voice")
    token = page.attempts.get().token
    answered = answer_by_key(token=token, digit=page.digit, now=night.now)
    night.act()
    incident.refresh_from_db()
    assert answered is not None
    return answered.code


def test_whoever_has_it_keeps_it_until_the_colleague_confirms(night, incident):
    ask(night, incident, hand_over)
    assert "Anna Test wants to hand" in night.phone("Carla").text("hand this emergency")
    night.pass_time(minutes=2)
    incident.refresh_from_db()
    assert incident.owner == night.people["Anna"]
    assert press(night, incident) == "handed_over"
    assert incident.owner == night.people["Carla"]
    assert incident.status == Incident.Status.ACKNOWLEDGED
    assert night.phone("Anna").text("Carla Test has it")
    codes = night.timeline(incident)
    assert codes.index("hand_over_asked") < codes.index("handed_over")


def test_an_sms_with_the_code_takes_it_over_too_and_its_echo_changes_nothing(
    night, incident
):
    ask(night, incident, hand_over)
    text = night.phone("Carla").text("hand this emergency")
    code = re.search(r"Reply (\S+) to take", text)
    assert code
    said = {"sender": NUMBERS["Carla"], "text": code[1], "message_id": "SM1"}
    for _ in range(2):
        answered = answer_by_code(**said, now=night.now)
        assert answered is not None
        assert answered.code == "handed_over"
    assert night.timeline(incident).count("handed_over") == 1


def test_after_the_hand_over_the_new_owner_is_reminded(night, incident):
    ask(night, incident, hand_over)
    press(night, incident)
    night.pass_time(minutes=11)
    assert night.facts(incident, "reminded")[0]["technicians"] == [
        night.people["Carla"].pk
    ]


def test_a_colleague_who_is_called_in_helps_and_does_not_own(night, incident):
    ask(night, incident, call_in)
    night.phone("Carla").text("asks for your help")
    assert press(night, incident) == "joined"
    assert incident.owner == night.people["Anna"]
    assert list(incident.helpers.all()) == [night.people["Carla"]]


def test_a_request_is_answered_at_the_desk_too(night, incident):
    ask(night, incident, call_in)
    carla = night.people["Carla"]
    for _ in range(2):
        answered = accept(incident_id=incident.pk, technician=carla, now=night.now)
        assert answered.code == "joined"
    assert night.timeline(incident).count("joined") == 1
    with pytest.raises(Refused) as refused:
        accept(incident_id=incident.pk, technician=night.people["Bernd"], now=night.now)
    assert refused.value.code == "not_asked_of_you"


def test_of_two_who_are_asked_the_first_one_has_it(night, incident):
    ask(night, incident, hand_over, "Carla")
    ask(night, incident, hand_over, "Bernd")
    assert press(night, incident, "Bernd") == "handed_over"
    assert press(night, incident, "Carla") == "taken_by_other"
    assert incident.owner == night.people["Bernd"]


def test_whoever_confirms_after_a_release_takes_it(night, incident):
    ask(night, incident, hand_over)
    release(incident_id=incident.pk, staff=night.people["Anna"].staff, now=night.now)
    assert press(night, incident) == "handed_over"
    assert incident.owner == night.people["Carla"]
    assert incident.status == Incident.Status.ACKNOWLEDGED


def test_a_request_about_finished_work_changes_nothing(night, incident):
    anna = night.people["Anna"]
    record_attempt(
        incident_id=incident.pk, staff=anna.staff, outcome="reached", now=night.now
    )
    ask(night, incident, hand_over)
    resolve(
        incident_id=incident.pk,
        staff=anna.staff,
        cause="other",
        resolution="",
        now=night.now,
    )
    press(night, incident)
    assert incident.owner == anna


def test_asking_twice_pages_once(night, incident):
    for _ in range(2):
        ask(night, incident, hand_over)
    assert page_of(night, incident, kind="voice")


@pytest.mark.parametrize(
    ("name", "code"), [("Anna", "already_theirs"), ("Bernd", "cannot_be_paged")]
)
def test_what_makes_no_sense_is_refused(night, incident, name, code):
    night.people["Bernd"].contact_methods.all().delete()
    with pytest.raises(Refused) as refused:
        ask(night, incident, hand_over, name)
    assert refused.value.code == code


def test_nothing_can_be_handed_over_while_nobody_has_it(night):
    made = night.report()
    with pytest.raises(Refused) as refused:
        ask(night, made, hand_over)
    assert refused.value.code == "wrong_state"
