"""What must be known of a recipient before a document leaves (UStG § 11 (1, 1a, 6))."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.models import BillingProfile, Document
from tests.integration.billing.door import TERMS, an_incident, worked
from tests.integration.billing.stories import (
    APRIL,
    MARCH,
    MORNING,
    all_approved,
    approved,
    issued,
    later,
)
from tests.integration.billing.test_pages import signed_in, text, url
from tests.judging import archive, rules

NAME_ONLY = {"address": "", "postcode": "", "city": ""}
NOBODY = {**NAME_ONLY, "legal_name": "", "country": "", "kind": "consumer"}
NO_VAT_ID = {"vat_id": "", "vat_id_valid": None, "vat_id_checked_at": None}
# Forty minutes beyond the included ones: net 333.33, gross 400.00.
FOUR_HUNDRED = (worked(9, 70),)
A_CENT_MORE = replace(TERMS, initial_fee_net=Decimal("200.01"))


def drafted(door, **changes):
    door.add(an_incident(**changes))
    collect(now=MORNING)
    return Document.objects.get(kind="invoice")


def missing(document):
    """What the hold for an incomplete recipient names; empty without one."""
    held = document.holds.filter(reason="recipient_incomplete").first()
    return held.detail.split(", ") if held else []


@pytest.mark.parametrize(
    ("terms", "gross", "named"),
    [
        (TERMS, "400.00", []),
        (A_CENT_MORE, "400.01", ["address", "postcode", "city"]),
    ],
)
def test_above_four_hundred_gross_the_whole_address_is_needed(
    door, profile, terms, gross, named
):
    BillingProfile.objects.update(**NAME_ONLY)
    document = drafted(door, entries=FOUR_HUNDRED, terms=terms)
    assert (document.gross, missing(document)) == (Decimal(gross), named)


@pytest.mark.parametrize(
    ("who", "named"),
    [
        # No tax is shown because of who it is: reverse charge, outside the Union.
        ({"country": "DE", "vat_id": "DE136695976"}, ["address", "postcode", "city"]),
        ({"country": "CH", **NO_VAT_ID}, ["address", "postcode", "city"]),
        # Where a business is decides its tax; a consumer pays ours wherever they live.
        ({"country": ""}, ["country"]),
        ({"country": "", "legal_name": "", "kind": "consumer"}, []),
        ({"einvoice_kinds": ["ebinterface"]}, ["postcode", "city"]),
        (
            {"einvoice_kinds": ["xrechnung"], "buyer_reference": "04-1"},
            ["postcode", "city"],
        ),
        (
            {"einvoice_kinds": ["peppol"], "buyer_reference": "04-1"},
            ["electronic_address"],
        ),
    ],
)
def test_a_small_amount_is_held_where_the_tax_or_a_format_needs_to_know(
    door, profile, who, named
):
    BillingProfile.objects.update(**{**NAME_ONLY, **who})
    assert missing(drafted(door)) == named


@pytest.mark.paper
def test_a_small_invoice_leaves_without_an_address_and_says_what_it_leaves_out(
    door, profile, accountant
):
    BillingProfile.objects.update(
        **NAME_ONLY,
        einvoice_kinds=["peppol"],
        electronic_address="0088:7300010000001",
        buyer_reference="04-1",
        invoice_email="",
    )
    document = approved(door, accountant.pk)
    page = signed_in(accountant)
    shown = text(page.get(url("document", document.pk)))
    assert "street and number, postcode, town missing" in shown
    assert "the law lets the invoice go out without it" in shown
    assert "this is sent to nobody" in shown
    invoice = issue_document(document_id=document.pk, now=MORNING)
    assert "missing" not in text(page.get(url("document", document.pk)))
    forms = {form.kind: bytes(form.content) for form in invoice.electronic_forms.all()}
    assert set(forms) == {"factur_x", "peppol"}
    for kind, content in forms.items():
        verdict = rules.judge(kind, content)
        assert (verdict.xsd, verdict.schematron) == ([], [])
    assert archive.faults(bytes(invoice.file.content)) == []


@pytest.mark.paper
def test_an_invoice_to_nobody_named_has_no_xml_and_neither_has_its_credit_note(
    door, profile, accountant
):
    BillingProfile.objects.update(**{**NOBODY, **NO_VAT_ID})
    invoice = issued(door, accountant.pk, account_kind="consumer")
    note = credit_invoice(
        document_id=invoice.pk,
        line_ids=None,
        why="agreed",
        staff_id=accountant.pk,
        now=MORNING,
    )
    for document in (invoice, issue_document(document_id=note.pk, now=MORNING)):
        assert not document.electronic_forms.exists()
        # PDF/A-3 all the same; only what makes a Factur-X of it is not there.
        assert archive.faults_of_pdfa(bytes(document.file.content)) == []


def test_together_a_collective_invoice_may_need_the_address_that_its_parts_do_not(
    door, profile, accountant
):
    BillingProfile.objects.update(**NAME_ONLY, collective=True)
    works = [an_incident("NF-TEST-1"), later(an_incident("NF-TEST-2"), 3)]
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    draft = Document.objects.get(gathers_month=MARCH)
    assert draft.gross == Decimal("559.99")
    assert missing(draft) == ["address", "postcode", "city"]


def test_where_documents_are_handed_over_only_what_decides_the_tax_is_asked_for(
    door, mode, profile
):
    BillingProfile.objects.update(**NAME_ONLY, einvoice_kinds=["peppol"])
    document = drafted(door, entries=(worked(9, 300),))
    assert (document.gross > 400, missing(document)) == (True, [])
    BillingProfile.objects.update(country="")
    collect(now=MORNING)
    assert missing(document) == ["country"]
