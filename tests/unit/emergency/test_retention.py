"""From when on what is erased, by the pure rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.retention import (
    Charge,
    Class,
    Facts,
    Periods,
    erased_from,
    is_due,
    settled_at,
)

pytestmark = pytest.mark.no_servers

DAY = timedelta(days=1)
END = datetime(2026, 3, 10, 3, tzinfo=UTC)
PERIODS = Periods(short=90 * DAY, case=365 * DAY, evidence=1096 * DAY)


def facts(*charges: Charge, ended=END, paid=None, held=False) -> Facts:
    return Facts(ended_at=ended, paid_at=paid, charges=charges, held=held)


def charge(days: int, cents: int = 0) -> Charge:
    return Charge(at=END + days * DAY, gross_cents=cents)


@pytest.mark.parametrize(
    ("case", "settled"),
    [
        (facts(), None),
        (facts(charge(1)), END + DAY),
        (facts(charge(1, 24000)), None),
        (facts(charge(1, 24000), paid=END + 20 * DAY), END + 20 * DAY),
        (facts(charge(1, 24000), charge(9, -24000)), END + 9 * DAY),
        (facts(charge(1, 24000), charge(9, -12000)), None),
        # Paid in advance, or by a clock that was wrong: never before the end.
        (facts(charge(1, 24000), paid=END - DAY), END),
        (facts(charge(1), ended=None), None),
    ],
)
def test_an_incident_is_settled_when_nobody_owes_anything(case, settled):
    assert settled_at(case) == settled


def test_what_explains_a_case_goes_a_year_after_it_is_settled():
    case = facts(charge(1))
    due = END + 366 * DAY
    assert erased_from(Class.CASE, case, PERIODS) == due
    assert not is_due(Class.CASE, case, PERIODS, due - timedelta(microseconds=1))
    assert is_due(Class.CASE, case, PERIODS, due)


def test_it_goes_with_the_evidence_where_nobody_tells_of_a_payment():
    case = facts(charge(1, 24000))
    assert erased_from(Class.CASE, case, PERIODS) == END + 1096 * DAY
    assert erased_from(Class.EVIDENCE, case, PERIODS) == END + 1096 * DAY


hours = st.integers(-10_000, 80_000)
moments = hours.map(lambda number: END + timedelta(hours=number))
charges = st.builds(Charge, at=moments, gross_cents=st.integers(-99999, 99999))
cases = st.builds(
    Facts,
    ended_at=st.none() | moments,
    paid_at=st.none() | moments,
    charges=st.lists(charges, max_size=3).map(tuple),
    held=st.booleans(),
)


@given(cases, moments)
def test_nothing_is_erased_of_an_open_or_held_incident(case, now):
    if case.held or case.ended_at is None:
        assert not any(is_due(kind, case, PERIODS, now) for kind in Class)


@given(cases, moments, st.timedeltas(timedelta(0), timedelta(days=999)))
def test_what_is_due_stays_due(case, now, later):
    for kind in Class:
        if is_due(kind, case, PERIODS, now):
            assert is_due(kind, case, PERIODS, now + later)


@given(cases, moments)
def test_nothing_goes_before_a_year_after_the_end_and_the_books_never(case, now):
    if is_due(Class.CASE, case, PERIODS, now):
        assert now >= case.ended_at + PERIODS.case
    kept = {Class.ACCOUNTING, Class.ACCOUNT, Class.WORKPLACE, Class.TECHNICAL}
    assert not any(is_due(kind, case, PERIODS, now) for kind in kept)


@given(cases, moments)
def test_evidence_never_goes_before_what_it_explains(case, now):
    if is_due(Class.EVIDENCE, case, PERIODS, now):
        assert is_due(Class.CASE, case, PERIODS, now)
