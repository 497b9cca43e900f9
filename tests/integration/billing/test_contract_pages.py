"""Contracts in versions: what is kept, and how accounting enters them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from billing.actions.profile import save_profile
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, release_hold
from billing.models import (
    BillingProfile,
    Contract,
    ProfileChange,
    RateCard,
)
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.contracts import CHEAP, drafted
from tests.integration.billing.stories import MORNING
from tests.integration.billing.test_pages import signed_in, text, url

# Versions and history


def test_a_version_is_never_changed_or_deleted(agree):
    contract = agree()
    for change in (
        lambda: Contract.objects.filter(pk=contract.pk).update(why="anders"),
        lambda: contract.delete(),
    ):
        with (
            pytest.raises(IntegrityError, match="only ever added"),
            transaction.atomic(),
        ):
            change()


def test_a_version_says_why(agree):
    with pytest.raises(BillingRefusal):
        agree(why="  ")
    assert not Contract.objects.exists()


def test_changes_of_a_profile_are_kept_with_who(profile, accountant):
    save_profile(
        account_number="K-1",
        values={"standing": "watch", "external_number": "D-77", "city": "Wels"},
        vat_id_confirmed=True,
        staff_id=accountant.pk,
        now=MORNING,
    )
    change = ProfileChange.objects.get()
    assert change.changes == {
        "standing": ["good", "watch"],
        "external_number": ["", "D-77"],
    }
    assert (change.by, change.at) == (accountant, MORNING)


# The page


FORM = {
    "valid_from": "2026-03-01",
    "initial_fee": "90.00",
    "included_minutes": "15",
    "support_hourly": "120.00",
    "application_analysis_hourly": "150.00",
    "callback_minutes": "15",
    "included_emergencies": "4",
    "included_period": "month",
    "may_order": " Anna  Huber \n\nMax Muster\nAnna Huber",
    "why": "Rahmenvertrag 12",
}


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def test_accounting_enters_a_contract(door, profile, page):
    response = page.post(url("contract", "K-1"), FORM, follow=True)
    contract = Contract.objects.get()
    card = RateCard.objects.get(contracts=contract)
    assert contract.may_order == ["Anna Huber", "Max Muster"]
    assert contract.callback_within == timedelta(minutes=15)
    assert card.support_hourly == Decimal("120.00")
    assert card.account_number == "K-1"
    said = text(response)
    assert "Rahmenvertrag 12" in said
    assert "4 / Month" in said
    assert 'value="90.00"' in said, "the next version begins with this one"


def test_prices_are_all_four_or_none(profile, page):
    response = page.post(url("contract", "K-1"), {**FORM, "support_hourly": ""})
    assert response.status_code == 200
    assert "all four together" in text(response)
    assert not Contract.objects.exists()
    empty = dict.fromkeys(("initial_fee", "included_minutes", "support_hourly"), "") | {
        "application_analysis_hourly": ""
    }
    page.post(url("contract", "K-1"), {**FORM, **empty})
    assert Contract.objects.get().rate_card is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", "1999-12-31"),
        ("valid_from", "soon"),
        ("initial_fee", "-1"),
        ("initial_fee", "1.005"),
        ("included_emergencies", "1000"),
        ("included_period", "week"),
        ("callback_minutes", "0"),
        ("why", " "),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(profile, page, field, value):
    response = page.post(url("contract", "K-1"), {**FORM, field: value})
    assert field in response.context["contract_form"].errors
    assert not Contract.objects.exists()


def test_only_accounting_enters_contracts(profile):
    for role in ("technician", "duty_manager"):
        client = signed_in(make_staff(role))
        assert client.post(url("contract", "K-1"), FORM).status_code == 403
    assert not Contract.objects.exists()


def test_an_account_that_nobody_knows_has_no_contract(issuer, page):
    assert page.post(url("contract", "K-9"), FORM).status_code == 404


def test_nothing_public_shows_contract_or_standing(door, agree, client):
    secret = "Streng vertraulich"
    agree(own_prices=CHEAP, why=secret, may_order=["Anna Huber"])
    BillingProfile.objects.update(standing="stopped")
    said = client.get(reverse("emergency:report")).content.decode()
    for word in (secret, "Anna Huber", "90,00", "90.00", "108,00"):
        assert word not in said


def test_a_hold_of_the_contract_can_be_released_with_a_reason(door, agree, accountant):
    agree(may_order=["Anna Huber"])
    document = drafted(door)
    release_hold(
        hold_id=document.holds.get().pk,
        staff_id=accountant.pk,
        why="Frau Huber hat es am Telefon bestätigt.",
        now=MORNING,
    )
    assert (
        approve(document_id=document.pk, staff_id=accountant.pk, now=MORNING).status
        == "approved"
    )
