"""What a change of the roster means for whom, and when the engine looks at it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.reminders import next_look, reminders_passed
from emergency.rules.rotation import Shift
from emergency.rules.shift_changes import (
    covers,
    differences,
    periods_of,
    touches,
    without,
)

pytestmark = pytest.mark.no_servers

START = datetime(2026, 3, 2, 7, tzinfo=UTC)
ANNA, BERND, CARLA = 1, 2, 3


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def shift(who: int, begin: float, end: float) -> Shift:
    return Shift(starts_at=hour(begin), ends_at=hour(end), technician=who)


def test_the_engine_looks_at_each_reminder_and_then_at_the_hand_off():
    reminders = [timedelta(hours=1), timedelta(hours=24)]
    looks = [next_look(hour(48), reminders, sent) for sent in range(3)]
    assert looks == [hour(24), hour(47), hour(48)]
    assert [reminders_passed(hour(48), reminders, at) for at in looks] == [1, 2, 2]
    assert reminders_passed(hour(48), reminders, hour(23)) == 0


def test_people_hear_what_they_gained_and_lost():
    before = [shift(ANNA, 0, 24), shift(BERND, 24, 48)]
    after = [shift(ANNA, 0, 12), shift(CARLA, 12, 24), shift(BERND, 24, 48)]
    found = {d.technician: (d.kind, d.starts_at) for d in differences(before, after)}
    assert found == {ANNA: ("lost", hour(12)), CARLA: ("gained", hour(12))}


def test_a_shift_that_moves_is_one_difference():
    found = differences([shift(ANNA, 0, 12)], [shift(ANNA, 6, 18)])
    assert [(d.kind, d.starts_at, d.ends_at) for d in found] == [
        ("moved", hour(0), hour(18))
    ]


def test_covering_and_touching_a_period():
    shifts = [shift(ANNA, 0, 12), shift(ANNA, 12, 24), shift(BERND, 24, 48)]
    assert covers(shifts, ANNA, (hour(3), hour(24)))
    assert not covers(shifts, ANNA, (hour(3), hour(25)))
    assert touches(shifts, ANNA, (hour(23), hour(30)))
    assert not touches(shifts, ANNA, (hour(24), hour(30)))


some_shifts = st.lists(
    st.builds(
        lambda who, begin, length: shift(who, begin, begin + length),
        st.sampled_from([ANNA, BERND, CARLA]),
        st.integers(0, 100),
        st.integers(1, 30),
    ),
    max_size=12,
)


@given(some_shifts)
def test_nothing_changes_between_equal_readings(shifts):
    assert differences(shifts, list(reversed(shifts))) == []


@given(some_shifts, some_shifts)
def test_what_is_left_and_what_was_taken_do_not_meet(one, other):
    for person in (ANNA, BERND, CARLA):
        mine, taken = periods_of(one, person), periods_of(other, person)
        left = without(mine, taken)
        minutes = {hour(n / 2) for n in range(280)}
        for at in minutes:
            inside = any(a <= at < b for a, b in left)
            wanted = any(a <= at < b for a, b in mine) and not any(
                a <= at < b for a, b in taken
            )
            assert inside == wanted
