"""Which tariff applies: free hours, fee time, closing days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.office_hours import OfficeHours, is_open
from emergency.rules.tariff import Case, ClosedDay, Reason, tariff

VIENNA = ZoneInfo("Europe/Vienna")
HOURS = OfficeHours(
    zone=VIENNA, days=frozenset(range(5)), opens=time(8), closes=time(17)
)
NATIONAL = ClosedDay(name="Nationalfeiertag", public=True)
CHRISTMAS_EVE = ClosedDay(name="Heiliger Abend", public=False)
OUTING = ClosedDay(name="Betriebsausflug", public=False, fee_time=False)
CLOSED = {
    date(2026, 10, 26): NATIONAL,
    date(2026, 12, 24): CHRISTMAS_EVE,
    date(2026, 9, 4): OUTING,
}


def at(
    year: int, month: int, day: int, hour: int, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("when", "case", "reason", "opens"),
    [
        (at(2026, 11, 27, 16, 59, 59), "free_hours", "open", None),
        (at(2026, 11, 27, 17), "fee", "after_closing", at(2026, 11, 30, 8)),
        (at(2026, 11, 28, 12), "fee", "day_off", at(2026, 11, 30, 8)),
        (at(2026, 11, 30, 7, 59, 59), "fee", "before_opening", at(2026, 11, 30, 8)),
        (at(2026, 11, 30, 8), "free_hours", "open", None),
        (at(2026, 10, 26, 10), "fee", "holiday", at(2026, 10, 27, 8)),
        (at(2026, 12, 24, 16, 30), "fee", "closing_day", at(2026, 12, 25, 8)),
        # 24 and 31 December are ordinary days unless the operator closes.
        (at(2026, 12, 31, 16, 30), "free_hours", "open", None),
        # Good Friday is no holiday in Austria.
        (at(2026, 4, 3, 10), "free_hours", "open", None),
        (at(2026, 9, 4, 10), "no_fee", "closing_day", at(2026, 9, 7, 8)),
        # In the evening nobody could have expected free support anyway.
        (at(2026, 9, 4, 17), "fee", "closing_day", at(2026, 9, 7, 8)),
        # The clock shows 02:30 twice; both are Sunday.
        (at(2026, 10, 25, 2, 30), "fee", "day_off", at(2026, 10, 27, 8)),
        (at(2026, 10, 25, 2, 30).replace(fold=1), "fee", "day_off", None),
        # 23:30 UTC is the holiday in Vienna already.
        (
            datetime(2026, 10, 25, 23, 30, tzinfo=UTC),
            "fee",
            "holiday",
            at(2026, 10, 27, 8),
        ),
    ],
)
def test_the_case_and_its_reason_are_those_of_the_wall_clock(when, case, reason, opens):
    found = tariff(HOURS, CLOSED, when)
    assert (found.case, found.reason) == (Case(case), Reason(reason))
    if opens is not None:
        assert found.opens_at == opens


def test_free_hours_and_a_day_without_a_fee_say_when_they_end():
    assert tariff(HOURS, CLOSED, at(2026, 11, 27, 9)).ends_at == at(2026, 11, 27, 17)
    assert tariff(HOURS, CLOSED, at(2026, 9, 4, 9)).ends_at == at(2026, 9, 4, 17)


def test_an_office_that_never_opens_says_so():
    never = OfficeHours(zone=VIENNA, days=frozenset(), opens=time(8), closes=time(17))
    found = tariff(never, {}, at(2026, 11, 27, 9))
    assert (found.case, found.reason, found.opens_at) == (
        Case.FEE,
        Reason.NEVER_OPEN,
        None,
    )


instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
closed_days = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.builds(
        ClosedDay, name=st.just("x"), public=st.booleans(), fee_time=st.booleans()
    ),
    max_size=30,
)


@given(when=instants, closed=closed_days)
def test_no_second_is_without_a_case_and_what_is_promised_comes_true(when, closed):
    found = tariff(HOURS, closed, when)
    ordinary = is_open(HOURS, when)
    day = closed.get(when.astimezone(VIENNA).date())
    assert (found.case is Case.FREE_HOURS) is (ordinary and day is None)
    assert (found.case is Case.NO_FEE) is (
        ordinary and day is not None and not day.public and not day.fee_time
    )
    if found.case is not Case.FREE_HOURS and found.opens_at is not None:
        assert found.opens_at > when
        opened = tariff(HOURS, closed, found.opens_at)
        just_before = tariff(HOURS, closed, found.opens_at - timedelta(seconds=1))
        assert opened.case is Case.FREE_HOURS
        assert just_before.case is not Case.FREE_HOURS
    if found.ends_at is not None:
        assert tariff(HOURS, closed, found.ends_at).case is not found.case
