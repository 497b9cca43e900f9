"""Each reading of a rating policy by an example."""

import json
from decimal import Decimal

import pytest

from billing.rules.answer import answer
from billing.rules.policy import RatingPolicy
from billing.rules.readings import read_policy
from billing.rules.work import Refused
from tests.unit.billing.night_shift import AUSTRIAN, at, case, entry

pytestmark = pytest.mark.no_servers

FEE = ("emergency_response_fee", None, "200.00")
WAIVED = ("emergency_response_fee", None, "0.00")


def lines(result):
    return [(x["code"], x.get("minutes"), x["net"]) for x in result["lines"]]


def support(minutes, net):
    return ("support_beyond_included", minutes, net)


def analysis(minutes, net):
    return ("application_analysis", minutes, net)


@pytest.mark.parametrize(
    ("increment", "minutes", "net"),
    [("minute", 1, "3.33"), ("quarter", 15, "50.00"), ("hour", 60, "200.00")],
)
def test_the_increment_is_rounded_up_once_per_kind(increment, minutes, net):
    given = case(entry(10, 40 + 1 / 60), policy={"increment": increment})
    assert lines(answer(given)) == [FEE, support(minutes, net)]


def test_two_kinds_are_rounded_apart_and_entries_are_not():
    work = [
        entry(10, 35),
        entry(35, 41),
        entry(41, 42, "application_analysis"),
        entry(42, 43, "application_analysis"),
    ]
    given = case(*work, cause="application", policy={"increment": "quarter"})
    assert lines(answer(given)) == [FEE, support(15, "50.00"), analysis(15, "50.00")]


def test_included_minutes_may_cover_any_work_and_support_uses_them_first():
    work = [entry(10, 30), entry(30, 70, "application_analysis")]
    given = case(*work, cause="application", policy={"included_cover": "any"})
    assert lines(answer(given)) == [FEE, analysis(30, "100.00")]


def test_the_infrastructure_may_cost_nothing_at_all():
    given = case(entry(10, 90), cause="infrastructure")
    result = answer({**given, "policy": {"infrastructure": "nothing"}})
    assert (result["document"], result["review"]) == ("none", [])


def test_analysis_may_be_free_when_nobody_finds_the_cause():
    work = [entry(10, 50), entry(50, 60, "application_analysis")]
    given = case(*work, cause="undetermined", policy={"undetermined": "no_analysis"})
    result = answer(given)
    assert lines(result) == [FEE, support(10, "33.33")]
    assert result["review"] == ["cause_undetermined"]


@pytest.mark.parametrize(
    ("rule", "fee", "review"),
    [
        ("charge", FEE, []),
        ("review", FEE, ["callback_missed"]),
        ("waive", WAIVED, []),
    ],
)
def test_a_late_callback_is_charged_reviewed_or_waived(rule, fee, review):
    given = case(entry(31, 71), callback_reached_at=at(31))
    result = answer({**given, "policy": {"late_callback": rule}})
    assert lines(result) == [fee, support(10, "33.33")]
    assert result["review"] == review


def test_a_waived_fee_without_further_work_makes_no_document():
    given = case(entry(31, 41), callback_reached_at=at(31))
    result = answer({**given, "policy": {"late_callback": "waive"}})
    assert (result["document"], result["lines"]) == ("none", [])


@pytest.mark.parametrize(
    ("rule", "document", "review"),
    [
        ("charge", "invoice", []),
        ("review", "invoice", ["customer_not_reached"]),
        ("waive", "none", []),
    ],
)
def test_who_was_called_in_vain_owes_the_fee_by_the_policy(rule, document, review):
    given = case(callback_reached_at=None, callback_attempts=[at(5), at(12), at(29)])
    result = answer({**given, "policy": {"customer_not_reached": rule}})
    assert (result["document"], result["review"]) == (document, review)


@pytest.mark.parametrize(
    ("window", "code"),
    [("matching", "maintenance_window"), ("overrun", "maintenance_overrun")],
)
def test_a_maintenance_window_holds(window, code):
    result = answer(case(entry(10, 20), maintenance=window))
    assert (lines(result), result["review"]) == ([FEE], [code])
    waived = case(maintenance=window, policy={"maintenance": "waive"})
    assert answer(waived)["document"] == "none"


@pytest.mark.parametrize(
    ("rule", "minutes", "review"),
    [
        ("charge", 30, []),
        ("review", 30, ["into_free_hours"]),
        ("stop", 10, []),
    ],
)
def test_work_that_runs_on_into_free_hours(rule, minutes, review):
    # Free support opens after 40 of 60 minutes of work.
    given = case(entry(10, 70), free_from=at(50), policy={"into_free_hours": rule})
    result = answer(given)
    assert [line[:2] for line in lines(result)[1:]] == [support(minutes, "")[:2]]
    assert result["review"] == review


def test_free_hours_that_change_no_price_need_no_review():
    assert answer(case(entry(10, 30), free_from=at(20)))["review"] == []
    ours = case(entry(10, 90), free_from=at(20), cause="infrastructure")
    assert answer(ours)["review"] == []


@pytest.mark.parametrize(
    "kind", ["not_an_emergency", "duplicate", "withdrawn", "prank"]
)
@pytest.mark.parametrize(
    ("rule", "document", "review"),
    [
        ("charge", "invoice", False),
        ("review", "invoice", True),
        ("nothing", "none", False),
    ],
)
def test_every_disposition_has_its_rule(kind, rule, document, review):
    result = answer(case(entry(10, 20), disposition=kind, policy={kind: rule}))
    assert result["document"] == document
    assert result["review"] == ([f"disposition_{kind}"] if review else [])


def test_no_rule_can_bill_a_drill():
    with pytest.raises(Refused, match=r"policy\.drill"):
        answer(case(disposition="drill", policy={"drill": "charge"}))
    assert answer(case(entry(10, 90), disposition="drill"))["document"] == "none"


def test_work_that_is_charged_at_all_may_have_a_minimum():
    given = case(entry(10, 41), policy={"minimum_minutes": 20})
    assert lines(answer(given)) == [FEE, support(20, "66.67")]
    assert lines(answer({**given, "entries": [entry(10, 40)]})) == [FEE]
    longer = {**given, "entries": [entry(10, 65)]}
    assert lines(answer(longer)) == [FEE, support(25, "83.33")]


def test_a_minimum_is_charged_in_whole_increments():
    policy = {"minimum_minutes": 20, "increment": "quarter"}
    assert lines(answer(case(entry(10, 41), policy=policy)))[1][1] == 30


def test_what_comes_to_less_than_the_least_amount_is_not_invoiced():
    terms = {"initial_fee": "5.00"}
    policy = {"least_amount": "5.01"}
    assert answer(case(terms=terms, policy=policy))["document"] == "none"
    policy = {"least_amount": "5.00"}
    assert answer(case(terms=terms, policy=policy))["net"] == "5.00"


def test_the_least_amount_is_per_emergency_also_on_one_invoice():
    small = case(terms={"initial_fee": "5.00"})
    both = {"emergencies": [small, case()], "customer": AUSTRIAN}
    assert answer({**both, "policy": {"least_amount": "6.00"}})["net"] == "200.00"


def test_the_cases_policy_wins_over_the_files_and_keeps_the_rest():
    around = {"increment": "hour", "included_cover": "any"}
    given = case(entry(10, 41), policy={"increment": "quarter"})
    assert lines(answer(given, policy=around)) == [FEE, support(15, "50.00")]
    own = read_policy({"increment": "quarter"}, around=read_policy(around))
    assert own.included_cover == "any"


def test_an_original_is_rated_by_the_policy_beside_it():
    given = {
        "original": case(entry(10, 41)),
        "credits": [["support_beyond_included"]],
        "policy": {"increment": "quarter"},
    }
    assert answer(given)["documents"][0]["net"] == "-50.00"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"increment": "second"}, "policy.increment"),
        ({"A1": 15}, "policy.A1"),
        ({"A99": "free"}, "policy.A99"),
        ({"rounding": "up"}, "policy.rounding"),
        ({"minimum_minutes": -1}, "policy.minimum_minutes"),
        ({"minimum_minutes": "many"}, "policy.minimum_minutes"),
        ({"least_amount": "-1.00"}, "policy.least_amount"),
        ({"version": 0}, "policy.version"),
        ({"name": " "}, "policy.name"),
        ("strict", "policy"),
    ],
)
def test_what_is_no_policy_is_refused_by_name(values, field):
    with pytest.raises(Refused) as refused:
        answer(case(policy=values))
    assert refused.value.field == field


def test_a_policy_is_kept_as_text_and_nothing_gets_lost():
    policy = RatingPolicy(name="Herbst", version=3, least_amount=Decimal("12.50"))
    values = policy.to_values()
    assert all(isinstance(value, str) for value in values.values())
    assert read_policy(json.loads(json.dumps(values))) == policy
