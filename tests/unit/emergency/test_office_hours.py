"""When the office is open: half-open, on the wall clock, never on holidays."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.office_hours import (
    OfficeHours,
    is_open,
    next_closing,
    next_opening,
    open_intervals,
)
from tests.unit.emergency.rosters import (
    OFFICE,
    VIENNA,
    ZONES,
    clock_times,
    instants,
    vienna,
    weekdays,
)

offices = st.builds(
    OfficeHours,
    zone=st.sampled_from(ZONES),
    days=weekdays,
    opens=clock_times,
    closes=clock_times,
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2029, 12, 31)), max_size=9),
)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (vienna(2026, 11, 27, 16, 59, 59), True),  # a Friday
        (vienna(2026, 11, 27, 17), False),
        (vienna(2026, 11, 30, 7, 59, 59), False),  # a Monday
        (vienna(2026, 11, 30, 8), True),
        (vienna(2026, 10, 26, 10), False),  # the national holiday, a Monday
        (vienna(2026, 12, 24, 16, 30), True),  # no holiday, unless the operator closes
        (vienna(2026, 12, 25, 10), False),
        (vienna(2026, 11, 28, 10), False),  # a Saturday
        # The evening in UTC is the next day in Vienna.
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), False),
        (datetime(2026, 10, 27, 7, 0, tzinfo=UTC), True),
    ],
)
def test_the_edges_of_the_austrian_week(at, expected):
    assert is_open(OFFICE, at) is expected


def test_after_friday_evening_the_office_opens_on_monday():
    friday = vienna(2026, 11, 27, 17)
    assert next_opening(OFFICE, friday) == vienna(2026, 11, 30, 8)
    assert next_closing(OFFICE, friday) == vienna(2026, 11, 30, 17)
    assert next_closing(OFFICE, vienna(2026, 11, 27, 16)) == friday


def test_a_holiday_on_monday_moves_the_opening_to_tuesday():
    assert next_opening(OFFICE, vienna(2026, 10, 23, 17)) == vienna(2026, 10, 27, 8)


@pytest.mark.parametrize(
    ("day", "length"),
    [
        (date(2026, 3, 29), timedelta(hours=23)),
        (date(2026, 10, 25), timedelta(hours=25)),
    ],
)
def test_a_day_of_24_hours_on_the_wall_may_have_23_or_25(day, length):
    always = OfficeHours(
        zone=VIENNA, days=frozenset({day.weekday()}), opens=time(0), closes=time(0)
    )
    start = vienna(day.year, day.month, day.day)
    (found,) = open_intervals(always, start, start + timedelta(days=2))
    assert found[1] - found[0] == length


def test_a_closing_time_that_occurs_twice_means_its_first_occurrence():
    night = OfficeHours(
        zone=VIENNA, days=frozenset({6}), opens=time(1), closes=time(2, 30)
    )
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert is_open(night, first - timedelta(seconds=1))
    assert not is_open(night, first)
    assert not is_open(night, first + timedelta(hours=1))


def test_an_office_without_days_never_opens():
    never = OfficeHours(zone=VIENNA, days=frozenset(), opens=time(8), closes=time(17))
    assert next_opening(never, vienna(2026, 1, 1)) is None
    assert next_closing(never, vienna(2026, 1, 1)) is None


@given(office=offices, start=instants, days=st.integers(1, 30), part=st.floats(0, 1))
def test_the_intervals_say_the_same_as_the_question(office, start, days, part):
    end = start + timedelta(days=days)
    at = start + part * (end - start - timedelta(microseconds=1))
    found = open_intervals(office, start, end)
    assert any(a <= at < b for a, b in found) == is_open(office, at)
    for begin, until in found:
        assert start <= begin < until <= end
        assert is_open(office, begin)
        assert is_open(office, until - timedelta(microseconds=1))
        assert until == end or not is_open(office, until)
    assert all(before[1] < after[0] for before, after in pairwise(found))


@given(office=offices, at=instants)
def test_the_next_opening_is_the_first_one(office, at):
    opening = next_opening(office, at)
    if opening is None:
        assert next_closing(office, at) is None
        return
    assert opening > at
    assert is_open(office, opening)
    assert not is_open(office, opening - timedelta(microseconds=1))
    inside = [a for a, _ in open_intervals(office, at, opening) if a > at]
    assert inside == []
