"""Approving freezes, issuing numbers: all or nothing, and never changed again."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction

from billing.actions import issue as issuing
from billing.actions.issue import issue_document, issue_requested
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, request_issue
from billing.documents.renderer import RendererMissing
from billing.models import (
    BillingProfile,
    Document,
    DocumentLine,
    Issuer,
    NumberSeries,
)
from tests.integration.billing.door import worked
from tests.integration.billing.stories import MORNING, approved, issued

pytestmark = pytest.mark.paper


def test_a_held_draft_is_not_approved_and_its_work_not_frozen(
    door, profile, accountant
):
    with pytest.raises(BillingRefusal) as refused:
        approved(door, accountant.pk, cause="undetermined")
    assert refused.value.code == "held"
    assert Document.objects.get().status == "draft"


def test_after_approval_the_lines_no_longer_follow_the_incident(
    door, profile, accountant
):
    document = approved(door, accountant.pk)
    door.change("NF-TEST-1", entries=(worked(9, 600),))
    done = issue_document(document_id=document.pk, now=MORNING)
    assert done.net == Decimal("233.33")


def test_approving_twice_changes_nothing(door, profile, accountant):
    first = approved(door, accountant.pk)
    again = approve(
        document_id=first.pk, staff_id=accountant.pk, now=MORNING + timedelta(hours=1)
    )
    assert again.approved_at == first.approved_at


def test_an_issued_invoice_has_number_bytes_and_dates_and_emergency_knows(
    door, profile, accountant
):
    document = issued(door, accountant.pk)
    assert document.number == "RE-2026-00001"
    assert document.issue_date == date(2026, 3, 4)
    assert document.due_date == date(2026, 3, 18)
    assert document.recipient["legal_name"] == "Bäckerei Sonne GmbH"
    assert document.issuer["vat_id"] == "ATU13585627"
    content = bytes(document.file.content)
    assert content.startswith(b"%PDF-1.7")
    assert sha256(content).hexdigest() == document.file.sha256
    assert door.told == [
        {
            "reference": "NF-TEST-1",
            "kind": "invoice",
            "number": "RE-2026-00001",
            "gross": Decimal("280.00"),
            "issued_at": MORNING,
            "url_name": "billing:document_pdf",
            "public_url_name": "billing:customer_pdf",
        }
    ]


def test_issuing_twice_gives_the_same_document(door, profile, accountant):
    document = issued(door, accountant.pk)
    again = issue_document(document_id=document.pk, now=MORNING + timedelta(days=1))
    assert again.number == document.number
    assert NumberSeries.objects.get().last == 1


def test_a_failed_render_leaves_no_gap(door, profile, accountant, monkeypatch, caplog):
    document = approved(door, accountant.pk)

    def fail(document, xml):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "render_pdf", fail)
        with pytest.raises(BillingRefusal) as refused:
            issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "issue_failed"
    document.refresh_from_db()
    assert (document.number, document.issue_problem) == (None, "issue_failed")
    done = issue_document(document_id=document.pk, now=MORNING)
    assert done.number == "RE-2026-00001"


def test_without_the_renderer_documents_wait_and_are_issued_when_it_is_there(
    door, profile, accountant, monkeypatch
):
    document = approved(door, accountant.pk)
    request_issue(document_id=document.pk, staff_id=accountant.pk, now=MORNING)

    def missing():
        raise RendererMissing("no libpango")

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "load_renderer", missing)
        assert issue_requested(now=MORNING) == 0
    document.refresh_from_db()
    assert (document.status, document.issue_problem) == ("approved", "renderer_missing")
    assert issue_requested(now=MORNING) == 1


def test_an_incomplete_issuer_issues_nothing(door, profile, accountant, issuer):
    document = approved(door, accountant.pk)
    Issuer.objects.filter(pk=issuer.pk).update(iban="")
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "issuer_incomplete"
    assert not NumberSeries.objects.exists()


def test_numbers_follow_the_date(door, profile, accountant):
    issued(door, accountant.pk, "NF-A")
    second = approved(door, accountant.pk, "NF-B")
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=second.pk, now=MORNING - timedelta(days=1))
    assert refused.value.code == "date_before_last_number"


def test_a_new_year_begins_a_new_series(door, profile, accountant):
    issued(door, accountant.pk, "NF-A")
    document = approved(door, accountant.pk, "NF-B")
    done = issue_document(document_id=document.pk, now=MORNING + timedelta(days=365))
    assert done.number == "RE-2027-00001"


def test_a_vat_id_lost_since_the_approval_returns_the_draft(door, profile, accountant):
    BillingProfile.objects.update(country="DE", vat_id="DE136695976")
    document = approved(door, accountant.pk)
    assert document.vat_total == 0
    BillingProfile.objects.update(vat_id_valid=False)
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "held"
    document.refresh_from_db()
    assert (document.status, document.number) == ("draft", None)
    assert [h.reason for h in document.holds.all()] == ["recipient_vat_id_invalid"]
    assert document.vat_total > 0


def test_a_draft_cannot_be_issued(door, profile, accountant):
    document = approved(door, accountant.pk)
    Document.objects.filter(pk=document.pk).update(status="draft")
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "not_approved"


CHANGES = [
    "UPDATE billing_document SET gross = 1, net = 1, vat_total = 0",
    "UPDATE billing_document SET recipient = '{}'",
    "UPDATE billing_document SET number = 'RE-2026-00009'",
    "UPDATE billing_document SET status = 'draft'",
    "DELETE FROM billing_documentfile",
    "UPDATE billing_documentfile SET content = ''",
    "DELETE FROM billing_einvoice",
    "UPDATE billing_einvoice SET content = ''",
    "INSERT INTO billing_einvoice (document_id, kind, content, sha256, media_type, "
    "created_at) SELECT id, 'peppol', '', '', '', now() FROM billing_document",
    "UPDATE billing_documentline SET net = 0",
    "DELETE FROM billing_documenttax",
    "INSERT INTO billing_documenttax (document_id, category, rate, base, amount) "
    "SELECT id, 'S', 5, 0, 0 FROM billing_document",
    "UPDATE billing_documentstep SET code = 'held'",
    "DELETE FROM billing_documentstep",
]


def test_the_database_refuses_to_change_what_was_issued(door, profile, accountant):
    issued(door, accountant.pk)
    for statement in CHANGES:
        with (
            pytest.raises(IntegrityError, match=r"cannot|number_means_issued"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_database_refuses_to_delete_an_issued_document(door, profile, accountant):
    document = issued(door, accountant.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk)._raw_delete("default")


def test_a_draft_may_still_be_deleted(door, profile, accountant):
    approved(door, accountant.pk).delete()
    assert not DocumentLine.objects.exists()


def test_an_issued_invoice_does_not_follow_the_account(door, profile, accountant):
    document = issued(door, accountant.pk)
    BillingProfile.objects.update(legal_name="Somebody Else")
    document.refresh_from_db()
    assert document.recipient["legal_name"] == "Bäckerei Sonne GmbH"


def test_an_incident_is_invoiced_once_by_the_database(door, profile, accountant):
    document = issued(door, accountant.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            incident_reference=document.incident_reference,
            created_at=MORNING,
            computed_at=MORNING,
        )
