"""A payment's parts add up to it, and pay nobody more than is open."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing.rules.allocating import OpenItem, in_order, split

pytestmark = pytest.mark.no_servers

ZERO = Decimal(0)
cents = st.integers(-500_000, 500_000).map(lambda c: Decimal(c) / 100)
positive = st.integers(1, 500_000).map(lambda c: Decimal(c) / 100)
small = st.integers(0, 500).map(lambda c: Decimal(c) / 100)
days = st.integers(0, 400).map(lambda d: date(2026, 1, 1) + timedelta(days=d))


@st.composite
def open_items(draw, amounts=cents):
    found = draw(st.lists(st.tuples(amounts, st.none() | days), max_size=6))
    return [
        OpenItem(number=f"RE-{i}", account="K-1", due=due, open=amount)
        for i, (amount, due) in enumerate(found)
        if amount
    ]


def item(number, amount, due=date(2026, 3, 1)):
    return OpenItem(number=number, account="K-1", due=due, open=Decimal(amount))


@given(cents, open_items(), small, small)
def test_the_parts_are_the_payment(amount, items, tolerance, charges):
    found = split(amount, items, tolerance=tolerance, charges=charges)
    assert found.total == amount


@given(cents, open_items(), small, small)
def test_no_document_gets_more_than_is_open_or_the_other_sign(
    amount, items, tolerance, charges
):
    found = split(amount, items, tolerance=tolerance, charges=charges)
    by_number = {i.number: i.open for i in items}
    assert len({number for number, _part in found.parts}) == len(found.parts)
    for number, part in found.parts:
        assert part != 0
        assert part * by_number[number] > 0
        assert abs(part) <= abs(by_number[number])


@given(cents, open_items(), small)
def test_a_difference_is_small_and_pays_everything(amount, items, tolerance):
    found = split(amount, items, tolerance=tolerance)
    assert abs(found.difference) <= tolerance
    if found.difference:
        assert sum(p for _n, p in found.parts) == sum(i.open for i in items)
        assert not found.on_account


@given(positive, open_items(positive))
def test_a_payment_leaves_either_a_debt_or_a_credit(amount, items):
    found = split(amount, items)
    left_open = sum((i.open for i in items), ZERO) - sum(
        (p for _n, p in found.parts), ZERO
    )
    assert left_open == 0 or found.on_account == 0
    assert found.on_account >= 0


@given(positive, open_items(positive))
def test_what_was_due_first_is_paid_first(amount, items):
    parts = dict(split(amount, items).parts)
    paid_whole = [parts.get(i.number, ZERO) == i.open for i in in_order(items)]
    assert paid_whole == sorted(paid_whole, reverse=True)


@given(positive, open_items(positive), st.randoms())
def test_the_order_of_the_list_does_not_matter(amount, items, chance):
    assume(items)
    mixed = list(items)
    chance.shuffle(mixed)
    assert sorted(split(amount, items).parts) == sorted(split(amount, mixed).parts)


def test_bank_charges_are_a_difference_whatever_is_set():
    found = split(Decimal("275.00"), [item("A", "280.00")], charges=Decimal("5.00"))
    assert found.parts == (("A", Decimal("280.00")),)
    assert found.difference == Decimal("-5.00")


def test_a_credit_note_goes_with_the_invoices_it_reduces():
    found = split(Decimal("200.00"), [item("RE", "280.00"), item("RK", "-80.00")])
    assert dict(found.parts) == {"RE": Decimal("280.00"), "RK": Decimal("-80.00")}
    assert not found.on_account


def test_money_out_never_pays_an_invoice():
    found = split(Decimal("-50.00"), [item("RE", "280.00"), item("RK", "-80.00")])
    assert found.parts == (("RK", Decimal("-50.00")),)


def test_nothing_open_leaves_everything_on_account():
    found = split(Decimal("12.00"), [])
    assert (found.parts, found.on_account) == ((), Decimal("12.00"))
