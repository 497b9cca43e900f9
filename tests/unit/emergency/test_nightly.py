"""The nightly import comes at the same hour of every night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.nightly import AT, next_night, next_run

VIENNA = ZoneInfo("Europe/Vienna")
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (
            datetime(2026, 3, 10, 1, tzinfo=UTC),
            datetime(2026, 3, 10, 3, 30, tzinfo=UTC),
        ),
        (
            datetime(2026, 3, 10, 4, tzinfo=UTC),
            datetime(2026, 3, 11, 3, 30, tzinfo=UTC),
        ),
        # The night in which summer time begins.
        (
            datetime(2026, 3, 29, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 2, 30, tzinfo=UTC),
        ),
    ],
)
def test_it_is_half_past_four_on_the_wall(now, night) -> None:
    assert next_night(now, VIENNA) == night


@given(MOMENTS)
def test_the_next_night_lies_ahead_and_within_a_day(now) -> None:
    night = next_night(now, VIENNA)
    assert now < night <= now + timedelta(hours=25)
    assert night.astimezone(VIENNA).time() == AT


@given(MOMENTS)
def test_what_failed_is_tried_within_the_hour(now) -> None:
    assert now < next_run(now, VIENNA, failed=True) <= now + timedelta(hours=1)
    assert next_run(now, VIENNA, failed=False) == next_night(now, VIENNA)
