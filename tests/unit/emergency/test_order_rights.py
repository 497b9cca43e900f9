"""What a customer may do with an order, and until when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules import cancellation, objection, withdrawal

OPENED = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")
MINUTE = timedelta(minutes=1)
lengths = st.timedeltas(timedelta(), timedelta(hours=6))


@pytest.mark.parametrize(
    ("minute", "taken", "free"),
    [(0, None, True), (2, 1, True), (3, 1, False), (9, None, True), (9, 9, True)],
)
def test_cancelling_is_free_until_the_later_of_window_and_take_over(
    minute, taken, free
):
    assert free is cancellation.is_free(
        OPENED + minute * MINUTE,
        opened_at=OPENED,
        window=cancellation.FREE_WINDOW,
        taken_at=None if taken is None else OPENED + taken * MINUTE,
    )


@given(at=lengths, window=lengths, taken=st.none() | lengths, longer=lengths)
def test_a_longer_window_or_a_later_taker_never_makes_it_cost(
    at, window, taken, longer
):
    def is_free(window, taken):
        return cancellation.is_free(
            OPENED + at,
            opened_at=OPENED,
            window=window,
            taken_at=None if taken is None else OPENED + taken,
        )

    if is_free(window, taken):
        assert is_free(window + longer, taken)
        assert is_free(window, None if taken is None else taken + longer)
    limit = max(window, taken) if taken is not None else None
    assert is_free(window, taken) is (limit is None or at <= limit)


@given(days=st.integers(0, 400), minutes=st.integers(0, 1439))
def test_fourteen_whole_days_follow_the_day_of_the_order(days, minutes):
    ordered = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days, minutes=minutes)
    end = withdrawal.last_moment(ordered, VIENNA)
    assert (end.date() - ordered.astimezone(VIENNA).date()).days == 15
    assert (end.hour, end.minute) == (0, 0)


@pytest.mark.parametrize(
    ("now", "consumer", "performed", "may"),
    [
        (OPENED, True, None, True),
        (OPENED, False, None, False),
        (datetime(2026, 3, 24, 22, 59, 59, tzinfo=UTC), True, None, True),
        (datetime(2026, 3, 24, 23, 0, tzinfo=UTC), True, None, False),
        (OPENED + 50 * MINUTE, True, OPENED + 50 * MINUTE, False),
    ],
)
def test_only_consumers_withdraw_in_time_and_before_full_performance(
    now, consumer, performed, may
):
    assert may is withdrawal.may_withdraw(
        now,
        consumer=consumer,
        ordered_at=OPENED,
        performed_at=performed,
        zone=VIENNA,
    )


def test_the_invoice_can_be_objected_to_once_there_is_one():
    ended = OPENED + timedelta(hours=1)
    invoiced = ended + timedelta(days=10)
    late = invoiced + timedelta(days=14)

    def open_at(now, ended_at, invoiced_at):
        return objection.matters(now, ended_at=ended_at, invoiced_at=invoiced_at)

    assert open_at(OPENED, None, None) == ()
    assert open_at(ended, ended, None) == ("cause", "time")
    assert open_at(late, ended, invoiced) == ("cause", "time", "invoice")
    assert open_at(late + MINUTE, ended, invoiced) == ()


@given(raised=st.frozensets(st.sampled_from(["cause", "time", "invoice"])))
def test_nothing_is_objected_to_twice(raised):
    left = objection.matters(OPENED, ended_at=OPENED, invoiced_at=OPENED, raised=raised)
    assert not set(left) & raised
