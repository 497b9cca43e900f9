"""Our numbers are found in what people and banks write, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import references
from billing.rules.numbering import Number
from billing.rules.references import numbers_in, qr_reference, rf_reference

pytestmark = pytest.mark.no_servers

RF = rf_reference(Number("invoice", 2026, 1))
NUMBERS = st.builds(
    Number,
    kind=st.sampled_from(["invoice", "credit_note"]),
    year=st.integers(2020, 2099),
    position=st.integers(1, 999_999_999),
)


@pytest.mark.parametrize(
    "text",
    [
        "RE-2026-00001",
        "Rechnung re-2026-00001 danke",
        "RE 2026 00001",
        "RE202600001",
        "RE/2026/00001",
        "Kunde K-1, RE-2026-00001, 3.4.2026",
        "SVWZ+RE-2026-00001",
        f"{RF}",
        f"{RF[:4]} {RF[4:8]} {RF[8:12]} {RF[12:]}",
        f"{RF} 12345",
        f"{RF} DANKE",
    ],
)
def test_a_number_is_found_however_it_is_written(text):
    assert numbers_in(text) == ("RE-2026-00001",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Miete 2026 00001",
        "CARE-2026-00001",
        "RE-1999-00001",
        "RE-2026-0001",
        "RF00RE202600001",
        "999999999999999999999999999",
        "000000000000000000000000000",
    ],
)
def test_what_is_not_ours_is_not_found(text):
    assert numbers_in(text) == ()


def test_several_numbers_are_found_in_their_order_and_once():
    text = "RK-2026-00002 und RE-2026-00007, RE-2026-00003 (RE-2026-00007)"
    assert numbers_in(text) == ("RK-2026-00002", "RE-2026-00007", "RE-2026-00003")


@given(NUMBERS)
def test_both_references_lead_back_to_their_number(number):
    assert numbers_in("", rf_reference(number)) == (str(number),)
    assert numbers_in("", qr_reference(number)) == (str(number),)
    assert len(qr_reference(number)) == 27


@given(NUMBERS, st.integers(0, 26), st.integers(1, 9))
def test_a_mistyped_qr_reference_leads_nowhere_else(number, place, shift):
    digits = qr_reference(number)
    wrong = str((int(digits[place]) + shift) % 10)
    mistyped = digits[:place] + wrong + digits[place + 1 :]
    assert numbers_in("", mistyped) == ()


@given(NUMBERS, st.integers(8, 14), st.integers(1, 9))
def test_a_mistyped_rf_reference_is_no_proof(number, place, shift):
    reference = rf_reference(number)
    wrong = str((int(reference[place]) + shift) % 10)
    mistyped = reference[:place] + wrong + reference[place + 1 :]
    assert str(number) not in numbers_in("", mistyped) or mistyped == reference


def test_the_published_examples_have_their_check_digits():
    # ISO 11649: RF18 5390 0754 7034; QR-bill: 21 00000 00003 13947 14300 09017.
    assert references._mod97("539007547034RF18") == 1
    assert references._check_digit("21000000000313947143000901") == "7"
