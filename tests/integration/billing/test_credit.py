"""Corrections are documents of their own; nothing is credited twice."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.refusal import BillingRefusal
from billing.models import Document, Issuer
from tests.integration.billing.door import worked
from tests.integration.billing.stories import MORNING, approved, issued


@pytest.fixture
def invoice(door, profile, accountant):
    """200.00 + 3.33 + 3.33, whose tax rounds differently line by line."""
    return issued(
        door,
        accountant.pk,
        cause="application",
        entries=(worked(9, 31), worked(40, 1, "application_analysis")),
    )


def credit(invoice, accountant, line_ids=None):
    note = credit_invoice(
        document_id=invoice.pk,
        line_ids=line_ids,
        why="Goodwill",
        staff_id=accountant.pk,
        now=MORNING,
    )
    return issue_document(document_id=note.pk, now=MORNING)


def test_a_full_credit_note_mirrors_the_invoice(invoice, accountant, door):
    note = credit(invoice, accountant)
    assert note.number == "RK-2026-00001"
    assert note.refers_to == invoice
    assert (note.net, note.vat_total, note.gross) == (
        invoice.net,
        invoice.vat_total,
        invoice.gross,
    )
    assert [fact["gross"] for fact in door.told] == [invoice.gross, -invoice.gross]


def test_credits_by_line_add_up_to_the_cent(invoice, accountant):
    notes = [credit(invoice, accountant, [line.pk]) for line in invoice.lines.all()]
    assert sum(note.gross for note in notes) == invoice.gross
    assert [note.vat_total for note in notes] == [
        Decimal("40.00"),
        Decimal("0.67"),
        Decimal("0.66"),
    ]


def test_a_line_is_credited_once(invoice, accountant):
    line = invoice.lines.first()
    credit(invoice, accountant, [line.pk])
    with pytest.raises(BillingRefusal) as refused:
        credit(invoice, accountant, [line.pk])
    assert refused.value.code == "line_not_open"


def test_the_database_too_credits_a_line_once(invoice, accountant):
    copied = credit(invoice, accountant, [invoice.lines.first().pk]).lines.get()
    copied.pk = None
    copied.document = Document.objects.create(
        kind="credit_note",
        refers_to=invoice,
        incident_reference="x",
        created_at=MORNING,
        computed_at=MORNING,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copied.save()


def test_after_the_last_line_nothing_is_left(invoice, accountant):
    credit(invoice, accountant)
    with pytest.raises(BillingRefusal) as refused:
        credit(invoice, accountant)
    assert refused.value.code == "nothing_to_credit"


def test_a_draft_is_not_credited(door, profile, accountant):
    with pytest.raises(BillingRefusal) as refused:
        credit(approved(door, accountant.pk), accountant)
    assert refused.value.code == "not_issued"


def test_a_correction_shows_the_issuer_of_the_invoice(invoice, accountant):
    Issuer.objects.update(address="Neue Straße 1")
    assert credit(invoice, accountant).issuer["address"] == "Donaugasse 7"


def test_the_invoice_itself_is_not_touched(invoice, accountant):
    before = Document.objects.filter(pk=invoice.pk).values().get()
    credit(invoice, accountant)
    # But for its state: nothing of it is open any more.
    before |= {"status": "settled", "settled_at": MORNING}
    assert Document.objects.filter(pk=invoice.pk).values().get() == before
