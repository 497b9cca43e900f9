"""What is typed into accounting's forms and cannot be taken: the error stands beside
its field, everything typed is still there, and nothing fails."""

from datetime import timedelta
from itertools import product

import pytest
from django import forms
from django.utils import timezone
from lxml import html

from billing import (
    account_forms,
    export_forms,
    filter_form,
    payment_forms,
    ratecard_forms,
)
from billing import forms as billing_forms
from billing.actions.booking import mark_paid
from billing.actions.hand_over_answer import type_in
from billing.actions.transmit import send_again
from billing.models import Contract, Document, Hold, Transmission
from tests.integration.billing.payments import imported, ntry
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_access import BOTH, CHANGES, READING, WIZARD
from tests.integration.billing.test_access import address as address
from tests.integration.billing.test_audited import issuer_form
from tests.integration.billing.test_contract_pages import FORM as CONTRACT
from tests.integration.billing.test_export_pages import all_settings
from tests.integration.billing.test_pages import draft, signed_in, url
from tests.integration.billing.test_ratecard_pages import filled

LONG = "x" * 600
TOMORROW = f"{timezone.localdate() + timedelta(days=2)}"


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def said_beside(response, action, field):
    """The error beside this field of the form with this address, in words."""
    sheet = html.fromstring(response.content)
    (form,) = sheet.xpath(f"//form[@action='{action}']")
    (typed,) = form.xpath(f".//*[@name='{field}']")
    assert typed.get("aria-invalid") == "true"
    ids = typed.get("aria-describedby").split()
    said = [sheet.get_element_by_id(one).text_content().strip() for one in ids]
    folded = typed.xpath("ancestor::details[not(@open)]")
    assert not folded, "nobody sees it"
    all_ids = sheet.xpath("//main//@id")
    assert len(all_ids) == len(set(all_ids))
    return " ".join(said)


def values_in(response, action):
    """What stands in the fields of the form with this address."""
    (form,) = html.fromstring(response.content).xpath(f"//form[@action='{action}']")
    return {one.name: one.value or "" for one in form.inputs}


def invoice_of(door, accountant, page):
    return issued(door, accountant.pk).pk


def holds(door, accountant, page):
    document = draft(door, merged_reports=2)
    return (document.pk, Hold.objects.get().pk)


def bounced(door, accountant, page):
    document = issued(door, accountant.pk)
    send_again(
        document_id=document.pk,
        kind=Transmission.Kind.EMAIL,
        staff_id=None,
        now=MORNING,
    )
    Transmission.objects.update(status="sent", ended_at=MORNING)
    return (document.pk, Transmission.objects.latest("pk").attempt)


def booked(door, accountant, page):
    document = issued(door, accountant.pk)
    doing = {"staff_id": accountant.pk, "now": MORNING}
    return mark_paid(
        document_id=document.pk, paid_on=MORNING.date(), note="", **doing
    ).pk


def entry(door, accountant, page):
    number = issued(door, accountant.pk).number
    return imported(accountant, ntry("140.00", f"Rechnung {number}"))[0].pk


def account(door, accountant, page):
    return "K-1"


@pytest.mark.parametrize(
    ("name", "prepared", "typed", "field", "words"),
    [
        ("release", holds, {"why": " "}, "why", "Say why the hold"),
        ("release", holds, {"why": LONG}, "why", "500 characters"),
        ("objection_note", invoice_of, {"what": ""}, "what", "objects to"),
        ("objection_note", invoice_of, {"what": LONG}, "what", "200 characters"),
        ("paid", invoice_of, {"paid_on": "x", "note": "N"}, "paid_on", "which day"),
        ("paid", invoice_of, {"paid_on": TOMORROW, "note": "N"}, "paid_on", "to come"),
        ("send", invoice_of, {"address": "nobody"}, "address", "valid email"),
        ("bounced", bounced, {"why": LONG}, "why", "200 characters"),
        ("undo_booking", booked, {"why": ""}, "why", "taken back"),
        ("payment_book", entry, {"numbers": "hm", "account": "A"}, "numbers", "no doc"),
        (
            *("payment_book", entry),
            {"numbers": "RE-2026-00077", "account": "K-1"},
            *("numbers", "RE-2026-00077"),
        ),
        (
            *("payment_book", entry),
            {"numbers": "", "account": "K-77"},
            *("account", "no account K-77"),
        ),
        ("payment_aside", entry, {"why": ""}, "why", "none of ours"),
    ],
)
def test_the_error_stands_beside_its_field_and_what_was_typed_stays(
    door, profile, accountant, page, settings, name, prepared, typed, field, words
):
    settings.BILLING_PAYMENTS = True
    made = prepared(door, accountant, page)
    action = url(name, *(made if isinstance(made, tuple) else (made,)))
    response = page.post(action, typed)
    assert response.status_code == 400
    assert "<title>Error:" in " ".join(response.content.decode().split())
    assert words in said_beside(response, action, field)
    assert typed.items() <= values_in(response, action).items()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"status": "booked", "number": ""}, "number", "has a number"),
        ({"status": "booked", "number": "R-2"}, "number", "another number"),
        ({"status": "accepted", "number": "R-1"}, "status", "already said more"),
        ({"status": "lost", "number": "R-1"}, "status", "valid choice"),
    ],
)
def test_what_is_read_in_the_other_system_too(
    handed, accountant, page, typed, field, words
):
    type_in(
        document_id=handed.pk,
        status="booked",
        number="R-1",
        staff_id=accountant.pk,
        now=MORNING,
    )
    action = url("answered_by_hand", handed.pk)
    response = page.post(action, typed)
    assert (response.status_code, words in said_beside(response, action, field)) == (
        *(400, True),
    )
    assert values_in(response, action)["number"] == typed["number"]


def test_a_refused_document_says_beside_the_field_what_is_missing(
    handed, accountant, page
):
    type_in(
        document_id=handed.pk,
        status="refused",
        number="",
        staff_id=accountant.pk,
        now=MORNING,
    )
    action = url("take_back", handed.pk)
    response = page.post(action, {"why": LONG})
    assert "500 characters" in said_beside(response, action, "why")
    assert values_in(response, action)["why"] == LONG


NASTY = ("\x00", "9" * 400, "9999-12-31", "9999")


def every_field():
    """The names of everything that can be typed in billing."""
    found = set()
    for module in (
        *(account_forms, billing_forms, export_forms, filter_form, payment_forms),
        ratecard_forms,
    ):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, forms.BaseForm):
                found |= set(getattr(one, "base_fields", ()))
    return found | {"document", "scope", "filters", "act", "page", "year", "shown"}


def test_nothing_that_is_typed_makes_a_page_fail(address, page):
    """No answer but a page, whatever stands in every field at once."""
    names = every_field()
    assert {"why", "numbers", "valid_from", "iban", "least", "bmd_columns"} <= names
    before = Document.objects.count()
    for name, nasty in product(sorted(CHANGES | BOTH | WIZARD), NASTY):
        response = page.post(address(name), dict.fromkeys(names, nasty))
        assert response.status_code < 500, (name, nasty)
    for name, nasty in product(sorted(READING | BOTH | WIZARD), NASTY):
        response = page.get(address(name), dict.fromkeys(names, nasty))
        assert response.status_code < 500, (name, nasty)
    assert Document.objects.count() == before


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        *product(["contract"], ["valid_from"], ["2000-01-01", "9999-12-31"]),
        *product(["contract"], ["initial_fee", "support_hourly"], ["9" * 8, "1e3"]),
        ("contract", "included_minutes", "9" * 30),
        *product(
            ["ratecard_new"], ["valid_from"], ["9999-12-31T23:59", "2026-03-29T02:30"]
        ),
        *product(["ratecard_new"], ["initial_fee", "least_amount"], ["9" * 9, "1e5"]),
        *product(["vat_rate"], ["valid_from"], ["2000-01-01", "9999-12-31"]),
        *product(["vat_rate"], ["rate"], ["1e2", "100.001"]),
        *product(["issuer"], ["payment_days"], ["9" * 30, "91"]),
        *product(
            ["export_settings"], ["debtor_offset", "datev_year_begins"], ["9" * 30, "0"]
        ),
    ],
)
def test_one_odd_value_among_good_ones_is_taken_or_refused(
    address, page, name, field, value
):
    """What the first check lets through fails no later one."""
    if name == "contract":
        good = CONTRACT
    elif name == "ratecard_new":
        good = filled()
    elif name == "vat_rate":
        good = {"valid_from": "2030-01-01", "rate": "21.00"}
    elif name == "issuer":
        good = issuer_form(page)
    else:
        good = all_settings(page)
    response = page.post(address(name), {**good, field: value})
    assert response.status_code in {200, 302, 400}
    if response.status_code == 302:
        assert page.get(response["Location"]).status_code == 200


def test_a_contract_before_the_first_card_says_so_beside_the_day(profile, page):
    typed = {**CONTRACT, "valid_from": "2000-01-01"}
    response = page.post(url("contract", "K-1"), typed)
    words = said_beside(response, url("contract", "K-1"), "valid_from")
    assert "No rate card held on that day yet." in words
    assert values_in(response, url("contract", "K-1"))["why"] == CONTRACT["why"]
    assert not Contract.objects.exists()


def test_two_versions_of_a_contract_may_begin_on_one_day(profile, page):
    """The one recorded last counts, prices of its own and all."""
    for fee in ("90.00", "80.00"):
        page.post(url("contract", "K-1"), {**CONTRACT, "initial_fee": fee})
    found = Contract.objects.in_force("K-1", MORNING.date())
    assert found
    assert found.rate_card
    assert str(found.rate_card.initial_fee) == "80.00"
