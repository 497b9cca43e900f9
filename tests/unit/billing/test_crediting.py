"""Credit notes and collective invoices."""

import pytest

from billing.rules.answer import answer
from tests.unit.billing.night_shift import AUSTRIAN, case, entry

pytestmark = pytest.mark.no_servers

WORK = [entry(10, 41), entry(41, 42, "application_analysis")]
ORIGINAL = case(*WORK, cause="application")  # 206.66 net, 41.33 VAT


def test_credits_line_by_line_leave_no_cent_behind():
    result = answer(
        {
            "original": ORIGINAL,
            "credits": [
                ["support_beyond_included"],
                ["application_analysis"],
                ["emergency_response_fee"],
            ],
        }
    )
    # 20 % of 3.33 is 0.67, of 6.66 together 1.33: the second credit takes 0.66.
    assert [note["vat_total"] for note in result["documents"]] == [
        "-0.67",
        "-0.66",
        "-40.00",
    ]
    assert result["remaining"] == {"net": "0.00", "vat_total": "0.00", "gross": "0.00"}


def test_a_credit_note_mirrors_its_lines_with_negative_amounts():
    result = answer({"original": ORIGINAL, "credits": [["support_beyond_included"]]})
    assert result["documents"] == [
        {
            "document": "credit_note",
            "lines": [
                {
                    "code": "support_beyond_included",
                    "minutes": 1,
                    "unit_price_per_hour": "200.00",
                    "net": "-3.33",
                }
            ],
            "vat": [
                {"category": "S", "rate": "20.00", "base": "-3.33", "amount": "-0.67"}
            ],
            "net": "-3.33",
            "vat_total": "-0.67",
            "gross": "-4.00",
            "review": [],
        }
    ]
    assert result["remaining"] == {
        "net": "203.33",
        "vat_total": "40.66",
        "gross": "243.99",
    }


def test_a_reverse_charge_invoice_is_credited_without_tax_and_without_minus_zero():
    german = {**AUSTRIAN, "country": "DE", "vat_id": "DE136695976"}
    result = answer(
        {"original": case(customer=german), "credits": [["emergency_response_fee"]]}
    )
    note = result["documents"][0]
    assert note["vat"] == [
        {"category": "AE", "rate": "0.00", "base": "-200.00", "amount": "0.00"}
    ]
    assert note["required_text"] == "reverse_charge"


def test_included_minutes_are_never_pooled():
    result = answer(
        {
            "emergencies": [case(entry(10, 20)), case(entry(10, 50))],
            "customer": AUSTRIAN,
        }
    )
    assert [(x["code"], x["net"]) for x in result["lines"]] == [
        ("emergency_response_fee", "200.00"),
        ("emergency_response_fee", "200.00"),
        ("support_beyond_included", "33.33"),
    ]
    assert (result["net"], result["gross"]) == ("433.33", "520.00")


def test_each_line_is_credited_with_the_rate_it_was_taxed_with():
    # 233.33 at 20 % and 203.33 at 10 %; the second emergency ended in another year.
    several = [
        case(entry(10, 50)),
        case(entry(10, 41), issuer_vat_rate="10.00"),
    ]
    result = answer(
        {
            "original": {"emergencies": several, "customer": AUSTRIAN},
            "credits": [["support_beyond_included"], ["emergency_response_fee"]],
        }
    )
    taxes = [
        [(tax["rate"], tax["base"], tax["amount"]) for tax in note["vat"]]
        for note in result["documents"]
    ]
    assert taxes == [
        [("20.00", "-33.33", "-6.67"), ("10.00", "-3.33", "-0.33")],
        [("20.00", "-200.00", "-40.00"), ("10.00", "-200.00", "-20.00")],
    ]
    assert result["remaining"] == {"net": "0.00", "vat_total": "0.00", "gross": "0.00"}


def test_an_emergency_without_a_charge_adds_only_its_doubt():
    silent = case(callback_reached_at=None)
    result = answer({"emergencies": [case(), silent], "customer": AUSTRIAN})
    assert (result["document"], result["net"]) == ("invoice", "200.00")
    assert result["review"] == ["callback_never_made"]


def test_the_customer_may_stand_in_the_emergencies():
    assert answer({"emergencies": [case(), case()]})["net"] == "400.00"
