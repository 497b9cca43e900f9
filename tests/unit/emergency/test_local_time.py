"""Wall-clock times in ordinary nights and in the two of the year that are not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.local_time import instants_of, occurrence_of

pytestmark = pytest.mark.no_servers

VIENNA = ZoneInfo("Europe/Vienna")


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "instants"),
    [
        ("2026-03-10T02:41", (utc(2026, 3, 10, 1, 41),)),
        ("2026-03-29T01:59", (utc(2026, 3, 29, 0, 59),)),
        ("2026-03-29T02:00", ()),
        ("2026-03-29T02:59", ()),
        ("2026-03-29T03:00", (utc(2026, 3, 29, 1, 0),)),
        (
            "2026-10-25T02:30",
            (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)),
        ),
        ("2026-10-25T03:00", (utc(2026, 10, 25, 2, 0),)),
    ],
)
def test_a_wall_clock_time_is_shown_once_never_or_twice(shown, instants) -> None:
    assert instants_of(datetime.fromisoformat(shown), VIENNA) == instants


@given(
    minutes=st.integers(0, 365 * 24 * 60),
    zone=st.sampled_from(
        ["Europe/Vienna", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"]
    ),
)
def test_every_instant_is_found_again_from_what_the_clock_shows(minutes, zone) -> None:
    instant = utc(2026, 1, 1) + timedelta(minutes=minutes)
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    found = instants_of(shown, ZoneInfo(zone))
    occurrence = occurrence_of(instant, ZoneInfo(zone))
    assert instant in found
    assert found[occurrence or 0] == instant
    assert (occurrence is None) == (len(found) == 1)
