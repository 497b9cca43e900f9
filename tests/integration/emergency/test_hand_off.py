"""Hand-offs as stories: reminded, asked, confirmed, or missed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emergency.actions.hand_off import confirm_hand_off
from emergency.actions.hand_off_plan import plan_hand_offs
from emergency.actions.overrides import add_override
from emergency.actions.refusal import Refused
from emergency.actions.roster_due import take_one_hand_off
from emergency.models import (
    ContactMethod,
    HandOff,
    Override,
    Page,
    RosterEntry,
    Rotation,
    Schedule,
)

OURS = "+43720880000"
# Monday 08:00 in Vienna: Anna hands over to Carla.
HAND_OFF = datetime(2026, 3, 16, 7, tzinfo=UTC)


def codes() -> list[str]:
    return list(RosterEntry.objects.values_list("code", flat=True))


def go_to(night, at: datetime) -> None:
    night.pass_time(seconds=(at - night.now).total_seconds())


@pytest.fixture
def morning(night):
    """An hour before the hand-off; what came before is over."""
    night.now = HAND_OFF - timedelta(hours=2)
    night.act()
    go_to(night, HAND_OFF - timedelta(minutes=5))
    return night


def test_the_incoming_person_is_reminded_a_day_and_an_hour_before(night):
    night.act()
    go_to(night, HAND_OFF - timedelta(hours=23))
    told = Page.objects.filter(technician=night.people["Carla"], purpose="shift")
    assert told.get().due_at == HAND_OFF - timedelta(hours=24)
    assert "Your shift begins: Emergency support, Mon 16 Mar, 08:00" in night.phone(
        "Carla"
    ).text("Your shift begins")

    go_to(night, HAND_OFF - timedelta(minutes=5))
    assert told.count() == 2
    assert not night.phone("Carla").calls()


def test_the_incoming_person_confirms_with_a_key(morning):
    go_to(morning, HAND_OFF)
    call = morning.phone("Carla").answer()
    heard = call.hears("You are on call now", "Press")
    call.press(re.findall(r"Press (\d)", heard)[-1])
    call.hears("You have the duty")

    morning.pass_time(hours=2)
    row = HandOff.objects.get(starts_at=HAND_OFF)
    assert row.confirmed_via == "voice"
    assert row.silent_at is None
    assert "hand_off_confirmed" in codes()
    assert not Page.objects.filter(purpose="notice").exists()


def test_the_answer_to_the_sms_with_its_code_confirms(morning):
    go_to(morning, HAND_OFF)
    phone = morning.phone("Carla")
    code = re.findall(r"Reply (\d+)", phone.text("You are on call now"))[-1]
    phone.write(code, to=OURS)
    phone.text("You have the duty")
    assert HandOff.objects.get(starts_at=HAND_OFF).confirmed_via == "sms"


def test_silence_tells_the_duty_manager_and_the_outgoing_person(morning):
    go_to(morning, HAND_OFF)
    assert HandOff.objects.get(starts_at=HAND_OFF).asked_at == HAND_OFF
    morning.pass_time(minutes=16)

    row = HandOff.objects.get(starts_at=HAND_OFF)
    assert row.silent_at == HAND_OFF + timedelta(minutes=15)
    assert row.due_at is None
    told = Page.objects.filter(purpose="notice")
    assert {page.technician for page in told} == {morning.people["Eva"]}
    morning.phone("Anna").text("You may be asked to go on")
    assert codes()[-2:] == ["hand_off_asked", "hand_off_silent"]


def test_whoever_confirmed_ahead_at_the_desk_is_not_asked(morning):
    row = HandOff.objects.get(starts_at=HAND_OFF)
    carla = morning.people["Carla"]
    for expected in (True, False):
        assert (
            confirm_hand_off(
                hand_off_id=row.pk, technician=carla, now=morning.now, via="desk"
            )
            is expected
        )
    morning.pass_time(hours=1)
    assert not Page.objects.filter(purpose="handoff").exists()
    assert not Page.objects.filter(purpose="notice").exists()


def test_nobody_but_the_incoming_person_confirms(morning):
    row = HandOff.objects.get(starts_at=HAND_OFF)
    with pytest.raises(Refused):
        confirm_hand_off(
            hand_off_id=row.pk,
            technician=morning.people["Anna"],
            now=morning.now,
            via="desk",
        )


def test_somebody_who_does_not_come_in_any_more_is_not_asked(morning):
    add_override(
        schedule_id=Schedule.objects.get().pk,
        kind=Override.Kind.REPLACE,
        technician=morning.people["Bernd"],
        replaced=morning.people["Carla"],
        starts_at=HAND_OFF,
        ends_at=HAND_OFF + timedelta(days=1),
        staff=morning.people["Eva"].staff,
        now=morning.now,
    )
    go_to(morning, HAND_OFF)
    asked = Page.objects.filter(purpose="handoff")
    assert {page.technician for page in asked} == {morning.people["Bernd"]}


def test_whom_nothing_reaches_is_missed_at_once(morning):
    ContactMethod.objects.filter(technician=morning.people["Carla"]).delete()
    go_to(morning, HAND_OFF)
    assert HandOff.objects.get(starts_at=HAND_OFF).silent_at == HAND_OFF
    assert Page.objects.filter(purpose="notice").exists()


def test_planning_again_changes_nothing(night):
    schedule = Schedule.objects.get()

    def plan(**later: float) -> None:
        with transaction.atomic():
            plan_hand_offs(schedule, now=night.now + timedelta(**later))

    plan()
    before = list(HandOff.objects.order_by("pk").values())
    assert before
    for minutes in (0, 0, 10):
        plan(minutes=minutes)
    assert list(HandOff.objects.order_by("pk").values()) == before


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    days=st.integers(0, 5),
    hours=st.integers(0, 23),
    reminders=st.lists(st.integers(60, 200_000), max_size=3),
    extra=st.integers(0, 150),
    later=st.integers(0, 100),
)
def test_planning_again_changes_nothing_whatever_the_roster(
    night, days, hours, reminders, extra, later
):
    with transaction.atomic():
        Schedule.objects.update(shift_reminders=reminders)
        Rotation.objects.update(shift_days=days, shift_hours=hours or 1)
        Override.objects.create(
            schedule=Schedule.objects.get(),
            kind=Override.Kind.ADD,
            technician=night.people["Eva"],
            starts_at=night.now + timedelta(hours=extra),
            ends_at=night.now + timedelta(hours=extra + 5),
        )
        schedule = Schedule.objects.get()
        plan_hand_offs(schedule, now=night.now)
        at = night.now + timedelta(hours=later)
        plan_hand_offs(schedule, now=at)
        before = list(HandOff.objects.order_by("pk").values())
        plan_hand_offs(schedule, now=at)
        assert list(HandOff.objects.order_by("pk").values()) == before
        transaction.set_rollback(True)


def test_a_row_that_cannot_be_decided_waits_a_minute_and_stops_nobody(
    night, monkeypatch
):
    schedule = Schedule.objects.get()
    people = night.people
    rows = [
        HandOff.objects.create(
            schedule=schedule,
            starts_at=night.now,
            ends_at=night.now + timedelta(days=1),
            incoming=people["Anna"] if number else people["Carla"],
            due_at=night.now,
        )
        for number in range(2)
    ]
    decided = []

    def decide(row, *, now):
        if row.pk == rows[0].pk:
            raise ValueError("unreadable")
        decided.append(row.pk)
        HandOff.objects.filter(pk=row.pk).update(due_at=None)

    monkeypatch.setattr("emergency.actions.roster_due.decide_hand_off", decide)
    while take_one_hand_off(now=night.now):
        pass
    rows[0].refresh_from_db()
    assert rows[0].due_at == night.now + timedelta(seconds=60)
    assert rows[0].failures == 1
    assert decided == [rows[1].pk]
    assert Page.objects.filter(purpose="notice").exists()
