"""Settled: by hand, by a credit note over everything, and told to emergency."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing import tasks
from billing.actions.booking import mark_paid, undo_booking
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.settling import settle_due
from billing.actions.transmit import send_due
from billing.models import Allocation, Booking, Document, IncidentSettlement
from billing.open_items import balance_of
from emergency import billable
from tests.integration.billing.door import TERMS, worked
from tests.integration.billing.payments import refused
from tests.integration.billing.stories import MORNING, approved, issued

DAY = date(2026, 3, 3)
LATER = MORNING + timedelta(days=1)


@pytest.fixture
def invoice(door, profile, accountant):
    return issued(door, accountant.pk)


def pay(document, staff, **changes):
    facts = {"paid_on": DAY, "note": "Bank of 3 March", "now": MORNING, **changes}
    return mark_paid(document_id=document.pk, staff_id=staff.pk, **facts)


def credit(invoice, staff, line_ids=None):
    note = credit_invoice(
        document_id=invoice.pk,
        line_ids=line_ids,
        why="Goodwill",
        staff_id=staff.pk,
        now=MORNING,
    )
    return issue_document(document_id=note.pk, now=MORNING)


def status(document):
    document.refresh_from_db()
    return document.status


def test_marking_as_paid_settles_and_tells_emergency(invoice, accountant, door):
    booking = pay(invoice, accountant)
    assert status(invoice) == "settled"
    assert invoice.settled_at == MORNING
    assert balance_of(invoice) == 0
    assert (booking.booked_on, booking.by, booking.note) == (
        *(DAY, accountant),
        "Bank of 3 March",
    )
    assert door.settled == {"NF-TEST-1": MORNING}
    assert invoice.steps.last().code == "settled"


def test_it_cannot_be_paid_twice_or_tomorrow_or_as_a_draft(
    invoice, accountant, door, profile
):
    with refused("paid_in_future"):
        pay(invoice, accountant, paid_on=date(2026, 3, 5))
    pay(invoice, accountant)
    with refused("nothing_open"):
        pay(invoice, accountant)
    draft = approved(door, accountant.pk, "NF-TEST-2")
    with refused("not_issued_yet"):
        pay(draft, accountant)
    assert Booking.objects.count() == 1


def test_taking_it_back_says_why_and_keeps_both(invoice, accountant, door):
    booking = pay(invoice, accountant)
    with refused("undo_why_missing"):
        undo_booking(booking_id=booking.pk, why=" ", staff_id=accountant.pk, now=LATER)
    undone = undo_booking(
        booking_id=booking.pk, why="Wrong invoice", staff_id=accountant.pk, now=LATER
    )
    assert (undone.reverses, undone.amount) == (booking, -booking.amount)
    assert status(invoice) == "issued"
    assert (invoice.settled_at, balance_of(invoice)) == (None, invoice.gross)
    assert door.settled == {}
    codes = [step.code for step in invoice.steps.all()]
    assert codes[-2:] == ["settled", "open_again"]
    with refused("not_undoable"):
        undo_booking(booking_id=booking.pk, why="x", staff_id=accountant.pk, now=LATER)
    pay(invoice, accountant, now=LATER)
    assert status(invoice) == "settled"


def test_what_was_sent_is_transmitted_again_after_it(invoice, accountant):
    send_due(now=MORNING)
    booking = pay(invoice, accountant)
    undo_booking(booking_id=booking.pk, why="x", staff_id=accountant.pk, now=LATER)
    assert status(invoice) == "transmitted"


def test_sending_what_is_paid_already_leaves_it_settled(invoice, accountant):
    booking = pay(invoice, accountant)
    send_due(now=MORNING)
    assert status(invoice) == "settled"
    undo_booking(booking_id=booking.pk, why="x", staff_id=accountant.pk, now=LATER)
    assert status(invoice) == "transmitted"


def test_an_invoice_over_nothing_is_settled_when_it_is_issued(
    door, profile, accountant
):
    free = replace(
        TERMS, initial_fee_net=Decimal("0.00"), initial_fee_gross=Decimal("0.00")
    )
    document = issued(door, accountant.pk, terms=free, entries=(worked(9, 20),))
    assert document.gross == 0
    assert status(document) == "settled"
    assert door.settled == {"NF-TEST-1": MORNING}


def test_a_credit_note_over_everything_settles_both(invoice, accountant, door):
    note = credit(invoice, accountant)
    assert (status(invoice), note.status) == ("settled", "settled")
    assert door.settled == {"NF-TEST-1": MORNING}
    assert not Booking.objects.get().amount


def test_a_credit_note_over_a_part_leaves_the_rest_open(invoice, accountant, door):
    note = credit(invoice, accountant, [invoice.lines.last().pk])
    assert (status(invoice), note.status) == ("issued", "settled")
    assert balance_of(invoice) == invoice.gross - note.gross
    assert door.settled == {}
    pay(invoice, accountant)
    assert door.settled == {"NF-TEST-1": MORNING}


def test_a_credit_note_over_what_is_paid_is_owed_until_it_is_paid_back(
    invoice, accountant, door
):
    pay(invoice, accountant)
    note = credit(invoice, accountant)
    assert (status(invoice), status(note)) == ("settled", "issued")
    assert balance_of(note) == -note.gross
    assert door.settled == {}
    pay(note, accountant)
    assert status(note) == "settled"
    assert door.settled == {"NF-TEST-1": MORNING}


def test_a_missed_call_is_made_up_by_the_collect_task(
    invoice, accountant, door, monkeypatch
):
    def dead(**_facts):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(billable, "record_settled", dead)
        pay(invoice, accountant)
    assert status(invoice) == "settled"
    assert door.settled == {}
    assert not IncidentSettlement.objects.get().told
    tasks.collect()
    assert door.settled == {"NF-TEST-1": MORNING}
    assert IncidentSettlement.objects.get().told
    assert settle_due(now=LATER) == 0


def test_a_set_off_that_never_happened_is_made_up_too(invoice, accountant, door):
    """Credit notes that were issued before there were bookings."""
    note = credit(invoice, accountant)
    with transaction.atomic():
        erase_bookings()
    Document.objects.filter(pk__in=[note.pk, invoice.pk]).update(
        status="issued", settled_at=None
    )
    door.settled.clear()
    IncidentSettlement.objects.all().delete()
    assert settle_due(now=LATER) == 1
    assert (status(invoice), status(note)) == ("settled", "settled")
    assert door.settled == {"NF-TEST-1": LATER}
    assert settle_due(now=LATER) == 0
    assert Allocation.objects.count() == 2


def erase_bookings():
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM billing_allocation")
        cursor.execute("DELETE FROM billing_booking")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_returned_set_off_cannot_be_taken_back_by_hand(invoice, accountant):
    credit(invoice, accountant)
    booking = Booking.objects.get()
    with refused("not_undoable"):
        undo_booking(booking_id=booking.pk, why="x", staff_id=accountant.pk, now=LATER)


@pytest.mark.parametrize(
    "change",
    [
        lambda booking: Booking.objects.filter(pk=booking.pk).update(note="other"),
        lambda booking: booking.parts.all().delete(),
        lambda booking: Booking.objects.filter(pk=booking.pk).update(amount=1),
    ],
)
def test_the_database_refuses_to_change_a_booking(invoice, accountant, change):
    booking = pay(invoice, accountant)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(booking)


def booked(amount, part, document, staff):
    """What no action does: a booking with this one part, looked at by the database."""
    with transaction.atomic():
        booking = Booking.objects.create(
            kind="by_hand", amount=amount, booked_on=DAY, at=MORNING, by=staff
        )
        Allocation.objects.create(
            booking=booking, kind="document", document=document, amount=part
        )
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_parts_that_do_not_add_up(invoice, accountant):
    with pytest.raises(IntegrityError, match="has parts of"):
        booked(5, 4, invoice, accountant)


def test_the_database_refuses_to_pay_more_than_is_asked_for(invoice, accountant):
    amount = invoice.gross + Decimal("0.01")
    with pytest.raises(IntegrityError, match="is paid with"):
        booked(amount, amount, invoice, accountant)


def test_the_database_refuses_to_pay_a_draft(accountant, door, profile):
    draft = approved(door, accountant.pk)
    with pytest.raises(IntegrityError, match="no number"):
        booked(5, 5, draft, accountant)
