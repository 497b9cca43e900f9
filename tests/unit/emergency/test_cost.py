"""When the running cost is shown, and when the customer is asked before going on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.cost import exceeds, is_shown, running_since

REACHED = datetime(2026, 3, 10, 1, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
amounts = st.decimals(0, 10_000, places=2)


@pytest.mark.parametrize(
    ("minutes", "shown"), [(24, False), (25, True), (30, True), (90, True)]
)
def test_the_cost_is_shown_from_the_twenty_fifth_of_thirty_minutes(minutes, shown):
    assert is_shown(minutes * MINUTE, 30 * MINUTE) is shown


def test_work_runs_since_the_customer_was_reached_or_since_the_last_entry():
    assert running_since(reached_at=None, ends=[]) is None
    assert running_since(reached_at=REACHED, ends=[]) == REACHED
    logged = REACHED + 10 * MINUTE
    assert running_since(reached_at=REACHED, ends=[logged]) == logged


@given(gross=amounts, limit=st.none() | amounts, agreed=st.none() | amounts)
def test_nobody_is_asked_within_the_limit_or_within_what_they_agreed_to(
    gross, limit, agreed
):
    asked = exceeds(gross, limit, agreed)
    if limit is None or gross <= limit or (agreed is not None and gross <= agreed):
        assert not asked
    else:
        assert asked


def test_the_limit_itself_is_within_it():
    assert not exceeds(Decimal(400), Decimal(400), None)
