"""Dropping out as stories: nobody has to agree, and nobody is left without a page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from emergency.actions.drop_out import (
    confirm_successor,
    decline_successor,
    drop_out,
    take_back,
)
from emergency.actions.refusal import Refused
from emergency.actions.roster import technicians_on_call
from emergency.models import (
    Absence,
    DropOut,
    Override,
    Page,
    RosterEntry,
    Schedule,
)
from tests.night import NUMBERS

OURS = "+43720880000"


def on_duty(night) -> set[str]:
    people = technicians_on_call(schedule_id=Schedule.objects.get().pk, now=night.now)
    return {person.first_name for person in people}


def paged(night, purpose: str) -> set[str]:
    """First names of everybody who has a page of this purpose."""
    return set(
        Page.objects.filter(purpose=purpose).values_list(
            "technician__first_name", flat=True
        )
    )


def anna_drops_out(night) -> DropOut:
    return drop_out(
        schedule_id=Schedule.objects.get().pk,
        technician=night.people["Anna"],
        now=night.now,
        via="desk",
    )


def test_a_night_in_which_the_person_on_call_drops_out_by_sms(night):
    night.act()
    night.phone("Anna").write("Raus!", to=OURS)
    night.phone("Anna").text("A successor is being asked")
    assert on_duty(night) == {"Anna", "Carla"}
    night.act()
    night.phone("Carla").decline()
    assert paged(night, "notice") == {"Eva"}

    night.pass_time(minutes=1)
    incident = night.report()
    assert set(
        incident.pages.filter(purpose="emergency").values_list(
            "technician__first_name", flat=True
        )
    ) == {"Anna", "Carla"}

    text = night.phone("Carla").text("has dropped out")
    night.phone("Carla").write(re.findall(r"reply (\d+)", text)[-1], to=OURS)
    night.phone("Carla").text("You have taken over")
    night.pass_time(minutes=1)
    night.phone("Anna").text("You are relieved")
    assert on_duty(night) == {"Carla"}
    later = night.report("order-2")
    assert set(
        later.pages.filter(purpose="emergency", step=0).values_list(
            "technician__first_name", flat=True
        )
    ) == {"Carla"}


def test_the_successor_is_asked_again_until_a_key_confirms(night):
    anna_drops_out(night)
    night.act()
    night.phone("Carla").decline()
    night.pass_time(minutes=3)
    call = night.phone("Carla").answer()
    heard = call.hears("A colleague has dropped out", "Press")
    call.press(re.findall(r"Press (\d)", heard)[-1])
    call.hears("You have taken over")

    asked = Page.objects.filter(purpose="successor").count()
    night.pass_time(minutes=20)
    assert Page.objects.filter(purpose="successor").count() == asked == 4
    assert on_duty(night) == {"Carla"}


def test_silence_asks_the_next_as_well_and_both_stay_asked(night):
    anna_drops_out(night)
    night.pass_time(minutes=8)
    assert paged(night, "successor") == {"Carla"}
    night.pass_time(minutes=2)
    assert paged(night, "successor") == {"Carla", "Bernd"}
    assert on_duty(night) == {"Anna", "Bernd", "Carla"}

    row = DropOut.objects.get()
    assert (
        confirm_successor(
            drop_out_id=row.pk,
            technician=night.people["Carla"],
            now=night.now,
            via="desk",
        )
        == "confirmed"
    )
    assert on_duty(night) == {"Carla"}
    assert (
        confirm_successor(
            drop_out_id=row.pk,
            technician=night.people["Bernd"],
            now=night.now,
            via="desk",
        )
        == "other_confirmed"
    )
    assert on_duty(night) == {"Carla"}


def test_when_nobody_is_left_the_duty_manager_is_asked_and_told_once(night):
    anna_drops_out(night)
    night.pass_time(minutes=60)
    assert paged(night, "successor") == {"Carla", "Bernd", "Eva"}
    codes = list(RosterEntry.objects.values_list("code", flat=True))
    assert codes.count("no_successor") == 1
    assert on_duty(night) == {"Anna", "Bernd", "Carla", "Eva"}


def test_a_no_by_sms_asks_the_next_at_once(night):
    anna_drops_out(night)
    night.act()
    text = night.phone("Carla").text("has dropped out")
    code = re.findall(r"reply (\d+)", text)[-1]
    night.phone("Carla").write(f"No {code}", to=OURS)
    night.phone("Carla").text("The next person is asked")
    assert on_duty(night) == {"Anna", "Bernd"}
    assert paged(night, "successor") == {"Carla", "Bernd"}


def test_whoever_is_away_is_not_asked(night):
    Absence.objects.create(
        technician=night.people["Carla"],
        starts_at=night.now - timedelta(days=1),
        ends_at=night.now + timedelta(days=1),
        imported_at=night.now,
    )
    assert anna_drops_out(night).successor == night.people["Bernd"]


def test_dropping_out_twice_is_dropping_out_once(night):
    assert anna_drops_out(night) == anna_drops_out(night)
    assert Override.objects.count() == 1
    assert Page.objects.filter(purpose="successor").count() == 2


def test_open_incidents_keep_their_owner(night):
    incident = night.report()
    call = night.phone("Anna").answer()
    call.press(re.findall(r"Press (\d)", call.hears("Press"))[-1])
    call.hears("You have it")
    anna_drops_out(night)
    confirm_successor(
        drop_out_id=DropOut.objects.get().pk,
        technician=night.people["Carla"],
        now=night.now,
        via="desk",
    )
    incident.refresh_from_db()
    assert incident.owner == night.people["Anna"]


def test_whoever_feels_better_takes_it_back_while_nobody_confirmed(night):
    row = anna_drops_out(night)
    night.pass_time(minutes=1)
    night.phone("Anna").write("back", to=OURS)
    night.phone("Anna").text("on call as planned")
    assert on_duty(night) == {"Anna"}
    night.pass_time(minutes=30)
    assert paged(night, "successor") == {"Carla"}
    assert not take_back(
        drop_out_id=row.pk, technician=night.people["Anna"], now=night.now
    )

    again = anna_drops_out(night)
    assert again != row
    confirm_successor(
        drop_out_id=again.pk,
        technician=night.people["Carla"],
        now=night.now,
        via="desk",
    )
    with pytest.raises(Refused):
        take_back(drop_out_id=again.pk, technician=night.people["Anna"], now=night.now)


def test_who_has_confirmed_cannot_decline_but_drop_out(night):
    row = anna_drops_out(night)
    carla = night.people["Carla"]
    confirm_successor(drop_out_id=row.pk, technician=carla, now=night.now, via="desk")
    with pytest.raises(Refused):
        decline_successor(
            drop_out_id=row.pk, technician=carla, now=night.now, via="desk"
        )
    night.pass_time(minutes=5)
    second = drop_out(
        schedule_id=row.schedule_id, technician=carla, now=night.now, via="desk"
    )
    assert second.successor == night.people["Bernd"]
    assert on_duty(night) == {"Carla", "Bernd"}


@pytest.mark.parametrize("text", ["STOP", "raus hier", "hello", "ausfallen"])
def test_other_words_drop_nobody_out(night, text):
    night.act()
    night.phone("Anna").write(text, to=OURS)
    night.settle()
    assert not DropOut.objects.exists()


def test_whoever_is_not_on_call_drops_out_of_nothing(night):
    night.act()
    night.phone("Bernd").write("raus", to=OURS)
    night.phone("Bernd").text("You are not on call now")
    assert not DropOut.objects.exists()
    with pytest.raises(Refused):
        drop_out(
            schedule_id=Schedule.objects.get().pk,
            technician=night.people["Bernd"],
            now=night.now,
            via="desk",
        )


def called(settings, path: str, signed: bool = True, **fields: str):
    """The provider reports a call from somebody to our number."""
    url = f"{settings.PUBLIC_BASE_URL}{path}"
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(
        url, fields
    )
    return Client().post(
        path, fields, headers={"X-Twilio-Signature": signature if signed else "no"}
    )


def test_a_call_to_the_paging_number_drops_out_with_nine(night, settings):
    path = "/webhooks/twilio/voice/inbound"
    menu = called(settings, path, From=NUMBERS["Anna"]).content.decode()
    assert "If you cannot go on, press 9" in menu
    assert f"{path}/menu" in menu
    other = called(settings, f"{path}/menu", From=NUMBERS["Anna"], Digits="1")
    assert "Nothing was changed" in other.content.decode()
    assert not DropOut.objects.exists()
    for _ in range(2):
        said = called(settings, f"{path}/menu", From=NUMBERS["Anna"], Digits="9")
        assert "A successor is being asked" in said.content.decode()
    assert DropOut.objects.get().declared_via == "voice"


def test_a_call_from_a_stranger_or_without_signature_does_nothing(night, settings):
    path = "/webhooks/twilio/voice/inbound"
    stranger = called(settings, f"{path}/menu", From="+4312345", Digits="9")
    assert stranger.status_code == 200
    assert "Gather" not in called(settings, path, From="+4312345").content.decode()
    forged = called(
        settings, f"{path}/menu", signed=False, From=NUMBERS["Anna"], Digits="9"
    )
    assert forged.status_code == 403
    assert not DropOut.objects.exists()
