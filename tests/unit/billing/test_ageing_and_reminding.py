"""Ages of open amounts, and when which reminder is due."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.ageing import Age, age, aged
from billing.rules.reminder_texts import LEVELS
from billing.rules.reminding import due_level, filled, is_day, unknown_places

pytestmark = pytest.mark.no_servers

DUE = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("days", "column"),
    [
        *((-1, Age.NOT_DUE), (0, Age.TO_30), (30, Age.TO_30), (31, Age.TO_60)),
        *((60, Age.TO_60), (61, Age.TO_90), (90, Age.TO_90), (91, Age.OVER_90)),
    ],
)
def test_each_day_has_one_column(days, column):
    assert age(DUE, DUE + timedelta(days=days)) is column


def test_what_has_no_due_date_is_not_due():
    assert age(None, DUE) is Age.NOT_DUE


@given(
    st.lists(
        st.tuples(
            st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
            st.integers(-9999, 9999).map(Decimal),
        )
    )
)
def test_the_columns_are_the_sum(amounts):
    assert sum(aged(amounts, DUE).values()) == sum(amount for _due, amount in amounts)


def days_sent(*offsets):
    return [DUE + timedelta(days=offset) for offset in offsets]


@pytest.mark.parametrize(
    ("sent", "today", "level"),
    [
        ((), 6, None),
        ((), 7, 1),
        ((), 300, 1),
        ((7,), 20, None),
        ((7,), 21, 2),
        ((9,), 22, None),
        ((7, 21), 35, 3),
        ((7, 21, 35), 999, None),
    ],
)
def test_a_level_waits_for_its_days_after_the_one_before(sent, today, level):
    found = due_level(
        due=DUE,
        sent=days_sent(*sent),
        levels=LEVELS,
        today=DUE + timedelta(days=today),
    )
    assert found == level


@given(st.integers(0, 60))
def test_never_two_levels_on_a_day(days):
    today = DUE + timedelta(days=days)
    assert due_level(due=DUE, sent=[today], levels=LEVELS, today=today) is None


@pytest.mark.parametrize(
    ("at", "by_day"),
    [
        (datetime(2026, 3, 30, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 30, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 30, 17, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 30, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 12, 0, tzinfo=UTC), False),
    ],
)
def test_reminders_go_out_on_working_days_alone(at, by_day):
    assert is_day(at) is by_day


def test_the_proposed_texts_use_known_places_in_both_languages():
    for level in LEVELS:
        for words in (level.subject, level.text):
            assert set(words) == {"de", "en"}
            assert not [p for text in words.values() for p in unknown_places(text)]


def test_a_text_is_filled_and_nothing_else_is_evaluated():
    assert filled("{number}: {secret} {0.x}", {"number": "RE"}) == "RE: {secret} {0.x}"
    assert unknown_places("{number} {secret}") == ["secret"]
