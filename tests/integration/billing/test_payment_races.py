"""Two people, or a person and the machine, book the same at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from billing.actions.booking import mark_paid
from billing.actions.matching import book_by_hand
from billing.actions.refusal import BillingRefusal
from billing.models import BankFile, Booking, IncidentSettlement
from billing.open_items import balance_of, credit_on
from tests.integration.billing.payments import imported, ntry
from tests.integration.billing.stories import MORNING, issued

pytestmark = pytest.mark.django_db(transaction=True)
LATER = MORNING + timedelta(days=30)
THREADS = 8


def at_once(*acts):
    """What each act came to: None, or the code of its refusal."""

    def run(act):
        try:
            act()
        except BillingRefusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_invoice_is_marked_as_paid_once(door, profile, accountant):
    invoice = issued(door, accountant.pk)

    def mark():
        mark_paid(
            document_id=invoice.pk,
            paid_on=date(2026, 3, 3),
            note="",
            staff_id=accountant.pk,
            now=LATER,
        )

    codes = at_once(*[mark] * THREADS)
    assert (codes.count(None), codes.count("nothing_open")) == (1, THREADS - 1)
    assert Booking.objects.count() == 1
    assert balance_of(invoice) == 0


def test_many_payments_for_one_invoice_pay_it_once_and_lose_no_cent(
    door, profile, accountant
):
    invoice = issued(door, accountant.pk)
    found = imported(
        accountant,
        *[ntry("100.00", e2e=f"E{n}", iban="") for n in range(THREADS)],
    )

    def pay(entry):
        def act():
            book_by_hand(
                entry_id=entry.pk,
                numbers=[invoice.number or ""],
                account="K-1",
                staff_id=accountant.pk,
                now=LATER,
            )

        return act

    codes = at_once(*[pay(entry) for entry in found])
    assert set(codes) <= {None, "changed", "no_such_document"}
    booked = Booking.objects.count()
    assert booked == codes.count(None) >= 1
    assert (invoice.gross - balance_of(invoice)) + credit_on("K-1") == booked * 100
    assert 0 <= balance_of(invoice) <= invoice.gross


def test_two_documents_of_one_incident_settle_it_together(door, profile, accountant):
    invoices = [issued(door, accountant.pk, f"NF-TEST-{n}") for n in range(4)]

    def mark(document):
        def act():
            mark_paid(
                document_id=document.pk,
                paid_on=date(2026, 3, 3),
                note="",
                staff_id=accountant.pk,
                now=LATER,
            )

        return act

    assert at_once(*[mark(document) for document in invoices]) == [None] * 4
    assert len(door.settled) == 4
    assert not IncidentSettlement.objects.filter(told=False).exists()


def test_a_file_that_two_people_import_at_once_is_one(accountant):
    entries = [ntry("100.00", f"n{n}") for n in range(20)]
    taken = at_once(*[lambda: imported(accountant, *entries)] * 4)
    assert taken == [None] * 4
    assert BankFile.objects.get().kept == 20
