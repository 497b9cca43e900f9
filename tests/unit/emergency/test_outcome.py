"""How the promise stands: more attempts never make it worse, and reached is best."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.deadline import Outcome, Try, outcome_of, tried_enough

T = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
DEADLINE = T + timedelta(minutes=30)
NUMBERS = ("+431", "+432")
ORDER = list(Outcome)

instants = st.integers(0, 60 * 60).map(lambda s: T + timedelta(seconds=s))
tries = st.lists(
    st.builds(Try, at=instants, number=st.sampled_from([*NUMBERS, ""])), max_size=6
)
given_numbers = st.sets(st.sampled_from(NUMBERS), min_size=1)


def stands(tried, *, reached_at=None, now=DEADLINE, numbers=("+431",), needed=3):
    return outcome_of(
        reached_at=reached_at,
        tries=tried,
        numbers=numbers,
        needed=needed,
        deadline_at=DEADLINE,
        now=now,
    )


def at(minute, number="+431"):
    return Try(at=T + timedelta(minutes=minute), number=number)


@given(tries, tries, given_numbers, instants, st.integers(1, 4))
def test_more_attempts_never_make_it_worse(some, more, numbers, now, needed):
    before = stands(some, now=now, numbers=numbers, needed=needed)
    after = stands([*some, *more], now=now, numbers=numbers, needed=needed)
    assert ORDER.index(after) <= ORDER.index(before)


@given(tries, given_numbers, instants, instants)
def test_reached_in_time_is_met_whatever_was_tried(tried, numbers, reached_at, now):
    outcome = stands(tried, reached_at=reached_at, numbers=numbers, now=now)
    assert (outcome is Outcome.MET) == (reached_at <= DEADLINE)


@given(tries, given_numbers, instants)
def test_tried_enough_stays_so_when_the_customer_is_reached_late(tried, numbers, now):
    late = DEADLINE + timedelta(minutes=5)
    before = stands(tried, numbers=numbers, now=now)
    after = stands(tried, numbers=numbers, now=late, reached_at=late)
    assert (before is Outcome.ATTEMPTED) == (after is Outcome.ATTEMPTED)


@given(tries, given_numbers, st.integers(1, 4))
def test_nothing_after_the_deadline_counts(tried, numbers, needed):
    in_time = [one for one in tried if one.at <= DEADLINE]
    terms = {"numbers": numbers, "needed": needed, "deadline_at": DEADLINE}
    assert tried_enough(tried, **terms) == tried_enough(in_time, **terms)


def test_the_third_attempt_in_time_keeps_the_promise_and_the_second_does_not():
    assert stands([at(9), at(13)], now=T) is Outcome.PENDING
    assert stands([at(9), at(13), at(30)], now=T) is Outcome.ATTEMPTED


def test_every_number_has_to_be_tried():
    tried = [at(9), at(13), at(20)]
    assert stands(tried, numbers=NUMBERS) is Outcome.MISSED
    assert stands([*tried, at(21, "+432")], numbers=NUMBERS) is Outcome.ATTEMPTED


def test_too_few_attempts_are_a_missed_promise_once_the_deadline_is_there():
    assert stands([at(9)], now=DEADLINE) is Outcome.MISSED
    assert stands([at(9)], now=DEADLINE - timedelta(seconds=1)) is Outcome.PENDING
