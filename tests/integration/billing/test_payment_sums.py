"""Whatever order things happen in, every cent is somewhere."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from billing.actions.booking import mark_paid, undo_booking, use_credit
from billing.actions.refusal import BillingRefusal
from billing.models import Allocation, BankEntry, Booking
from billing.open_items import balance_of, credit_on, open_documents
from tests.integration.billing.payments import LATER, by_hand, imported, ntry, refused
from tests.integration.billing.payments import booked_exactly as exact
from tests.integration.billing.stories import issued


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.BILLING_PAYMENTS = True


@pytest.fixture
def invoice(door, profile, accountant):
    return issued(door, accountant.pk)


@pytest.fixture
def second(invoice, door, accountant):
    return issued(door, accountant.pk, "NF-TEST-2")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "return", "undo", "credit", "by_hand"]),
        st.integers(1, 60_000),
        st.integers(0, 3),
    ),
    max_size=8,
)


@examples(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_whatever_happens_the_sums_add_up(invoice, second, accountant, steps):
    """Any order of payments, returns, marks and their taking back: no cent is lost, the
    database agrees, and a document is settled exactly while nothing of it is open."""
    with transaction.atomic():
        for place, (step, cents, choice) in enumerate(steps):
            try:
                with transaction.atomic():
                    act(step, Decimal(cents) / 100, choice, place, accountant)
            except NothingToDo:
                continue
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        look_at_the_sums(invoice, second)
        transaction.set_rollback(True)


def test_a_return_is_not_taken_back_under_what_has_paid_since(invoice, accountant):
    def paid(amount, name):
        (entry,) = imported(accountant, ntry(amount, iban="", e2e=name), name=name)
        by_hand(entry, [invoice.number], "K-1", accountant)

    paid(invoice.gross, "STMT-1")
    act("return", Decimal(1), 0, 2, accountant)
    paid(Decimal("16.80"), "STMT-3")
    returned = Booking.objects.get(kind="returned")
    with refused("paid_beyond"):
        undo_booking(booking_id=returned.pk, why="x", staff_id=accountant.pk, now=LATER)
    assert balance_of(invoice) == invoice.gross - Decimal("16.80")


class NothingToDo(Exception):
    """The step does not fit what is there."""


def act(step, amount, choice, place, staff):
    numbers = list(open_documents().values_list("number", flat=True))
    standing = list(Booking.objects.filter(reversed_by=None).order_by("pk"))
    if step == "pay":
        content = [ntry(amount, iban="", e2e=f"E2E-{place}")]
        (entry,) = imported(staff, *content, name=f"STMT-{place}")
        by_hand(entry, numbers[:choice], "K-1", staff)
    elif step == "by_hand" and numbers:
        document = open_documents().order_by("pk")[0]
        mark_paid(
            document_id=document.pk,
            paid_on=date(2026, 3, 3),
            note="",
            staff_id=staff.pk,
            now=LATER,
        )
    elif step == "credit" and numbers and credit_on("K-1") > 0:
        use_credit(
            document_id=open_documents().order_by("pk")[0].pk,
            staff_id=staff.pk,
            now=LATER,
        )
    elif step == "undo" and any(b.undoable for b in standing):
        undoable = [b for b in standing if b.undoable]
        try:
            undo_booking(
                booking_id=undoable[choice % len(undoable)].pk,
                why="x",
                staff_id=staff.pk,
                now=LATER,
            )
        except BillingRefusal as refusal:
            if refusal.code == "paid_beyond":
                raise NothingToDo from refusal
            raise
    elif step == "return" and any(b.kind == "payment" for b in standing):
        came = next(b for b in standing if b.kind == "payment")
        assert came.entry is not None
        (entry,) = imported(
            staff,
            ntry(
                came.amount, "?", out=True, returned=True, e2e=came.entry.end_to_end_id
            ),
            name=f"STMT-{place}",
        )
        assert exact() == 1, entry
    else:
        raise NothingToDo


def look_at_the_sums(*documents):
    moved = Booking.objects.aggregate(total=Sum("amount"))["total"] or 0
    parts = Allocation.objects.aggregate(total=Sum("amount"))["total"] or 0
    assert moved == parts
    on_entries = Booking.objects.filter(entry__isnull=False)
    booked = BankEntry.objects.filter(status="booked")
    assert (on_entries.aggregate(t=Sum("amount"))["t"] or 0) == (
        booked.aggregate(t=Sum("amount"))["t"] or 0
    )
    paid = sum(d.gross - balance_of(d) for d in documents)
    differences = Allocation.objects.filter(kind="difference")
    rest = differences.aggregate(t=Sum("amount"))["t"] or 0
    assert paid + credit_on("K-1") + rest == parts
    for document in documents:
        document.refresh_from_db()
        assert (document.status == "settled") == (balance_of(document) == 0)
        assert 0 <= balance_of(document) <= document.gross
