"""Only a named document makes a match exact; hints suggest."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.allocating import OpenItem
from billing.rules.matching import Certainty, Entry, Why, propose

pytestmark = pytest.mark.no_servers

ITEMS = [
    OpenItem(number="RE-2026-00001", account="K-1", due=date(2026, 3, 1), open=d)
    if n == 1
    else OpenItem(
        number=f"RE-2026-{n:05}", account=account, due=date(2026, 3, n), open=d
    )
    for n, account, d in (
        (1, "K-1", Decimal("280.00")),
        (2, "K-1", Decimal("120.00")),
        (3, "K-2", Decimal("280.00")),
        (4, "K-3", Decimal("77.70")),
    )
] + [OpenItem(number="RK-2026-00001", account="K-1", due=None, open=Decimal("-80.00"))]


def proposed(amount, text="", **more):
    options = {
        "open_items": ITEMS,
        "settled": {"RE-2026-00009": "K-9"},
        "accounts_of_iban": more.pop("accounts", ()),
        "tolerance": Decimal(more.pop("tolerance", "0")),
        "currency": "EUR",
    }
    currency = more.pop("currency", "EUR")
    entry = Entry(amount=Decimal(amount), currency=currency, text=text, **more)
    return propose(entry, **options)


def test_number_and_amount_are_exact():
    found = proposed("280.00", "RE-2026-00001")
    assert (found.certainty, found.account) == (Certainty.EXACT, "K-1")
    assert found.split.parts == (("RE-2026-00001", Decimal("280.00")),)


def test_one_payment_for_several_documents_of_an_account_is_exact():
    found = proposed("400.00", "RE-2026-00001 RE-2026-00002")
    assert found.certainty is Certainty.EXACT
    assert len(found.split.parts) == 2


def test_documents_of_several_accounts_are_a_suggestion():
    found = proposed("560.00", "RE-2026-00001 RE-2026-00003")
    assert found.certainty is Certainty.SUGGESTED
    assert Why.SEVERAL_ACCOUNTS in found.why


def test_a_deducted_credit_note_is_exact():
    assert proposed("200.00", "RE-2026-00001 abzgl. RK-2026-00001").certainty == "exact"


def test_part_of_the_amount_is_a_suggestion():
    found = proposed("100.00", "RE-2026-00001")
    assert found.certainty is Certainty.SUGGESTED
    assert Why.PARTIAL in found.why


def test_too_much_is_a_suggestion_that_keeps_the_rest():
    found = proposed("300.00", "RE-2026-00001")
    assert found.certainty is Certainty.SUGGESTED
    assert found.split.on_account == Decimal("20.00")
    assert Why.OVERPAID in found.why


@pytest.mark.parametrize("amount", ["279.50", "280.50"])
def test_a_small_difference_is_exact_where_it_is_set(amount):
    assert proposed(amount, "RE-2026-00001").certainty is Certainty.SUGGESTED
    found = proposed(amount, "RE-2026-00001", tolerance="0.50")
    assert found.certainty is Certainty.EXACT
    assert Why.DIFFERENCE in found.why


def test_what_is_paid_already_goes_on_account_by_a_person():
    found = proposed("280.00", "RE-2026-00009")
    assert found.certainty is Certainty.SUGGESTED
    assert (found.account, found.split.on_account) == ("K-9", Decimal("280.00"))


def test_another_currency_matches_nothing():
    found = proposed("280.00", "RE-2026-00001", currency="CHF")
    assert found.certainty is Certainty.NONE


def test_a_refund_names_its_credit_note():
    assert proposed("-80.00", "RK-2026-00001").certainty is Certainty.EXACT
    assert proposed("-30.00", "RK-2026-00001").certainty is Certainty.SUGGESTED
    assert proposed("-80.00", "RE-2026-00001").certainty is Certainty.NONE


def test_money_in_that_names_a_credit_note_alone_is_nothing_sure():
    assert proposed("80.00", "RK-2026-00001").certainty is Certainty.NONE


def test_the_iban_of_a_known_payer_suggests_what_costs_as_much():
    found = proposed("120.00", accounts=("K-1",))
    assert found.split.parts == (("RE-2026-00002", Decimal("120.00")),)
    assert found.why == (Why.IBAN, Why.AMOUNT)
    assert proposed("320.00", accounts=("K-1",)).split.on_account == 0


def test_the_amount_alone_suggests_only_what_is_unmistakable():
    assert proposed("77.70").split.parts == (("RE-2026-00004", Decimal("77.70")),)
    assert proposed("280.00").certainty is Certainty.NONE


@given(
    st.integers(-100_000, 100_000).filter(bool),
    st.text(max_size=40),
    st.sampled_from([(), ("K-1",), ("K-1", "K-2"), ("K-3",)]),
)
def test_without_a_number_nothing_is_exact_and_all_adds_up(amount, text, accounts):
    found = proposed(Decimal(amount) / 100, text.replace("R", ""), accounts=accounts)
    assert found.certainty is not Certainty.EXACT
    assert found.split.total == Decimal(amount) / 100
