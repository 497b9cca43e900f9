"""What must hold for every night under every rating policy."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from billing.rules.crediting import Position, credit
from billing.rules.readings import read_policy
from tests.examples import examples
from tests.unit.billing import oracle
from tests.unit.billing.nights import (
    KINDS,
    emergency,
    euro,
    nights,
    plain_nights,
    policies,
    rated,
)

pytestmark = pytest.mark.no_servers

rates = st.integers(0, 2500).map(euro)
many = examples(400)


@examples(2000)
@given(nights)
def test_it_agrees_with_exact_fractions(night):
    rating, expected = rated(night), oracle.price(night)
    event(rating.outcome.value)
    lines = tuple((line.code, line.minutes, line.net) for line in rating.lines)
    assert lines == tuple((c, m, euro(n)) for c, m, n in expected.lines)
    assert frozenset(rating.review) == expected.review
    assert rating.vat_total == euro(oracle.vat(expected.net, 2000))


@many
@given(nights)
def test_a_line_is_quantity_times_price(night):
    for line in rated(night).lines:
        if line.minutes is None:
            assert line.net == line.unit_price
        else:
            exact = Fraction(line.unit_price) * line.minutes / 60
            assert line.net == euro(oracle.half_up(exact * 100))


@many
@given(nights)
def test_what_was_worked_is_charged_included_or_said_to_be_free(night):
    """Nothing that was logged gets lost between the lines and their explanations."""
    rating = rated(night)
    if not rating.lines:
        return
    fee, *timed = rating.lines
    logged = sum(p.end - p.start for p in night.pieces if p.billable)
    charged = sum((line.worked - line.included).total_seconds() for line in timed)
    without = fee.not_charged + fee.unproven + fee.free
    assert charged + (fee.included + without).total_seconds() == logged


@many
@given(nights, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(night, random):
    mixed = list(night.pieces)
    random.shuffle(mixed)
    assert rated(replace(night, pieces=tuple(mixed))) == rated(night)


@many
@given(nights, st.integers(0, 5), st.integers(1, 7200))
def test_splitting_an_entry_changes_nothing(night, index, cut):
    split = []
    for position, piece in enumerate(night.pieces):
        middle = piece.start + cut
        if position == index and middle < piece.end:
            split += [replace(piece, end=middle), replace(piece, start=middle)]
        else:
            split.append(piece)
    assert rated(replace(night, pieces=tuple(split))) == rated(night)


@many
@given(nights, st.sampled_from(KINDS), st.integers(1, 7200))
def test_more_minutes_never_cost_less(night, kind, length):
    end = max([60, *(piece.end for piece in night.pieces)])
    more = oracle.Piece("T9", kind, end, end + length)
    longer = replace(night, pieces=(*night.pieces, more))
    assert rated(longer).gross >= rated(night).gross


@many
@given(nights)
def test_infrastructure_never_exceeds_the_fee(night):
    assert rated(replace(night, cause="infrastructure")).net <= euro(night.fee)


@many
@given(nights)
def test_a_longer_increment_never_costs_less(night):
    costs = [
        rated(replace(night, policy={**night.policy, "increment": step})).net
        for step in ("minute", "quarter", "hour")
    ]
    assert costs == sorted(costs)


@many
@given(nights)
def test_what_is_waived_or_stopped_never_costs_more(night):
    def cost(**choices):
        return rated(replace(night, policy={**night.policy, **choices})).net

    for name in ("late_callback", "customer_not_reached", "late_cancellation"):
        assert cost(**{name: "waive"}) <= cost(**{name: "charge"})
        assert cost(**{name: "review"}) == cost(**{name: "charge"})
    assert cost(maintenance="waive") <= cost(maintenance="review")
    assert cost(into_free_hours="stop") <= cost(into_free_hours="charge")
    assert cost(included_cover="any") <= cost(included_cover="support")
    assert cost(undetermined="no_analysis") <= cost(undetermined="application")


@many
@given(nights)
def test_a_drill_is_never_billed(night):
    rating = rated(replace(night, disposition="drill"))
    assert not rating.lines
    assert not rating.review
    assert rating.gross == 0


@many
@given(nights, rates)
def test_the_tax_is_computed_once_on_the_sum(night, rate_in_percent):
    rating = rated(night, rate_in_percent)
    assert sum(line.net for line in rating.lines) == rating.net
    assert sum(tax.base for tax in rating.taxes) == rating.net
    exact = (rating.net * rate_in_percent / 100).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )
    assert rating.vat_total == exact
    assert rating.gross == rating.net + exact


@many
@given(plain_nights, rates, st.permutations([0, 1, 2]), st.integers(1, 3))
def test_credit_notes_add_up_whatever_their_order(night, rate_in_percent, order, first):
    rating = rated(night, rate_in_percent)
    treatment = rating.taxes[0].treatment
    still_open = [Position(x.code, x.net, treatment) for x in rating.lines]
    codes = [rating.lines[i].code for i in order if i < len(rating.lines)]
    credited: list[Position] = []
    back = Decimal("0.00")
    for wanted in filter(None, (codes[:first], codes[first:])):
        note = credit(still_open, credited, wanted)
        credited += note.positions
        still_open = [p for p in still_open if p.code not in wanted]
        back += note.vat_total
        so_far = int(sum(p.net for p in credited) * 100)
        assert back == euro(oracle.vat(so_far, int(rate_in_percent * 100)))
    assert sum(p.net for p in credited) == rating.net
    assert back == rating.vat_total


@many
@given(policies)
def test_a_policy_survives_being_stored(values):
    policy = read_policy(values)
    assert policy.to_values() == values
    assert read_policy(policy.to_values()) == policy


@given(nights)
def test_the_facts_are_read_and_never_changed(night):
    facts = emergency(night)
    assert rated(night) == rated(night)
    assert facts == emergency(night)
