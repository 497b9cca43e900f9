"""Overrides and swaps: what is written, who hears of it, what is refused."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from emergency.actions.drop_out import drop_out
from emergency.actions.overrides import add_override, cancel_override
from emergency.actions.refusal import Refused
from emergency.actions.roster import technicians_on_call
from emergency.actions.roster_due import take_one_drop_out
from emergency.actions.swaps import (
    accept_swap,
    decline_swap,
    propose_swap,
    withdraw_swap,
)
from emergency.models import Override, Page, RosterEntry, Schedule, Swap, Technician
from tests import people

NOW = people.NIGHT
# Anna has the week of 9 March, Bernd that of 2 and of 16 March.
TONIGHT = (
    datetime(2026, 3, 10, 19, tzinfo=UTC),
    datetime(2026, 3, 11, 5, tzinfo=UTC),
)
NEXT_WEEK = (
    datetime(2026, 3, 17, 19, tzinfo=UTC),
    datetime(2026, 3, 18, 5, tzinfo=UTC),
)


@pytest.fixture
def team(db):
    anna, bernd = people.technician(), people.technician("Bernd Kofler")
    carla = people.technician("Carla Fuchs")
    schedule = people.on_call(bernd, anna)
    return schedule, anna, bernd, carla


@pytest.fixture
def eva(db):
    return people.duty_manager()


def on_call_at(schedule: Schedule, at: datetime) -> set[Technician]:
    return set(technicians_on_call(schedule_id=schedule.pk, now=at))


def told() -> dict[str, list[str]]:
    """First names of whoever was told, and what."""
    found: dict[str, list[str]] = {}
    for page in Page.objects.filter(purpose="shift").select_related("technician"):
        found.setdefault(page.technician.first_name, []).append(page.values["code"])
    return found


def override(schedule, eva, **fields):
    fields = {
        "kind": "replace",
        "technician": None,
        "replaced": None,
        "starts_at": TONIGHT[0],
        "ends_at": TONIGHT[1],
        **fields,
    }
    return add_override(schedule_id=schedule.pk, staff=eva, now=NOW, **fields)


def test_a_part_of_a_shift_is_replaced_and_both_hear_of_it(team, eva):
    schedule, anna, _, carla = team
    for _ in range(2):
        override(schedule, eva, technician=carla, replaced=anna)
    assert Override.objects.count() == 1
    assert on_call_at(schedule, TONIGHT[0] - timedelta(seconds=1)) == {anna}
    assert on_call_at(schedule, TONIGHT[0]) == {carla}
    assert on_call_at(schedule, TONIGHT[1]) == {anna}
    assert told() == {"Anna": ["lost"], "Carla": ["gained"]}
    assert RosterEntry.objects.get().values["by"] == eva.pk


def test_one_more_and_one_less(team, eva):
    schedule, anna, _, carla = team
    override(schedule, eva, kind="add", technician=carla)
    assert on_call_at(schedule, TONIGHT[0]) == {anna, carla}
    override(schedule, eva, kind="remove", replaced=anna)
    assert on_call_at(schedule, TONIGHT[0]) == {carla}


def test_a_fixed_period_replaces_everybody(team, eva):
    schedule, _, _, carla = team
    override(schedule, eva, technician=carla)
    assert on_call_at(schedule, TONIGHT[0]) == {carla}


def test_whoever_makes_the_change_is_not_told_of_it(team):
    schedule, anna, _, carla = team
    override(schedule, carla.staff, technician=carla, replaced=anna)
    assert told() == {"Anna": ["lost"]}


def test_a_cancelled_override_is_kept(team, eva):
    schedule, anna, _, carla = team
    made = override(schedule, eva, technician=carla, replaced=anna)
    assert cancel_override(override_id=made.pk, staff=eva, now=NOW)
    assert not cancel_override(override_id=made.pk, staff=eva, now=NOW)
    made.refresh_from_db()
    assert made.cancelled_at == NOW
    assert on_call_at(schedule, TONIGHT[0]) == {anna}
    assert told() == {"Anna": ["lost", "gained"], "Carla": ["gained", "lost"]}
    codes = list(RosterEntry.objects.values_list("code", flat=True))
    assert codes == ["override_added", "override_cancelled"]


def test_what_has_been_stays_as_it_was(team, eva):
    schedule, anna, _, carla = team
    made = override(schedule, eva, technician=carla, replaced=anna)
    later = TONIGHT[0] + timedelta(hours=2)
    assert cancel_override(override_id=made.pk, staff=eva, now=later)
    assert on_call_at(schedule, later - timedelta(seconds=1)) == {carla}
    assert on_call_at(schedule, later) == {anna}


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"ends_at": TONIGHT[0]}, "ends_before_start", "ends_at"),
        (
            {"starts_at": NOW - timedelta(hours=2), "ends_at": NOW},
            "period_is_past",
            "ends_at",
        ),
        ({"technician": "anna", "replaced": "anna"}, "same_person", "replaced"),
        ({"technician": None}, "somebody_missing", "technician"),
        ({"kind": "remove"}, "somebody_missing", "replaced"),
        ({"replaced": "bernd"}, "not_on_call_then", "replaced"),
        ({"technician": "robot"}, "cannot_be_on_call", "technician"),
    ],
)
def test_nonsense_is_refused_beside_its_field(team, eva, fields, code, field):
    schedule, anna, bernd, carla = team
    robot = people.technician("Robot One")
    robot.is_house_phone = True
    robot.save()
    named = {"anna": anna, "bernd": bernd, "robot": robot}
    given = {"technician": carla} | {
        k: named.get(v, v) if isinstance(v, str) else v for k, v in fields.items()
    }
    with pytest.raises(Refused) as refused:
        override(schedule, eva, **given)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(refused.value)
    assert not Override.objects.exists()
    assert not RosterEntry.objects.exists()


def propose(team, taken=NEXT_WEEK, **fields):
    schedule, anna, bernd, _ = team
    fields = {"proposer": anna, "partner": bernd, "given": TONIGHT, **fields}
    return propose_swap(schedule_id=schedule.pk, taken=taken, now=NOW, **fields)


def test_a_swap_is_true_once_the_partner_agrees(team):
    schedule, anna, bernd, _ = team
    swap = propose(team)
    assert propose(team) == swap
    assert on_call_at(schedule, TONIGHT[0]) == {anna}
    assert told() == {"Bernd": ["swap_proposed"]}
    assert accept_swap(swap_id=swap.pk, technician=bernd, now=NOW)
    assert not accept_swap(swap_id=swap.pk, technician=bernd, now=NOW)
    assert on_call_at(schedule, TONIGHT[0]) == {bernd}
    assert on_call_at(schedule, NEXT_WEEK[0]) == {anna}
    assert Override.objects.filter(reason="swap").count() == 2
    assert told()["Anna"] == ["moved"]


def test_a_request_to_cover_takes_nothing_in_return(team):
    schedule, _, _, carla = team
    swap = propose(team, taken=None, partner=carla)
    accept_swap(swap_id=swap.pk, technician=carla, now=NOW)
    assert on_call_at(schedule, TONIGHT[0]) == {carla}


def test_only_the_partner_decides_and_only_the_proposer_withdraws(team):
    _, anna, bernd, carla = team
    swap = propose(team)
    for act, person in (
        (accept_swap, anna),
        (accept_swap, carla),
        (decline_swap, anna),
        (withdraw_swap, bernd),
    ):
        with pytest.raises(Refused):
            act(swap_id=swap.pk, technician=person, now=NOW)
    assert decline_swap(swap_id=swap.pk, technician=bernd, now=NOW)
    assert not decline_swap(swap_id=swap.pk, technician=bernd, now=NOW)
    with pytest.raises(Refused):
        withdraw_swap(swap_id=swap.pk, technician=anna, now=NOW)
    assert not Override.objects.exists()


def test_what_the_proposer_no_longer_has_cannot_be_given(team, eva):
    schedule, anna, bernd, carla = team
    swap = propose(team)
    override(schedule, eva, technician=carla, replaced=anna)
    with pytest.raises(Refused) as refused:
        accept_swap(swap_id=swap.pk, technician=bernd, now=NOW)
    assert refused.value.code == "proposer_has_it_not"
    assert Swap.objects.get().status == "proposed"
    assert Override.objects.filter(reason="swap").count() == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"given": NEXT_WEEK}, "proposer_has_it_not"),
        ({"taken": TONIGHT}, "partner_has_it_not"),
        ({"given": (NOW - timedelta(hours=1), TONIGHT[1])}, "period_is_past"),
        ({"given": (TONIGHT[1], TONIGHT[0])}, "ends_before_start"),
    ],
)
def test_an_impossible_swap_is_refused_at_once(team, fields, code):
    with pytest.raises(Refused) as refused:
        propose(team, **fields)
    assert refused.value.code == code
    assert refused.value.field
    assert not Swap.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins(team):
    _, anna, bernd, _ = team
    swap = propose(team)
    outcomes: list[str] = []

    def decide(act, person) -> None:
        try:
            act(swap_id=swap.pk, technician=person, now=NOW)
            outcomes.append(act.__name__)
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=pair)
        for pair in ((accept_swap, bernd), (withdraw_swap, anna))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("refused") == 1
    made = Override.objects.filter(reason="swap").count()
    assert made == (2 if Swap.objects.get().status == "accepted" else 0)


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_ask_a_successor_once(team):
    schedule, anna, _, _ = team
    row = drop_out(schedule_id=schedule.pk, technician=anna, now=NOW, via="desk")
    later = NOW + timedelta(minutes=3)

    def look() -> None:
        try:
            while take_one_drop_out(now=later):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = row.pages.filter(purpose="successor").values_list("step", "kind")
    assert sorted(asked) == [(1, "sms"), (1, "voice"), (2, "sms"), (2, "voice")]
