"""Contracts: own prices, who may order, standing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from billing.actions.collect import collect
from billing.actions.contract import OwnPrices
from billing.actions.issue import issue_document
from billing.models import (
    BillingProfile,
    RateCard,
)
from billing.terms import account_agreement, fee_terms, price_explanation
from tests.integration.billing.contracts import CHEAP, drafted, nets, reasons, triggered
from tests.integration.billing.door import NIGHT, an_incident
from tests.integration.billing.stories import MORNING, approved

# Prices


def test_a_confirmed_account_pays_the_prices_of_its_contract(door, agree):
    agree(own_prices=CHEAP)
    document = drafted(door)
    # Forty minutes, fifteen included, 25 at 120.00 an hour.
    assert nets(document) == [
        ("emergency_response_fee", Decimal("90.00")),
        ("support_beyond_included", Decimal("50.00")),
    ]
    assert document.terms["version"].startswith("contract-")
    assert reasons(document) == set()


def test_until_the_caller_is_confirmed_the_contract_does_not_exist(door, agree):
    agree(own_prices=CHEAP, included_emergencies=3, may_order=["Anna Huber"])
    document = drafted(door, caller_confirmed=False)
    assert document.net == Decimal("233.33")
    assert reasons(document) == {"caller_unconfirmed"}
    door.change("NF-TEST-1", caller_confirmed=True, ordered_by="Anna Huber")
    collect(now=MORNING)
    document.refresh_from_db()
    assert nets(document)[0] == ("emergency_response_fee", Decimal("0.00"))


def test_the_version_in_force_at_the_order_counts(door, agree):
    agree(own_prices=CHEAP)
    agree(own_prices=None, valid_from=date(2026, 3, 4), why="gekündigt")
    assert drafted(door).net == Decimal("140.00")
    later = drafted(door, "NF-TEST-2", **triggered(timedelta(hours=3)))
    assert later.net == Decimal("233.33"), "it was the fourth of March in Vienna"


def test_what_is_recorded_after_the_approval_does_not_reach_back(
    door, agree, accountant
):
    document = approved(door, accountant.pk)
    agree(own_prices=CHEAP, now=MORNING + timedelta(minutes=1))
    issued = issue_document(document_id=document.pk, now=MORNING + timedelta(hours=1))
    assert issued.net == Decimal("233.33")


def test_a_draft_follows_a_new_version_at_once(door, agree):
    document = drafted(door)
    agree(own_prices=CHEAP, now=MORNING)
    document.refresh_from_db()
    assert document.net == Decimal("140.00")


def test_a_contract_that_is_dearer_than_the_order_waits_for_a_person(door, agree):
    dear = OwnPrices(**{**vars(CHEAP), "initial_fee": Decimal("900.00")})
    agree(own_prices=dear)
    assert reasons(drafted(door)) == {"contract_dearer"}


def test_nobody_else_has_these_prices(door, agree):
    agree(own_prices=CHEAP, callback_within=timedelta(minutes=15))
    public = fee_terms(None, NIGHT, "en")
    assert public.initial_fee_net == Decimal("200.00")
    assert public == fee_terms("K-2", NIGHT, "en")
    own = fee_terms("K-1", NIGHT, "en")
    assert own.initial_fee_net == Decimal("90.00")
    assert own.callback_within == timedelta(minutes=15)
    assert "15 minutes" in " ".join(own.covered)
    assert own.version != public.version
    assert drafted(door, account_number="K-2").net == Decimal("233.33")
    assert RateCard.objects.in_force(NIGHT).account_number == ""


def test_the_desk_hears_the_price_that_will_be_charged(door, agree):
    agree(own_prices=CHEAP, included_emergencies=2)
    with translation.override("en"):
        price = price_explanation(an_incident())
    assert price.net == Decimal("50.00")
    assert "emergency 1 of 2" in price.lines[0].text


# Who may order, standing


@pytest.mark.parametrize(
    ("ordered_by", "held"),
    [
        ("Anna Huber", False),
        ("  anna   HUBER ", False),
        ("Anna Hube", True),
        ("", True),
    ],
)
def test_whoever_is_not_named_in_the_contract_is_looked_at(
    door, agree, ordered_by, held
):
    agree(may_order=["Anna Huber", "Max Muster"])
    document = drafted(door, ordered_by=ordered_by)
    assert reasons(document) == ({"orderer_not_named"} if held else set())
    assert "Huber" not in str(document.work), "names stand with the report"


def test_a_stopped_account_is_looked_at_and_a_watched_one_is_not(door, agree):
    BillingProfile.objects.update(standing="watch")
    assert reasons(drafted(door)) == set()
    BillingProfile.objects.update(standing="stopped")
    assert reasons(drafted(door, "NF-TEST-2")) == {"account_standing"}


def test_the_agreement_tells_emergency_no_more_than_it_needs(agree):
    assert account_agreement("K-1", NIGHT) is None
    agree(callback_within=timedelta(minutes=15), may_order=["Anna Huber"])
    found = account_agreement("K-1", NIGHT)
    assert found is not None
    assert found.callback_within == timedelta(minutes=15)
    assert found.may_order == ("Anna Huber",)
    assert account_agreement("K-2", NIGHT) is None
