"""Contracts: own prices, included emergencies, who may order, standing."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from billing import wording
from billing.actions.collect import collect
from billing.actions.contract import OwnPrices, save_contract
from billing.actions.issue import issue_document
from billing.actions.profile import save_profile
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, release_hold
from billing.models import (
    BillingProfile,
    Contract,
    Document,
    DocumentLine,
    IncludedEmergency,
    ProfileChange,
    RateCard,
)
from billing.terms import account_agreement, fee_terms, price_explanation
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.door import NIGHT, an_incident
from tests.integration.billing.stories import MORNING, approved
from tests.integration.billing.test_pages import signed_in, text, url

CHEAP = OwnPrices(
    initial_fee=Decimal("90.00"),
    included_minutes=15,
    support_hourly=Decimal("120.00"),
    application_analysis_hourly=Decimal("150.00"),
)


@pytest.fixture
def agree(profile, accountant):
    """Agree on something with account K-1."""

    def save(now=NIGHT - timedelta(days=5), **changes):
        values = {
            "account_number": "K-1",
            "valid_from": date(2026, 1, 1),
            "own_prices": None,
            "callback_within": None,
            "included_emergencies": 0,
            "included_period": "year",
            "may_order": [],
            "why": "Rahmenvertrag 12",
            "staff_id": accountant.pk,
            "now": now,
        }
        return save_contract(**{**values, **changes})

    return save


def drafted(door, reference="NF-TEST-1", **changes):
    door.add(an_incident(reference, **changes))
    collect(now=MORNING)
    return Document.objects.get(incident_reference=reference)


def triggered(after):
    """All instants of the usual incident, so much later."""
    usual = an_incident()
    return {
        "triggered_at": usual.triggered_at + after,
        "callback_deadline_at": usual.callback_deadline_at + after,
        "callback_reached_at": usual.callback_reached_at + after,
        "callback_attempts": tuple(at + after for at in usual.callback_attempts),
        "acknowledged_at": usual.acknowledged_at + after,
        "closed_at": usual.closed_at + after,
        "entries": tuple(
            replace(
                entry,
                started_at=entry.started_at + after,
                ended_at=entry.ended_at + after,
            )
            for entry in usual.entries
        ),
    }


def nets(document):
    return list(document.lines.values_list("code", "net"))


def reasons(document):
    return {hold.reason for hold in document.holds.filter(released_at=None)}


def place(document):
    """Which of the included emergencies it is."""
    return document.lines.earliest("position").place


def explained(document):
    with translation.override("en"):
        return wording.line_explanation(document.lines.first(), "EUR")


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


# Included emergencies


def test_a_draft_says_which_one_of_how_many_it_is(door, agree):
    agree(included_emergencies=3, included_period="quarter")
    document = drafted(door)
    assert nets(document) == [
        ("emergency_response_fee", Decimal("0.00")),
        ("support_beyond_included", Decimal("33.33")),
    ]
    assert explained(document) == (
        "Included in the contract: emergency 1 of 3 from 1 Jan 2026 to 31 Mar 2026, "
        "with up to 30 minutes of support. Used: 30:00"
    )


def test_drafts_stand_in_the_order_in_which_they_were_triggered(door, agree):
    agree(included_emergencies=2)
    late = drafted(door, "NF-LATE", **triggered(timedelta(days=1)))
    assert place(late) == 1
    drafted(door, "NF-EARLY")
    collect(now=MORNING)
    third = drafted(door, "NF-THIRD", **triggered(timedelta(days=2)))
    found = Document.objects.order_by("work__triggered_at")
    assert [place(d) for d in found] == [1, 2, None]
    assert nets(third)[0] == ("emergency_response_fee", Decimal("200.00"))


def test_an_approved_one_keeps_its_place_whatever_comes_before_it(
    door, agree, accountant
):
    agree(included_emergencies=1)
    late = approved(door, accountant.pk, "NF-LATE", **triggered(timedelta(days=1)))
    early = drafted(door, "NF-EARLY")
    assert place(early) is None
    issued = issue_document(document_id=late.pk, now=MORNING)
    assert place(issued) == 1
    assert issued.net == Decimal("33.33")


def test_the_next_period_begins_anew(door, agree, accountant):
    agree(included_emergencies=1, included_period="month")
    approved(door, accountant.pk)
    following = drafted(door, "NF-APRIL", **triggered(timedelta(days=40)))
    assert place(following) == 1


def test_a_place_is_free_again_when_the_document_is_a_draft_again(
    door, agree, accountant
):
    agree(included_emergencies=1)
    document = approved(door, accountant.pk)
    assert IncludedEmergency.objects.get().position == 1
    BillingProfile.objects.update(standing="stopped")
    with pytest.raises(BillingRefusal, match="Vorbehalte"):
        issue_document(document_id=document.pk, now=MORNING)
    assert not IncludedEmergency.objects.exists()


def test_an_invoice_of_nothing_is_issued_and_asks_for_no_payment(
    door, agree, accountant
):
    agree(included_emergencies=1)
    document = approved(door, accountant.pk, entries=())
    issued = issue_document(document_id=document.pk, now=MORNING)
    assert (issued.net, issued.gross) == (0, 0)
    assert issued.number == "RE-2026-00001"


@pytest.mark.django_db(transaction=True)
def test_places_are_given_once_however_many_approve_at_once(door, profile):
    accountant = make_staff("accounting")
    save_contract(
        account_number="K-1",
        valid_from=date(2026, 1, 1),
        own_prices=None,
        callback_within=None,
        included_emergencies=3,
        included_period="year",
        may_order=[],
        why="Rahmenvertrag",
        staff_id=accountant.pk,
        now=NIGHT,
    )
    door.add(*[an_incident(f"NF-{n}") for n in range(8)])
    collect(now=MORNING)
    problems: list[Exception] = []

    def work(pk: int) -> None:
        try:
            approve(document_id=pk, staff_id=accountant.pk, now=MORNING)
        except Exception as error:  # noqa: BLE001 - told to the test
            problems.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(pk,))
        for pk in Document.objects.values_list("pk", flat=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not problems
    assert Document.objects.filter(status="approved").count() == 8
    lines = list(DocumentLine.objects.filter(code="emergency_response_fee"))
    given = Counter(line.place for line in lines)
    assert given == {1: 1, 2: 1, 3: 1, None: 5}
    assert {line.net for line in lines if line.place is None} == {Decimal("200.00")}
    assert sorted(IncludedEmergency.objects.values_list("position", flat=True)) == [
        *(1, 2, 3)
    ]


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
