"""What must hold for every emergency, whatever was logged."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.answer import answer
from tests.examples import examples
from tests.unit.billing.night_shift import AUSTRIAN, at, case, entry

pytestmark = pytest.mark.no_servers

KINDS = ("support", "application_analysis")
CAUSES = ("infrastructure", "application", "other", "undetermined")

pieces = st.tuples(
    st.integers(0, 5 * 3600), st.sampled_from(KINDS), st.booleans(), st.integers(0, 2)
)
nights = st.lists(pieces, max_size=8)
prices = st.decimals("0.01", "999.99", places=2)
causes = st.sampled_from(CAUSES)
thorough = examples(60)


def entries(night):
    """The pieces one after the other, in seconds from minute five."""
    start = 300
    made = []
    for seconds, kind, billable, who in night:
        made.append(
            entry(
                start / 60,
                (start + seconds) / 60,
                kind,
                f"T{who}",
                billable=billable,
            )
        )
        start += seconds
    return made


def half_up(value: Fraction) -> Decimal:
    cents = value * 100
    whole, rest = divmod(cents.numerator, cents.denominator)
    return Decimal(whole + (2 * rest >= cents.denominator)) / 100


def oracle(night, cause, fee, hourly):
    """The same price in exact fractions, written from the price text alone."""
    seconds = dict.fromkeys(KINDS, 0)
    for length, kind, billable, _ in night:
        seconds[kind] += length if billable else 0
    net = fee
    if cause != "infrastructure":
        for over in (max(0, seconds["support"] - 1800), seconds[KINDS[1]]):
            net += half_up(Fraction(hourly) * -(-over // 60) / 60)
    return net, half_up(Fraction(net) / 5)


def price(night, cause="application", fee="200.00", hourly="200.00", **more):
    terms = {
        "initial_fee": str(fee),
        "support_hourly": str(hourly),
        "application_analysis_hourly": str(hourly),
    }
    return answer(case(*entries(night), cause=cause, terms=terms, **more))


@thorough
@given(nights, causes, prices, prices)
def test_it_agrees_with_exact_fractions(night, cause, fee, hourly):
    result = price(night, cause, fee, hourly)
    net, vat = oracle(night, cause, fee, hourly)
    assert (Decimal(result["net"]), Decimal(result["vat_total"])) == (net, vat)


@thorough
@given(nights, causes, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(night, cause, random):
    made = entries(night)
    mixed = list(made)
    random.shuffle(mixed)
    assert answer(case(*made, cause=cause)) == answer(case(*mixed, cause=cause))


@thorough
@given(nights, causes, st.integers(0, 7), st.integers(1, 5 * 3600))
def test_splitting_an_entry_changes_nothing(night, cause, index, cut):
    split = []
    for position, (seconds, *rest) in enumerate(night):
        if position == index and cut < seconds:
            split += [(cut, *rest), (seconds - cut, *rest)]
        else:
            split.append((seconds, *rest))
    assert price(night, cause) == price(split, cause)


@thorough
@given(nights, causes, pieces)
def test_more_work_never_costs_less(night, cause, more):
    before, after = price(night, cause), price([*night, more], cause)
    assert Decimal(after["gross"]) >= Decimal(before["gross"])


@thorough
@given(nights)
def test_infrastructure_never_exceeds_the_fee(night):
    assert price(night, "infrastructure")["net"] == "200.00"


@thorough
@given(nights, causes, prices, prices)
def test_lines_and_totals_add_up(night, cause, fee, hourly):
    result = price(night, cause, fee, hourly)
    for line in result["lines"]:
        if "minutes" in line:
            exact = line["minutes"] * Decimal(line["unit_price_per_hour"]) / 60
            exact = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        else:
            exact = int(line["quantity"]) * Decimal(line["unit_price"])
        assert Decimal(line["net"]) == exact
    net = sum(Decimal(line["net"]) for line in result["lines"])
    assert Decimal(result["net"]) == net
    assert [Decimal(tax["base"]) for tax in result["vat"]] == [net]
    assert Decimal(result["gross"]) == net + Decimal(result["vat_total"])


@thorough
@given(nights, prices, prices, st.permutations(["support_beyond_included", KINDS[1]]))
def test_credits_in_any_order_add_up_to_the_invoice(night, fee, hourly, order):
    original = price(night, fee=fee, hourly=hourly)
    present = [line["code"] for line in original["lines"]]
    credits = [[c] for c in order if c in present] + [["emergency_response_fee"]]
    terms = {"initial_fee": str(fee), "support_hourly": str(hourly)}
    terms["application_analysis_hourly"] = str(hourly)
    result = answer(
        {
            "original": case(*entries(night), cause="application", terms=terms),
            "credits": credits,
        }
    )
    for name in ("net", "vat_total", "gross"):
        credited = sum(Decimal(note[name]) for note in result["documents"])
        assert credited == -Decimal(original[name])
        assert result["remaining"][name] == "0.00"


@thorough
@given(st.lists(nights, min_size=1, max_size=4))
def test_a_collective_invoice_has_the_nets_of_its_emergencies(several):
    given_cases = [case(*entries(night)) for night in several]
    together = answer({"emergencies": given_cases, "customer": AUSTRIAN})
    apart = [answer(one) for one in given_cases]
    assert Decimal(together["net"]) == sum(Decimal(one["net"]) for one in apart)
    assert len(together["vat"]) == 1


@given(st.integers(-3600, 3600))
def test_a_late_callback_never_changes_the_price(seconds):
    reached = at(30 + seconds / 3600 * 29)
    result = answer(case(entry(10, 70), callback_reached_at=reached))
    assert result["net"] == "300.00"
