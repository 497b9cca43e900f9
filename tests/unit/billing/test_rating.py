"""What an emergency costs, reading by reading of the price text."""

from typing import Any

import pytest

from billing.rules.answer import answer
from tests.unit.billing.night_shift import AUSTRIAN, at, case, entry

pytestmark = pytest.mark.no_servers


def lines(result: dict[str, Any]) -> list[tuple[str, int | None, str]]:
    return [(x["code"], x.get("minutes"), x["net"]) for x in result["lines"]]


FEE = ("emergency_response_fee", None, "200.00")


def test_the_fee_covers_exactly_the_included_minutes():
    assert lines(answer(case(entry(10, 40)))) == [FEE]


def test_one_second_beyond_costs_one_started_minute():
    result = answer(case(entry(10, 40 + 1 / 60)))
    assert lines(result) == [FEE, ("support_beyond_included", 1, "3.33")]
    assert (result["net"], result["vat_total"], result["gross"]) == (
        "203.33",
        "40.67",
        "244.00",
    )


def test_seconds_are_summed_before_they_are_rounded():
    thirds = [entry(10 + 15 * i, 20 + 15 * i + 20 / 60) for i in range(3)]
    assert lines(answer(case(*thirds)))[1] == ("support_beyond_included", 1, "3.33")


def test_two_technicians_use_person_time():
    both = [entry(10, 35), entry(10, 35, technician="Ben")]
    assert lines(answer(case(*both)))[1] == ("support_beyond_included", 20, "66.67")


def test_analysis_is_charged_from_its_first_minute_and_uses_no_included_time():
    work = [entry(10, 20), entry(20, 50, "application_analysis")]
    result = answer(case(*work, cause="application"))
    assert lines(result) == [FEE, ("application_analysis", 30, "100.00")]


def test_infrastructure_pays_the_initial_fee_only():
    work = [entry(10, 130), entry(130, 190, "application_analysis")]
    assert lines(answer(case(*work, cause="infrastructure"))) == [FEE]


def test_an_undetermined_cause_is_priced_like_application_and_reviewed():
    work = [entry(10, 50), entry(50, 60, "application_analysis")]
    result = answer(case(*work, cause="undetermined"))
    same = answer(case(*work, cause="application"))
    assert result["lines"] == same["lines"]
    assert result["review"] == ["cause_undetermined"]


def test_waived_entries_do_not_exist():
    waived = entry(40, 100, billable=False, waiver_reason="shadowing")
    assert lines(answer(case(entry(10, 40), waived))) == [FEE]


@pytest.mark.parametrize(
    ("reached", "review"), [(30, []), (30.02, ["callback_missed"])]
)
def test_the_promise_is_kept_up_to_its_last_second(reached, review):
    assert answer(case(callback_reached_at=at(reached)))["review"] == review


def test_no_callback_and_no_work_makes_no_document():
    result = answer(case(callback_reached_at=None, cause="undetermined"))
    assert result == {
        "document": "none",
        "lines": [],
        "vat": [],
        "net": "0.00",
        "vat_total": "0.00",
        "gross": "0.00",
        "review": ["callback_never_made"],
    }


def test_no_callback_and_waived_work_makes_no_document():
    waived = entry(5, 25, billable=False)
    assert answer(case(waived, callback_reached_at=None))["document"] == "none"


def test_no_callback_but_work_is_charged_and_reviewed():
    result = answer(case(entry(5, 45), callback_reached_at=None))
    assert result["document"] == "invoice"
    assert result["review"] == ["callback_never_made"]


def test_three_attempts_in_time_make_the_fee_due():
    tried = [at(5), at(12), at(29)]
    result = answer(case(callback_reached_at=None, callback_attempts=tried))
    assert lines(result) == [FEE]
    assert result["review"] == ["customer_not_reached"]


def test_an_attempt_after_the_deadline_does_not_count():
    tried = [at(5), at(12), at(31)]
    result = answer(case(callback_reached_at=None, callback_attempts=tried))
    assert result["document"] == "none"


@pytest.mark.parametrize(
    ("cancelled", "taken", "document"),
    [
        (1.5, 1, "none"),
        (2, 1, "none"),
        (2.5, 1, "invoice"),
        (9, None, "none"),
        (9, 9, "none"),
        (9.5, 9, "invoice"),
    ],
)
def test_cancelling_is_free_until_the_later_of_window_and_take_over(
    cancelled, taken, document
):
    result = answer(
        case(
            callback_reached_at=None,
            cancelled_at=at(cancelled),
            taken_over_at=None if taken is None else at(taken),
        )
    )
    assert result["document"] == document
    expected = ["cancelled_before_callback"] if document == "invoice" else []
    assert result["review"] == expected


def test_cancelling_after_the_promise_was_broken_costs_nothing():
    result = answer(
        case(callback_reached_at=None, cancelled_at=at(45), taken_over_at=at(5))
    )
    assert result["document"] == "none"


@pytest.mark.parametrize("disposition", ["drill", "duplicate"])
def test_some_dispositions_are_never_billed(disposition):
    result = answer(case(entry(10, 90), disposition=disposition))
    assert result["document"] == "none"


def test_a_prank_is_billed_only_after_review():
    assert answer(case(disposition="prank"))["review"] == ["disposition_prank"]


def test_merged_reports_share_one_fee():
    assert lines(answer(case(merged_reports=3))) == [FEE]


def test_the_card_in_force_at_the_order_prices_the_whole_emergency():
    cards = [
        {"valid_from": at(-9000), "initial_fee": "150.00", "hourly": "120.00"},
        {"valid_from": at(20), "initial_fee": "300.00", "hourly": "300.00"},
    ]
    result = answer(case(entry(10, 50), rate_cards=cards))
    assert lines(result) == [
        ("emergency_response_fee", None, "150.00"),
        ("support_beyond_included", 10, "20.00"),
    ]


def test_a_card_that_starts_on_a_day_starts_at_local_midnight():
    # 2026-03-03T23:00Z is midnight in Vienna.
    cards = [
        {"valid_from": "2026-01-01", "initial_fee": "150.00", "hourly": "150.00"},
        {"valid_from": "2026-03-04", "initial_fee": "250.00", "hourly": "250.00"},
    ]
    before = case(triggered_at="2026-03-03T22:59:59+00:00", rate_cards=cards)
    after = case(triggered_at="2026-03-03T23:00:00+00:00", rate_cards=cards)
    for given in (before, after):
        given["callback_reached_at"] = "2026-03-03T23:05:00+00:00"
    assert answer(before)["net"] == "150.00"
    assert answer(after)["net"] == "250.00"


def test_the_night_the_clocks_change_counts_elapsed_time():
    # 02:30 summer time to 02:30 winter time is one hour.
    work = entry(0, 0)
    work |= {
        "started_at": "2026-10-25T02:30:00+02:00",
        "ended_at": "2026-10-25T02:30:00+01:00",
    }
    given = case(
        work,
        triggered_at="2026-10-25T02:20:00+02:00",
        callback_reached_at="2026-10-25T02:30:00+02:00",
    )
    assert lines(answer(given))[1] == ("support_beyond_included", 30, "100.00")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        # The hour that does not exist in spring.
        ("2026-03-29T01:50:00+01:00", "2026-03-29T03:21:00+02:00", 1),
        # The hour that comes twice in autumn, in two ways of writing it.
        ("2026-10-25T02:10:00+02:00", "2026-10-25T02:11:00+01:00", 31),
        ("2026-10-25T00:10:00Z", "2026-10-25T02:11:00+01:00", 31),
        # A started minute is started by the smallest part of a second.
        ("2026-03-03T22:00:00+01:00", "2026-03-03T22:30:00.000001+01:00", 1),
    ],
)
def test_minutes_are_those_that_passed_whatever_the_clocks_say(start, end, minutes):
    work = {**entry(0, 0), "started_at": start, "ended_at": end}
    given = case(work, triggered_at=start, callback_reached_at=start)
    assert lines(answer(given))[1][:2] == ("support_beyond_included", minutes)


def test_the_hour_that_comes_twice_is_no_overlap_and_delays_no_deadline():
    first = {"started_at": "2026-10-25T02:00:00+02:00"} | {
        "ended_at": "2026-10-25T02:30:00+02:00"
    }
    again = {name: text.replace("+02", "+01") for name, text in first.items()}
    given = case(
        *({**entry(0, 0), **one} for one in (again, first)),
        triggered_at="2026-10-25T01:59:00+02:00",
        callback_reached_at="2026-10-25T02:29:01+02:00",
    )
    result = answer(given)
    assert lines(result)[1][1] == 30
    assert result["review"] == ["callback_missed"]


def test_the_issuers_own_rate_wins_over_the_terms():
    result = answer(case(issuer_vat_rate="19.00"))
    assert result["vat"] == [
        {"category": "S", "rate": "19.00", "base": "200.00", "amount": "38.00"}
    ]


def test_vat_is_computed_once_on_the_sum_and_not_per_line():
    work = [entry(10, 41), entry(41, 42, "application_analysis")]
    result = answer(case(*work, cause="application"))
    assert [x["net"] for x in result["lines"]] == ["200.00", "3.33", "3.33"]
    assert result["vat_total"] == "41.33"


@pytest.mark.parametrize(
    ("customer", "category", "text", "review"),
    [
        ({}, "S", None, []),
        ({"vat_id": None}, "S", None, []),
        ({"vat_id_valid": False}, "S", None, ["recipient_vat_id_invalid"]),
        ({"business": False, "vat_id": None}, "S", None, []),
        ({"country": "DE", "vat_id": "DE136695976"}, "AE", "reverse_charge", []),
        (
            {"country": "DE", "vat_id": "DE136695976", "vat_id_valid": False},
            "S",
            None,
            ["recipient_vat_id_invalid"],
        ),
        (
            {"country": "DE", "vat_id": None, "vat_id_valid": False},
            "S",
            None,
            ["recipient_vat_id_invalid"],
        ),
        ({"country": "DE", "business": False, "vat_id": None}, "S", None, []),
        (
            {"country": "CH", "vat_id": None, "vat_id_valid": False},
            "O",
            "not_taxable_in_austria",
            [],
        ),
        ({"country": "CH", "business": False, "vat_id": None}, "S", None, []),
        ({"country": "EL", "vat_id": "EL123456783"}, "AE", "reverse_charge", []),
    ],
)
def test_the_recipient_decides_the_tax(customer, category, text, review):
    result = answer(case(customer={**AUSTRIAN, **customer}))
    assert [tax["category"] for tax in result["vat"]] == [category]
    assert result.get("required_text") == text
    assert result["review"] == review


def test_outside_the_scope_there_is_no_rate():
    result = answer(case(customer={**AUSTRIAN, "country": "CH", "vat_id": None}))
    assert result["vat"] == [
        {"category": "O", "rate": None, "base": "200.00", "amount": "0.00"}
    ]


@pytest.mark.parametrize(
    ("minutes", "customer", "document"),
    [
        (0, {"vat_id": None}, "invoice"),
        (1, {"vat_id": None}, "blocked"),
        (1, {}, "invoice"),
        (1, {"vat_id": None, "business": False}, "invoice"),
        (1, {"vat_id": None, "country": "CH"}, "invoice"),
    ],
)
def test_above_ten_thousand_gross_a_business_names_its_vat_id(
    minutes, customer, document
):
    # 8,333.33 net is 10,000.00 gross: 200.00 and 2440 minutes of analysis.
    work = entry(10, 2450 + minutes, "application_analysis")
    result = answer(case(work, cause="application", customer={**AUSTRIAN, **customer}))
    assert result["document"] == document
    assert len(result["lines"]) == 2
    if document == "blocked":
        assert result["blocked_by"] == ["recipient_vat_id_required"]
