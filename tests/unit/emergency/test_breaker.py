"""The breaker orders routes, opens for a growing while and never loses one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.breaker import (
    FAILURES_TO_OPEN,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Health,
    Standing,
    after_failure,
    after_success,
    after_trial_taken,
    another_route_helps,
    concerns_the_route,
    in_order,
    standing,
)
from emergency.rules.delivery import FailureClass

NOW = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)

health = st.builds(
    Health,
    failures=st.integers(0, 100),
    open_until=st.none()
    | st.integers(-600, 600).map(lambda seconds: NOW + seconds * SECOND),
)
routes = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d"]), health), unique_by=lambda r: r[0]
)


def failed(times, failure=FailureClass.UNKNOWN, start=Health()):  # noqa: B008
    for _ in range(times):
        start = after_failure(start, failure, NOW)
    return start


def test_a_few_failures_do_not_open_it():
    assert standing(failed(FAILURES_TO_OPEN - 1), NOW) is Standing.CLOSED


def test_enough_failures_in_a_row_open_it_and_then_one_page_tries_again():
    opened = failed(FAILURES_TO_OPEN)
    assert standing(opened, NOW) is Standing.OPEN
    later = NOW + FIRST_PAUSE
    assert standing(opened, later) is Standing.TRIAL
    assert standing(after_trial_taken(opened, later), later) is Standing.OPEN


def test_a_success_between_failures_begins_the_count_anew():
    assert failed(FAILURES_TO_OPEN - 1, start=after_success()).open_until is None


@pytest.mark.parametrize("failure", [FailureClass.ACCOUNT, FailureClass.CONFIGURATION])
def test_what_every_later_page_would_meet_opens_it_at_once(failure):
    assert standing(failed(1, failure), NOW) is Standing.OPEN


@given(st.integers(FAILURES_TO_OPEN, 10_000))
def test_the_pause_grows_and_has_an_end(times):
    shorter = after_failure(Health(failures=times - 1), FailureClass.UNKNOWN, NOW)
    longer = after_failure(Health(failures=times), FailureClass.UNKNOWN, NOW)
    assert shorter.open_until is not None
    assert longer.open_until is not None
    assert shorter.open_until <= longer.open_until <= NOW + LONGEST_PAUSE


@given(routes, st.booleans())
def test_no_route_is_ever_lost_from_the_order(given_routes, urgent):
    order = in_order(given_routes, NOW, urgent=urgent)
    assert sorted(order) == sorted(route for route, _ in given_routes)


@given(routes, st.booleans())
def test_an_open_route_never_stands_before_another(given_routes, urgent):
    known = dict(given_routes)
    order = [
        standing(known[route], NOW)
        for route in in_order(given_routes, NOW, urgent=urgent)
    ]
    first_open = order.index(Standing.OPEN) if Standing.OPEN in order else len(order)
    assert set(order[first_open:]) <= {Standing.OPEN}


def test_healthy_routes_keep_the_order_they_were_given():
    healthy = [("b", Health()), ("a", Health(failures=1))]
    assert in_order(healthy, NOW, urgent=True) == ["b", "a"]


def test_the_trial_is_for_a_page_that_can_wait_and_not_for_an_urgent_one():
    doubtful = Health(failures=FAILURES_TO_OPEN, open_until=NOW - SECOND)
    both = [("a", doubtful), ("b", Health())]
    assert in_order(both, NOW, urgent=False) == ["a", "b"]
    assert in_order(both, NOW, urgent=True) == ["b", "a"]


def test_a_bad_number_says_nothing_of_the_route_and_no_other_route_helps():
    for failure in (FailureClass.NUMBER_INVALID, FailureClass.OPTED_OUT):
        assert not concerns_the_route(failure)
        assert not another_route_helps(failure)


@pytest.mark.parametrize(
    "failure",
    [FailureClass.UNKNOWN, FailureClass.THROTTLED, FailureClass.ACCOUNT],
)
def test_trouble_of_the_route_is_no_reason_to_wait_for_it(failure):
    assert concerns_the_route(failure)
    assert another_route_helps(failure)
