"""Accounting's pages and a collective invoice: counted once, told of each emergency."""

from decimal import Decimal

import pytest
from django.core import mail

from billing.actions import issue
from billing.actions.answers import send_answers
from billing.actions.batch import run_batch, start_batch
from billing.actions.booking import mark_paid, undo_booking
from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.actions.hand_over import hand_over_requested
from billing.actions.hand_over_answer import type_in
from billing.actions.issue import issue_document
from billing.actions.objections import answer_objection, note_objection
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, release_hold
from billing.models import Batch, BillingProfile, Document, IncidentSettlement
from billing.queries.accounts import balance_of
from billing.queries.figures import year_of_figures
from billing.queries.lists import Filters, listed
from billing.queries.todo import to_do
from emergency import billable
from tests.integration.billing.billing_system import body_of
from tests.integration.billing.door import NIGHT, an_incident
from tests.integration.billing.payments import booked_exactly, by_hand, imported, ntry
from tests.integration.billing.stories import (
    APRIL,
    MARCH,
    MORNING,
    all_approved,
    issued,
    later,
)
from tests.integration.billing.test_pages import signed_in, text, url


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def gathered(door, profile, accountant, monkeypatch):
    """March's collective invoice over two emergencies, issued in April."""
    monkeypatch.setattr(issue, "render_pdf", lambda *_: b"%PDF-1.7")
    BillingProfile.objects.update(collective=True)
    works = (
        an_incident("NF-TEST-1"),
        later(an_incident("NF-TEST-2", cause="infrastructure"), 5),
    )
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    made = Document.objects.get(gathers_month=MARCH)
    approve(document_id=made.pk, staff_id=accountant.pk, now=APRIL)
    return issue_document(document_id=made.pk, now=APRIL)


def test_what_several_emergencies_come_to_is_looked_at_when_it_is_large(
    door, profile, accountant, settings
):
    settings.BILLING_HOLD_ABOVE = 500
    BillingProfile.objects.update(collective=True)
    works = (an_incident("NF-TEST-1"), later(an_incident("NF-TEST-2"), 5))
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    made = Document.objects.get(gathers_month=MARCH)
    hold = made.holds.get()
    assert (hold.reason, hold.detail) == ("amount_large", "559.99 EUR")
    by = {"staff_id": accountant.pk, "now": APRIL}
    with pytest.raises(BillingRefusal) as refused:
        approve(document_id=made.pk, **by)
    assert refused.value.code == "held"
    release_hold(hold_id=hold.pk, why="asked the customer", **by)
    assert approve(document_id=made.pk, **by).status == "approved"


def test_figures_count_the_invoice_once_and_every_emergency_by_its_cause(gathered):
    april = year_of_figures(2026).months[3]
    assert (april.invoices, april.invoiced) == (1, gathered.net)
    causes = dict(april.labelled)
    assert causes["infrastructure"] == Decimal("200.00")
    assert causes["other"] == gathered.net - Decimal("200.00")
    assert (april.reached, april.in_time) == (2, 2)
    assert year_of_figures(2026).months[2].invoices == 0


def test_what_is_gathered_waits_nowhere_and_is_owed_once(gathered):
    assert to_do().is_empty
    balance = balance_of("K-1", today=APRIL.date())
    assert (balance.invoiced.count, balance.open) == (1, gathered.gross)
    assert balance.drafts.count == 0


def test_the_list_finds_the_invoice_by_each_of_its_emergencies(gathered):
    for reference in ("NF-TEST-1", "nf-test-2"):
        assert list(listed(Filters(text=reference))) == [gathered]


def test_an_objection_shows_what_happened_in_every_emergency(
    gathered, page, accountant, monkeypatch
):
    def dispute(*, reference):
        matter = billable.Matter(
            about="time",
            title="The time",
            text=f"Too long: {reference}",
            raised_at=NIGHT,
            seen_at=None,
        )
        return billable.Dispute(
            reference=reference, matters=(matter,), tries=(), versions=(), texts=()
        )

    def order_record(*, reference, language, now):
        return billable.OrderRecord(
            reference=reference,
            language=language,
            title=f"Order record {reference}",
            made_at="",
            sections=(),
        )

    monkeypatch.setattr(billable, "dispute", dispute)
    monkeypatch.setattr(billable, "order_record", order_record)
    note_objection(
        document_id=gathered.pk, what="Time", staff_id=accountant.pk, now=APRIL
    )
    shown = text(page.get(url("objection", gathered.pk)))
    for reference in ("NF-TEST-1", "NF-TEST-2"):
        assert f"Too long: {reference}" in shown
        assert f"Order record {reference}" in shown
    answer_objection(
        document_id=gathered.pk,
        address="rechnung@sonne.example",
        text="We looked again.",
        why="The log is right.",
        staff_id=accountant.pk,
        now=APRIL,
    )
    assert send_answers(now=APRIL) == 1
    assert "NF-TEST-1, NF-TEST-2" in mail.outbox[-1].body


def test_every_emergency_is_settled_with_the_invoice_and_open_with_it_again(
    gathered, door, accountant
):
    paid = mark_paid(
        document_id=gathered.pk,
        paid_on=APRIL.date(),
        note="",
        staff_id=accountant.pk,
        now=APRIL,
    )
    assert door.settled == {"NF-TEST-1": APRIL, "NF-TEST-2": APRIL}
    undo_booking(
        booking_id=paid.pk, why="Another one.", staff_id=accountant.pk, now=APRIL
    )
    assert door.settled == {}
    note = credit_invoice(
        document_id=gathered.pk,
        line_ids=None,
        why="agreed",
        staff_id=accountant.pk,
        now=APRIL,
    )
    issue_document(document_id=note.pk, now=APRIL)
    assert set(door.settled) == {"NF-TEST-1", "NF-TEST-2"}
    assert not IncidentSettlement.objects.filter(told=False).exists()


def test_a_correction_of_one_is_handed_over_with_the_emergency_of_each_line(
    gathered, accountant, mode, door
):
    """Issued here before; the other system gets the correction, and it stays."""
    note = credit_invoice(
        document_id=gathered.pk,
        line_ids=None,
        why="agreed",
        staff_id=accountant.pk,
        now=APRIL,
    )
    mode.HAND_OVER = {**mode.HAND_OVER, "ORDER_RECORD": "bytes"}
    collect(now=APRIL)
    assert hand_over_requested(now=APRIL) == 1
    note.refresh_from_db()
    assert note.status == "handed_over"
    said = body_of(note)
    assert (said["refers_to"], said["reference"]) == (gathered.number, "")
    assert [(line["reference"], line["quantity"]) for line in said["lines"]] == [
        *(("NF-TEST-1", -1), ("NF-TEST-1", -10), ("NF-TEST-2", -1)),
    ]
    assert len({line["order_record_url"] for line in said["lines"]}) == 2
    door.told.clear()
    answer_by_hand(note, accountant)
    assert {fact["reference"] for fact in door.told} == {"NF-TEST-1", "NF-TEST-2"}


def answer_by_hand(document, accountant):
    return type_in(
        document_id=document.pk,
        status="booked",
        number="G-1",
        staff_id=accountant.pk,
        now=APRIL,
    )


def test_a_batch_only_approves_what_waits_for_the_invoice_of_its_month(
    door, profile, accountant, page
):
    BillingProfile.objects.update(collective=True)
    door.add(an_incident("NF-TEST-1"))
    collect(now=MORNING)
    draft = Document.objects.get()
    batch = start_batch(
        document_ids=[draft.pk],
        act=Batch.Act.APPROVE_AND_ISSUE,
        staff_id=accountant.pk,
        now=MORNING,
    )
    run_batch(batch_id=batch.pk, now=MORNING)
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("approved", None)
    assert batch.items.get().status == "done"


def test_a_large_sum_of_usual_amounts_waits_for_a_person(
    door, profile, accountant, settings, monkeypatch
):
    monkeypatch.setattr(issue, "render_pdf", lambda *_: b"%PDF-1.7")
    settings.BILLING_HOLD_ABOVE = 500
    BillingProfile.objects.update(collective=True)
    works = [an_incident("NF-TEST-1"), later(an_incident("NF-TEST-2"), 3)]
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    month = Document.objects.get(gathers_month=MARCH)
    hold = month.holds.get()
    assert (hold.reason, hold.detail) == ("amount_large", "559.99 EUR")
    with pytest.raises(BillingRefusal):
        approve(document_id=month.pk, staff_id=accountant.pk, now=APRIL)
    release_hold(hold_id=hold.pk, staff_id=accountant.pk, why="Two nights.", now=APRIL)
    approve(document_id=month.pk, staff_id=accountant.pk, now=APRIL)
    assert issue_document(document_id=month.pk, now=APRIL).number


def test_a_batch_names_a_collective_draft_by_month_and_account(
    door, profile, accountant, page
):
    BillingProfile.objects.update(collective=True)
    all_approved(door, [an_incident("NF-TEST-1")], accountant.pk)
    collect(now=APRIL)
    page.post(url("batch_start"), {"act": "approve", "scope": "ready"})
    item = Batch.objects.get().items.get()
    assert item.reference == "2026-03 K-1"


def test_the_balance_is_less_what_was_paid_and_what_stays_as_a_credit(
    door, profile, accountant
):
    invoice = issued(door, accountant.pk)
    part, more = imported(
        accountant,
        ntry("100.00", f"Rechnung {invoice.number}", bank_id="1"),
        ntry("200.00", "Danke", bank_id="2"),
    )
    assert not booked_exactly()
    by_hand(part, [invoice.number], "", accountant)
    today = MORNING.date()
    assert balance_of("K-1", today=today).open == Decimal("180.00")
    by_hand(more, [invoice.number], "K-1", accountant)
    assert balance_of("K-1", today=today).open == Decimal("-20.00")
