"""Facts that contradict each other are refused, naming the field."""

import pytest

from billing.rules.answer import answer
from billing.rules.work import Refused
from tests.unit.billing.night_shift import AUSTRIAN, at, case, entry

pytestmark = pytest.mark.no_servers


CARD = {"valid_from": at(0), "initial_fee": "1.00", "hourly": "1.00"}


def overlapping(**more):
    return case(entry(10, 20), entry(30, 40), entry(15, 25, **more))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (case(entry(20, 10)), "entries[0].ended_at"),
        (overlapping(), "entries[2].started_at"),
        (overlapping(billable=False), "entries[2].started_at"),
        (overlapping(kind="application_analysis"), "entries[2].started_at"),
        (case(entry(10, 20, "driving")), "entries[0].kind"),
        (case(entry(10, 20, technician="")), "entries[0].technician"),
        (case(entry(10, 20, billable="yes")), "entries[0].billable"),
        (
            case({**entry(10, 20), "started_at": "2026-03-03T22:10:00"}),
            "entries[0].started_at",
        ),
        (case({**entry(10, 20), "ended_at": "soon"}), "entries[0].ended_at"),
        (case({"technician": "Ada", "kind": "support"}), "entries[0].started_at"),
        (case("work"), "entries[0]"),
        (case(entries=None), "entries"),
        (case(entries={}), "entries"),
        (case(triggered_at="2026-03-03T22:00:00"), "triggered_at"),
        (case(triggered_at=None), "triggered_at"),
        (case(triggered_at="0001-01-01T00:00:00+14:00"), "triggered_at"),
        (case(callback_reached_at=at(-1)), "callback_reached_at"),
        (case(callback_reached_at="2026-03-03T22:10:00"), "callback_reached_at"),
        (case(callback_attempts=[at(1), "2026-03-03"]), "callback_attempts[1]"),
        (case(cancelled_at=at(-5)), "cancelled_at"),
        (case(cause="weather"), "cause"),
        (case(cause=None), "cause"),
        (case(disposition="boring"), "disposition"),
        (case(merged_reports=0), "merged_reports"),
        (case(customer=None), "customer"),
        (case(customer={**AUSTRIAN, "country": "XX"}), "customer.country"),
        (case(customer={**AUSTRIAN, "country": None}), "customer.country"),
        (case(customer={**AUSTRIAN, "business": None}), "customer.business"),
        (case(customer={**AUSTRIAN, "vat_id": 7}), "customer.vat_id"),
        (case(customer={**AUSTRIAN, "vat_id": False}), "customer.vat_id"),
        (case(customer={**AUSTRIAN, "country": "DE"}), "customer.vat_id"),
        (case(customer={**AUSTRIAN, "vat_id": "U13585627"}), "customer.vat_id"),
        (case(currency="CHF"), "currency"),
        (case(terms={"currency": "CHF"}), "terms.currency"),
        (case(terms={"initial_fee": "200.005"}), "terms.initial_fee"),
        (case(terms={"initial_fee": "-1.00"}), "terms.initial_fee"),
        (case(terms={"support_hourly": True}), "terms.support_hourly"),
        (case(terms={"included_minutes": 1.5}), "terms.included_minutes"),
        (case(terms={"included_minutes": 10**15}), "terms.included_minutes"),
        (
            case(terms={"initial_fee": "\N{ARABIC-INDIC DIGIT TWO}"}),
            "terms.initial_fee",
        ),
        (case(policy={"minimum_minutes": 10**18}), "policy.minimum_minutes"),
        (case(terms={"timezone": "Mars/Base"}), "terms.timezone"),
        (case(terms={"timezone": "../etc/passwd"}), "terms.timezone"),
        (case(issuer_vat_rate="120.00"), "issuer_vat_rate"),
        (case(rate_cards=[{"valid_from": at(0)}]), "rate_cards[0].initial_fee"),
        (
            case(rate_cards=[{**CARD, "valid_from": "0001-01-01"}]),
            "rate_cards[0].valid_from",
        ),
        (case(rate_cards=[{**CARD, "currency": "CHF"}]), "rate_cards[0].currency"),
        (
            case(
                rate_cards=[{"valid_from": "2026-03-03T00:00", "initial_fee": "1.00"}]
            ),
            "rate_cards[0].hourly",
        ),
        (
            {"emergencies": [case(), case(entry(9, 8))], "customer": AUSTRIAN},
            "emergencies[1].entries[0].ended_at",
        ),
        ({"emergencies": [], "customer": AUSTRIAN}, "emergencies"),
        (
            {"original": case(entry(9, 8)), "credits": []},
            "original.entries[0].ended_at",
        ),
        ({"original": case()}, "credits"),
        (
            {"original": {"original": case(), "credits": []}, "credits": []},
            "original",
        ),
        ({"original": case(callback_reached_at=None), "credits": []}, "original"),
        (
            {"original": case(), "credits": [["support_beyond_included"]]},
            "credits[0][0]",
        ),
        (
            {"original": case(), "credits": [["emergency_response_fee"]] * 2},
            "credits[1][0]",
        ),
        ({"original": case(), "credits": [[]]}, "credits[0]"),
        ("text", "case"),
    ],
)
def test_it_names_the_field(given, field):
    with pytest.raises(Refused) as refused:
        answer(given)
    assert refused.value.field == field


def test_touching_entries_do_not_overlap():
    answer(case(entry(10, 20), entry(20, 30)))


def test_different_technicians_may_work_at_the_same_time():
    answer(case(entry(10, 20), entry(15, 25, technician="Ben")))
