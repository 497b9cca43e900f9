"""Included emergencies: periods tile the calendar, places are given in order, and only
a fee that is due uses one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from billing.rules.allowance import Period, Use, free_position, span, use_of
from billing.rules.charges import sum_of
from tests.examples import examples
from tests.unit.billing.nights import emergency, nights, rated

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


@examples(400)
@given(nights)
def test_a_place_stands_for_a_fee_that_is_due(night):
    """Whatever the facts and the policy: where nothing is charged, or the fee is waived
    by a rule, nothing of the contract is used up."""
    use = use_of(emergency(night))
    event(use.value)
    lines = rated(night).lines
    assert (use is Use.NOTHING) == (not lines or bool(lines[0].waived))


@examples(400)
@given(nights)
def test_our_own_fault_uses_no_place_unless_the_policy_says_so(night):
    ours = replace(night, cause="infrastructure")
    theirs = replace(night, cause="other")
    spare, use = (
        use_of(emergency(replace(ours, policy={**ours.policy, **said})))
        for said in (
            {"infrastructure_place": "spare"},
            {"infrastructure_place": "use"},
        )
    )
    assert spare is not Use.PLACE
    assert (spare is Use.NOTHING) == (use is Use.NOTHING)
    assert use is not Use.SPARED
    assert use_of(emergency(theirs)) is not Use.SPARED


@examples(400)
@given(nights)
def test_what_is_included_never_costs_more(night):
    """With the fee included the other lines are what they were without a contract."""
    if use_of(emergency(night)) is Use.NOTHING:
        return
    full = rated(night)
    included = rated(
        replace(night, fee=0, policy={**night.policy, "least_amount": "0.00"})
    )
    assert included.lines[0].net == 0
    assert included.lines[1:] == full.lines[1:]
    assert included.net == full.net - full.lines[0].net == sum_of(full.lines[1:])
