"""Included emergencies: periods tile the calendar, places are given in order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.allowance import Period, free_position, span

pytestmark = pytest.mark.no_servers

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (Period.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (Period.QUARTER, date(2026, 11, 30), date(2026, 10, 1), date(2026, 12, 31)),
        (Period.YEAR, date(2026, 1, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_one_of_the_calendar(period, day, first, last):
    assert span(period, day) == (first, last)


@given(DAYS, st.sampled_from(Period))
def test_a_day_lies_in_its_period_and_the_next_period_begins_behind_it(day, period):
    first, last = span(period, day)
    assert first <= day <= last
    assert span(period, first) == span(period, last) == (first, last)
    assert span(period, last + timedelta(days=1))[0] == last + timedelta(days=1)


@given(st.sets(st.integers(1, 12)), st.integers(0, 10), st.integers(0, 12))
def test_drafts_behind_each_other_get_different_free_places(taken, of, waiting):
    places = [free_position(taken, of=of, ahead=ahead) for ahead in range(waiting)]
    given_out = [place for place in places if place is not None]
    assert given_out == sorted(set(given_out) - taken)
    assert all(1 <= place <= of for place in given_out)
    free = of - len({place for place in taken if place <= of})
    assert len(given_out) == min(free, waiting)
