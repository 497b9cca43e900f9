"""How far a document is over there, and which code its tax has."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.hand_over import (
    NUMBERED,
    State,
    known_tax_key,
    lasting_number,
    may_follow,
    tax_code,
)

pytestmark = pytest.mark.no_servers

STATES = st.sampled_from(State)


@given(st.lists(STATES, max_size=12))
def test_answers_in_any_order_never_go_backwards(told):
    now, seen = State.WAITING, [State.WAITING]
    for state in told:
        if may_follow(now, state):
            now = state
            seen.append(state)
    numbered = [i for i, state in enumerate(seen) if state in NUMBERED]
    if numbered:
        assert set(seen[numbered[0] :]) <= {State.BOOKED, State.PAID, State.CANCELLED}
    if State.PAID in seen:
        assert State.BOOKED not in seen[seen.index(State.PAID) :]
    for final in (State.REFUSED, State.CANCELLED):
        if final in seen:
            assert set(seen[seen.index(final) :]) == {final}


@given(STATES)
def test_the_same_answer_again_is_no_step_backwards(state):
    assert may_follow(state, state) or state is State.WAITING


def test_nobody_tells_us_to_wait_again():
    assert not any(may_follow(state, State.WAITING) for state in State)


@given(st.text(max_size=10), st.text(max_size=10))
def test_a_document_has_one_number(known, told):
    lasting = lasting_number(known, told)
    assert (lasting is None) == bool(known and told and known != told)
    assert lasting in {known, told, None}


@pytest.mark.parametrize(
    ("codes", "category", "rate", "code"),
    [
        ({}, "S", "20.00", "S"),
        ({"S": "U"}, "S", "20.00", "U"),
        ({"S": "U", "S20": "U20"}, "S", "20.00", "U20"),
        ({"S7.5": "half"}, "S", "7.50", "half"),
        ({"S100": "all", "S1": "one"}, "S", "100.00", "all"),
        ({"AE": "RC"}, "AE", "0", "RC"),
        ({"O": "DL"}, "O", None, "DL"),
    ],
)
def test_the_nearest_code_counts(codes, category, rate, code):
    assert tax_code(codes, category, Decimal(rate) if rate else None) == code


@pytest.mark.parametrize("key", ["S", "S20", "S7.5", "AE", "AE0", "O"])
def test_these_keys_can_fit(key):
    assert known_tax_key(key)


@pytest.mark.parametrize("key", ["", "Z", "S-1", "S20%", "s20", "20"])
def test_these_never_fit(key):
    assert not known_tax_key(key)
