"""Who is on call: no gap between turns, no double, also when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.rotation import (
    Change,
    Turns,
    gaps,
    next_change,
    on_call,
    shifts,
)
from emergency.rules.serving_hours import ALWAYS, Hours, Window
from tests.unit.emergency.rosters import (
    OFFICE,
    OUTSIDE,
    WEEKLY,
    daily,
    roster,
    vienna,
)

EVENING = vienna(2026, 1, 7, 20)
MORNING = vienna(2026, 1, 8, 6)
MICROSECOND = timedelta(microseconds=1)


def change(kind="replace", technician=9, replaced=None, number=0, **fields):
    return Change(
        kind=kind,
        starts_at=fields.get("starts_at", EVENING),
        ends_at=fields.get("ends_at", MORNING),
        technician=technician,
        replaced=replaced,
        number=number,
    )


def layer(number, *members, limited_to=ALWAYS, starts_on=date(2026, 1, 5)):
    return Turns(
        layer=number,
        starts_on=starts_on,
        handoff_time=time(8),
        shift_days=7,
        members=members,
        limited_to=limited_to,
    )


def test_the_turn_changes_at_the_handoff_and_not_before():
    assert on_call(roster(WEEKLY), vienna(2026, 1, 12, 7, 59, 59)) == (1,)
    assert on_call(roster(WEEKLY), vienna(2026, 1, 12, 8)) == (2,)


def test_before_the_first_handoff_there_is_a_gap():
    assert on_call(roster(WEEKLY), vienna(2026, 1, 5, 7, 59)) == ()
    assert on_call(roster(WEEKLY), vienna(2026, 1, 5, 8)) == (1,)


def test_a_period_with_an_end_is_over_at_its_last_handoff():
    fixed = Turns(
        layer=1,
        starts_on=date(2026, 1, 6),
        ends_on=date(2026, 1, 8),
        handoff_time=time(12),
        shift_days=1,
        members=(8,),
    )
    both = roster(WEEKLY, fixed)
    assert on_call(both, vienna(2026, 1, 6, 11, 59)) == (1,)
    assert on_call(both, vienna(2026, 1, 6, 12)) == (8,)
    assert on_call(both, vienna(2026, 1, 8, 11, 59)) == (8,)
    assert on_call(both, vienna(2026, 1, 8, 12)) == (1,)


@pytest.mark.parametrize(
    ("day", "hours"), [(vienna(2026, 3, 29), 23), (vienna(2026, 10, 25), 25)]
)
def test_a_daily_shift_lasts_23_or_25_hours_when_the_clock_changes(day, hours):
    found = shifts(roster(daily(1, 2)), day, day + timedelta(days=1))
    assert [s.ends_at - s.starts_at for s in found] == [timedelta(hours=hours)]


def test_a_handoff_that_occurs_twice_means_its_first_occurrence():
    at_half_past_two = roster(daily(1, 2, handoff_time=time(2, 30)))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert on_call(at_half_past_two, first - timedelta(seconds=1)) == (2,)
    assert on_call(at_half_past_two, first) == (1,)
    assert on_call(at_half_past_two, first + timedelta(hours=1)) == (1,)


def test_a_handoff_that_does_not_occur_is_one_hour_later_on_the_wall():
    at_half_past_two = roster(daily(1, 2, handoff_time=time(2, 30)))
    at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 in Vienna
    assert on_call(at_half_past_two, at - MICROSECOND) == (2,)
    assert on_call(at_half_past_two, at) == (1,)


def test_a_shift_may_last_hours_on_the_wall_clock():
    half_days = Turns(
        layer=0,
        starts_on=date(2026, 1, 5),
        handoff_time=time(7),
        shift_days=0,
        shift_hours=12,
        members=(1, 2),
    )
    assert on_call(roster(half_days), vienna(2026, 7, 1, 18, 59)) == (1,)
    assert on_call(roster(half_days), vienna(2026, 7, 1, 19)) == (2,)


def test_an_override_wins_for_its_half_open_interval():
    covered = roster(WEEKLY, changes=[change()])
    assert on_call(covered, EVENING - MICROSECOND) == (1,)
    assert on_call(covered, EVENING) == (9,)
    assert on_call(covered, MORNING) == (1,)


def test_somebody_added_comes_after_the_person_of_the_rotation():
    both = roster(WEEKLY, changes=[change("add")])
    assert on_call(both, EVENING) == (1, 9)
    assert [s.technician for s in shifts(both, EVENING, MORNING)] == [1, 9]


def test_one_person_of_several_can_be_replaced_and_keeps_their_place():
    made = [change("add"), change(technician=5, replaced=1, number=1)]
    assert on_call(roster(WEEKLY, changes=made), EVENING) == (5, 9)


def test_removing_the_only_person_opens_a_gap():
    removed = roster(WEEKLY, changes=[change("remove", None, replaced=1)])
    assert on_call(removed, EVENING) == ()
    (gap,) = gaps(removed, vienna(2026, 1, 6), vienna(2026, 1, 10))
    assert (gap.starts_at, gap.ends_at) == (EVENING, MORNING)


def test_a_change_about_somebody_who_is_not_on_call_changes_nothing():
    made = [change(technician=5, replaced=3), change("remove", None, replaced=2)]
    assert on_call(roster(WEEKLY, changes=made), EVENING) == (1,)


def test_of_two_overlapping_overrides_the_one_made_last_wins():
    first, second = change(technician=5), change(technician=6, number=1)
    assert on_call(roster(WEEKLY, changes=[second, first]), EVENING) == (6,)


def test_a_swap_of_a_swap_ends_with_the_last_person():
    made = [change(technician=2, replaced=1), change(technician=3, replaced=2)]
    numbered = [
        change(technician=c.technician, replaced=c.replaced, number=n)
        for n, c in enumerate(made)
    ]
    assert on_call(roster(WEEKLY, changes=reversed(numbered)), EVENING) == (3,)


def test_the_higher_layer_wins_and_an_empty_one_does_not():
    stack = roster(layer(0, 1), layer(1, 2), layer(2))
    assert on_call(stack, vienna(2026, 1, 6)) == (2,)


def test_in_one_layer_the_rotation_that_began_last_serves():
    stack = roster(layer(0, 2, starts_on=date(2026, 2, 2)), layer(0, 1))
    assert on_call(stack, vienna(2026, 1, 6)) == (1,)
    assert on_call(stack, vienna(2026, 2, 2, 8)) == (2,)


def test_a_limited_layer_leaves_the_other_hours_to_the_lower_one():
    stack = roster(layer(0, 1), layer(1, 2, limited_to=OUTSIDE), office_hours=OFFICE)
    assert on_call(stack, vienna(2026, 11, 27, 16, 59, 59)) == (1,)
    assert on_call(stack, vienna(2026, 11, 27, 17)) == (2,)
    assert on_call(stack, vienna(2026, 11, 30, 8)) == (1,)
    assert on_call(stack, vienna(2026, 10, 26, 10)) == (2,)  # a holiday


def test_a_window_may_end_on_the_next_day():
    nights = Hours(
        kind="times",
        windows=(Window(days=frozenset({4}), starts=time(22), ends=time(6)),),
    )
    limited = roster(layer(0, 1, limited_to=nights))
    assert on_call(limited, vienna(2026, 11, 28, 5, 59)) == (1,)
    assert on_call(limited, vienna(2026, 11, 28, 6)) == ()
    assert on_call(limited, vienna(2026, 11, 28, 23)) == ()


def test_only_hours_to_be_covered_can_be_gaps():
    seed = roster(
        layer(0, 1, limited_to=OUTSIDE), office_hours=OFFICE, coverage=OUTSIDE
    )
    assert gaps(seed, vienna(2026, 2, 2), vienna(2026, 12, 31)) == []
    strict = roster(layer(0, 1, limited_to=OUTSIDE), office_hours=OFFICE)
    week = gaps(strict, vienna(2026, 11, 23), vienna(2026, 11, 30))
    assert [gap.ends_at - gap.starts_at for gap in week] == [timedelta(hours=9)] * 5


def test_somebody_out_of_service_counts_as_nobody_and_the_lower_layer_serves():
    stack = roster(layer(0, 1), layer(1, 2), out_of_service=frozenset({2}))
    assert on_call(stack, vienna(2026, 1, 6)) == (1,)
    alone = roster(WEEKLY, out_of_service=frozenset({1}))
    assert on_call(alone, vienna(2026, 1, 6)) == ()
    assert on_call(alone, vienna(2026, 1, 13)) == (2,)


def test_the_next_change_is_the_next_handoff_or_none():
    assert next_change(roster(WEEKLY), EVENING) == vienna(2026, 1, 12, 8)
    assert next_change(roster(layer(0, 1)), vienna(2026, 2, 2)) is None
    assert next_change(roster(), EVENING) is None


@given(
    on_the_hour=st.integers(0, 23),
    length=st.sampled_from([(1, 0), (7, 0), (0, 12), (2, 6)]),
    year=st.integers(2026, 2030),
)
def test_a_year_of_turns_has_the_hours_of_a_year(on_the_hour, length, year):
    days, hours = length
    made = Turns(
        layer=0,
        starts_on=date(2025, 1, 1),
        handoff_time=time(on_the_hour),
        shift_days=days,
        shift_hours=hours,
        members=(1, 2, 3),
    )
    start, end = vienna(year, 1, 1), vienna(year + 1, 1, 1)
    found = shifts(roster(made), start, end)
    total = sum((s.ends_at - s.starts_at for s in found), timedelta())
    days_of_year = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    assert total == timedelta(days=days_of_year)
    assert all(a.ends_at == b.starts_at for a, b in pairwise(found))


def test_an_empty_period_has_no_shifts():
    assert shifts(roster(WEEKLY), EVENING, EVENING) == []
