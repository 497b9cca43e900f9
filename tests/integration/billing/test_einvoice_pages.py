"""Who may fetch the electronic forms, how an account asks for them, who gets them."""

import pytest
from django.core import mail
from django.test import Client

from billing.actions.transmit import send_due
from billing.models import BillingProfile, EInvoice, Issuer
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_pages import signed_in, text, url

pytestmark = pytest.mark.paper


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def invoice(door, profile, accountant):
    BillingProfile.objects.update(einvoice_kinds=["ebinterface"])
    return issued(door, accountant.pk)


def form_of(profile):
    """What the account page sends when nothing is changed."""
    names = ("kind", "legal_name", "address", "postcode", "city", "country")
    more = ("vat_id", "language", "invoice_email", "electronic_address")
    rest = ("einvoice_kinds", "buyer_reference", "supplier_number")
    return {name: getattr(profile, name) for name in (*names, *more, *rest)}


def test_the_forms_are_offered_and_handed_out_as_they_were_issued(invoice, page):
    shown = text(page.get(url("document", invoice.pk)))
    for form in EInvoice.objects.all():
        address = url("electronic_form", invoice.number, form.kind)
        assert address in shown
        response = page.get(address)
        assert response.content == bytes(form.content)
        assert response["Content-Type"] == "application/xml"
        assert response["Content-Disposition"] == (
            f'attachment; filename="RE-2026-00001-{form.kind}.xml"'
        )
    assert EInvoice.objects.count() == 2


def test_they_are_for_readers_only_and_others_are_not_found(invoice, page):
    address = url("electronic_form", invoice.number, "factur_x")
    assert Client().get(address).status_code == 302
    assert signed_in(make_staff("technician")).get(address).status_code == 200
    assert page.get(url("electronic_form", invoice.number, "peppol")).status_code == 404
    assert page.get(url("electronic_form", "RE-1", "factur_x")).status_code == 404


def test_the_mail_brings_the_form_that_the_account_asks_for(invoice):
    assert send_due(now=MORNING) == 1
    (message,) = mail.outbox
    names = [name for name, _content, _kind in message.attachments]
    assert names == ["RE-2026-00001.pdf", "RE-2026-00001-ebinterface.xml"]
    kept = invoice.electronic_forms.get(kind="ebinterface")
    assert message.attachments[1][1] == bytes(kept.content)


def test_the_formats_are_hidden_until_an_account_uses_them(profile, page):
    assert "<details> <summary>Electronic invoices" in text(
        page.get(url("account", "K-1"))
    )
    BillingProfile.objects.update(einvoice_kinds=["ebinterface"])
    assert "<details open> <summary>Electronic invoices" in text(
        page.get(url("account", "K-1"))
    )


def test_an_account_asks_for_formats_with_what_they_need(profile, page):
    wanted = {**form_of(profile), "einvoice_kinds": ["peppol", "ebinterface"]}
    shown = text(page.post(url("account", "K-1"), wanted))
    assert shown.count("One of the chosen formats needs this.") == 2
    wanted |= {"buyer_reference": "EK-7", "electronic_address": "9914 ATU12345675"}
    shown = text(page.post(url("account", "K-1"), wanted))
    assert "A scheme and an id with a colon between" in shown
    assert "One of the chosen formats needs this." not in shown
    wanted["electronic_address"] = "9914:ATU12345675"
    assert page.post(url("account", "K-1"), wanted).status_code == 302
    profile.refresh_from_db()
    assert profile.einvoice_kinds == ["peppol", "ebinterface"]
    assert profile.missing == []


def test_a_format_that_nobody_writes_is_refused(profile, page):
    wanted = {**form_of(profile), "einvoice_kinds": ["factur_x"]}
    assert page.post(url("account", "K-1"), wanted).status_code == 200
    profile.refresh_from_db()
    assert profile.einvoice_kinds == []


def test_the_issuer_says_its_tax_number_and_electronic_address(issuer, page):
    values = {
        field.name: getattr(issuer, field.name)
        for field in Issuer._meta.fields
        if field.name not in ("id", "valid_from")
    }
    values |= {"tax_number": "46 123/4567", "electronic_address": "0088:1"}
    assert page.post(url("issuer"), values).status_code == 302
    snapshot = Issuer.objects.get().snapshot()
    assert snapshot["tax_number"] == "46 123/4567"
    assert snapshot["electronic_address"] == "0088:1"
