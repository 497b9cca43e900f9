"""When a status page is read next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status.rules.polling import delay_after_failure, delay_after_success

NOW = datetime(2026, 11, 22, 1, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after_success(*edges: timedelta, conditional=False, planned=True, seed=10):
    return delay_after_success(
        interval=MINUTE,
        edges=[NOW + edge for edge in edges],
        planned=planned,
        now=NOW,
        conditional=conditional,
        seed=seed,
    )


def after_failure(failures: int, retry_after: timedelta | None = None):
    return delay_after_failure(
        interval=MINUTE, failures=failures, retry_after=retry_after, seed=10
    )


def test_near_the_edge_of_a_window_the_page_is_read_every_twenty_seconds():
    assert after_success(9 * MINUTE) == timedelta(seconds=20)
    assert after_success(-9 * MINUTE) == timedelta(seconds=20)
    assert after_success(30 * MINUTE) == MINUTE


def test_a_quiet_page_that_answers_conditionally_is_read_every_five_minutes():
    assert after_success(conditional=True, planned=False) == 5 * MINUTE
    assert after_success(conditional=False, planned=False) == MINUTE
    assert after_success(-3 * 60 * MINUTE, conditional=True) == MINUTE


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 1), (2, 1), (3, 2), (4, 4), (5, 8), (6, 15), (60, 15), (10**6, 15)],
)
def test_failures_in_a_row_make_longer_pauses(failures, minutes):
    assert after_failure(failures) == minutes * MINUTE


def test_what_the_server_asks_for_wins():
    assert after_failure(1, timedelta(hours=2)) == timedelta(hours=2)
    assert after_failure(9, timedelta(seconds=1)) == MINUTE
    assert after_failure(1, timedelta(days=400)) == timedelta(hours=24)


@given(seed=st.integers(0, 10**9))
def test_the_shift_is_at_most_a_tenth(seed):
    delay = after_success(seed=seed)
    assert 0.9 * MINUTE <= delay <= 1.1 * MINUTE
