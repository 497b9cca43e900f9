"""Who is on call: no gap between turns, no double, also when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.rotation import Replacement, Roster, Turns, on_call, shifts

VIENNA = ZoneInfo("Europe/Vienna")
WEEKLY = Turns(
    layer=0,
    starts_on=date(2026, 1, 5),
    handoff_time=time(8),
    shift_days=7,
    members=(1, 2, 3),
)


def roster(*rotations, overrides=()):
    return Roster(zone=VIENNA, rotations=rotations, overrides=overrides)


def vienna(year, month, day, hour=0, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=VIENNA)


turns = st.builds(
    Turns,
    layer=st.just(0),
    starts_on=st.dates(date(2024, 1, 1), date(2025, 12, 31)),
    handoff_time=st.times(),
    shift_days=st.integers(1, 30),
    members=st.lists(st.integers(1, 9), min_size=1, max_size=6).map(tuple),
)
instants = st.datetimes(
    datetime(2026, 1, 2),  # noqa: DTZ001 - the zone is given beside it
    datetime(2029, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_the_turn_changes_at_the_handoff_and_not_before():
    assert on_call(roster(WEEKLY), vienna(2026, 1, 12, 7, 59, 59)) == 1
    assert on_call(roster(WEEKLY), vienna(2026, 1, 12, 8)) == 2


def test_before_the_first_handoff_there_is_a_gap():
    assert on_call(roster(WEEKLY), vienna(2026, 1, 5, 7, 59)) is None
    assert on_call(roster(WEEKLY), vienna(2026, 1, 5, 8)) == 1


def test_the_night_to_summer_time_has_a_shift_of_23_hours():
    daily = Turns(
        layer=0,
        starts_on=date(2026, 3, 1),
        handoff_time=time(0),
        shift_days=1,
        members=(1, 2),
    )
    found = shifts(roster(daily), vienna(2026, 3, 29), vienna(2026, 3, 30))
    assert [s.ends_at - s.starts_at for s in found] == [timedelta(hours=23)]


def test_the_night_to_winter_time_has_a_shift_of_25_hours():
    daily = Turns(
        layer=0,
        starts_on=date(2026, 3, 1),
        handoff_time=time(0),
        shift_days=1,
        members=(1, 2),
    )
    found = shifts(roster(daily), vienna(2026, 10, 25), vienna(2026, 10, 26))
    assert [s.ends_at - s.starts_at for s in found] == [timedelta(hours=25)]


def test_a_handoff_that_occurs_twice_means_its_first_occurrence():
    at_half_past_two = Turns(
        layer=0,
        starts_on=date(2026, 10, 24),
        handoff_time=time(2, 30),
        shift_days=1,
        members=(1, 2),
    )
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert on_call(roster(at_half_past_two), first - timedelta(seconds=1)) == 1
    assert on_call(roster(at_half_past_two), first) == 2
    assert on_call(roster(at_half_past_two), first + timedelta(hours=1)) == 2


def test_an_override_wins_for_its_half_open_interval():
    override = Replacement(
        starts_at=vienna(2026, 1, 7, 20), ends_at=vienna(2026, 1, 8, 6), technician=9
    )
    covered = roster(WEEKLY, overrides=(override,))
    assert on_call(covered, vienna(2026, 1, 7, 20)) == 9
    assert on_call(covered, vienna(2026, 1, 8, 6)) == 1


def test_the_higher_layer_wins_and_an_empty_one_does_not():
    def layer(number, *members):
        return Turns(
            layer=number,
            starts_on=date(2026, 1, 5),
            handoff_time=time(8),
            shift_days=7,
            members=members,
        )

    at = vienna(2026, 1, 6)
    assert on_call(roster(layer(0, 1), layer(1, 2), layer(2)), at) == 2


@given(turns=turns, at=instants)
def test_exactly_one_member_is_on_call_after_the_first_handoff(turns, at):
    assert on_call(roster(turns), at) in turns.members


@given(turns=turns, start=instants, days=st.integers(1, 60))
def test_shifts_join_without_gap_or_overlap(turns, start, days):
    end = start + timedelta(days=days)
    found = shifts(roster(turns), start, end)
    assert found[0].starts_at == start
    assert found[-1].ends_at == end
    for before, after in pairwise(found):
        assert before.ends_at == after.starts_at
        assert before.technician != after.technician


@given(turns=turns, at=instants)
def test_a_shift_says_the_same_as_the_question_who_is_on_call(turns, at):
    around = shifts(roster(turns), at - timedelta(days=1), at + timedelta(days=1))
    covering = [s for s in around if s.starts_at <= at < s.ends_at]
    assert [s.technician for s in covering] == [on_call(roster(turns), at)]


@given(
    turns=turns,
    at=instants,
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=20)),
)
def test_nobody_but_the_override_is_on_call_during_it(turns, at, length):
    override = Replacement(starts_at=at, ends_at=at + length, technician=99)
    covered = roster(turns, overrides=(override,))
    assert on_call(covered, at) == 99
    assert on_call(covered, at + length - timedelta(microseconds=1)) == 99
    assert on_call(covered, at + length) != 99
