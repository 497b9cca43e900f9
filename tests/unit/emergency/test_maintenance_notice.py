"""When somebody who waits for the end of a maintenance is written to."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.rules.maintenance_notice import GIVE_UP, News, news

ASKED = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
KERNEL, DISKS = ("Nordlicht", "w1"), ("Nordlicht", "w2")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("still", "readable", "waited", "expected"),
    [
        ([KERNEL], True, timedelta(0), None),
        ([KERNEL, DISKS], True, timedelta(0), None),
        ([], True, timedelta(0), News.OVER),
        ([DISKS], True, timedelta(0), News.OVER),
        # The same id on another page is another window.
        ([("Other", "w1")], True, timedelta(0), News.OVER),
        ([], False, GIVE_UP - SECOND, None),
        ([], False, GIVE_UP, News.UNKNOWN),
        ([KERNEL], True, GIVE_UP, News.UNKNOWN),
    ],
)
def test_only_what_is_known_is_told(still, readable, waited, expected) -> None:
    told = news(
        shown=[KERNEL],
        still=still,
        readable=readable,
        asked_at=ASKED,
        now=ASKED + waited,
    )
    assert told is expected
