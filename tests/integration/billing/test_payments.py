"""From the bank's file to settled invoices: import, match, confirm, take back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from billing.actions.bank_import import import_bank_file
from billing.actions.booking import mark_paid, undo_booking, use_credit
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.matching import (
    book_by_hand,
    book_exact_matches,
    confirm,
    set_aside,
    take_up_again,
)
from billing.actions.payment_rules import save_rules
from billing.matched import proposal_for
from billing.models import Allocation, BankEntry, BankFile, Booking, CsvMapping
from billing.open_items import as_item, balance_of, credit_on, open_documents
from billing.rules.numbering import parse_number
from billing.rules.references import rf_reference
from tests.integration.billing.payments import imported, ntry, refused
from tests.integration.billing.stories import MORNING, issued

LATER = MORNING + timedelta(days=30)


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.BILLING_PAYMENTS = True


@pytest.fixture
def invoice(door, profile, accountant):
    """280.00 gross, of account K-1."""
    return issued(door, accountant.pk)


@pytest.fixture
def second(invoice, door, accountant):
    return issued(door, accountant.pk, "NF-TEST-2")


def status(row):
    row.refresh_from_db()
    return row.status


def exact():
    return book_exact_matches(now=LATER)


def tolerate(amount, staff, **more):
    save_rules(
        values={"tolerance": Decimal(amount), **more}, staff_id=staff.pk, now=LATER
    )


def confirmed(entry, staff):
    items = [as_item(document) for document in open_documents()]
    shown = [number for number, _ in proposal_for(entry, items).proposal.split.parts]
    return confirm(entry_id=entry.pk, shown=shown, staff_id=staff.pk, now=LATER)


def test_an_exact_payment_settles_without_anybody(invoice, accountant, door):
    (entry,) = imported(accountant, ntry("280.00", f"Rechnung {invoice.number}"))
    assert exact() == 1
    assert (status(invoice), status(entry)) == ("settled", "booked")
    booking = Booking.objects.get()
    assert (booking.kind, booking.by, booking.entry) == ("payment", None, entry)
    assert booking.booked_on == date(2026, 3, 20)
    assert door.settled == {"NF-TEST-1": LATER}
    assert exact() == 0


def test_an_rf_reference_is_as_good_as_the_number(invoice, accountant):
    number = parse_number(invoice.number)
    assert number is not None
    reference = rf_reference(number)
    imported(accountant, ntry("280.00", "danke", ref=reference))
    assert exact() == 1
    assert status(invoice) == "settled"


def test_nothing_is_booked_by_itself_where_that_is_switched_off(invoice, accountant):
    tolerate("0", accountant, books_exact_matches=False)
    imported(accountant, ntry("280.00", invoice.number))
    assert exact() == 0
    assert status(invoice) == "issued"


def test_the_same_file_changes_nothing_and_an_overlap_adds_only_what_is_new(
    invoice, accountant
):
    first, new = ntry("280.00", invoice.number), ntry("1.00", "new")
    wages = ntry("2000.00", "Gehalt", out=True)
    imported(accountant, first, first, wages)
    exact()
    for _again in range(2):
        imported(accountant, first, first, wages)
    assert BankFile.objects.count() == 1
    imported(accountant, first, first, new, wages)
    latest = BankFile.objects.latest("pk")
    assert (latest.movements, latest.kept, latest.known, latest.passed_over) == (
        *(4, 1, 2),
        1,
    )
    assert BankEntry.objects.count() == 3
    assert Booking.objects.count() == 1


def test_a_csv_file_of_the_bank_is_read_as_it_is_set(invoice, accountant):
    mapping = CsvMapping.objects.create(
        name="Hausbank",
        booked_on="Tag",
        amount="Betrag",
        text="Text",
        updated_at=MORNING,
        updated_by=accountant,
    )
    content = f"Tag;Betrag;Text\n20.03.2026;280,00;{invoice.number}\n".encode()
    taken = import_bank_file(
        name="a.csv",
        content=content,
        mapping=mapping,
        staff_id=accountant.pk,
        now=MORNING,
    )
    assert (taken.is_new, taken.file.format) == (True, "CSV Hausbank")
    assert exact() == 1
    assert status(invoice) == "settled"


def test_a_file_that_cannot_be_read_leaves_nothing(accountant):
    with refused("bank_file_unreadable"):
        imported(accountant, ntry("1.00"), ntry("x"))
    assert not BankFile.objects.exists()
    assert not BankEntry.objects.exists()


def test_a_part_is_suggested_and_the_rest_stays_open(invoice, accountant):
    (entry,) = imported(accountant, ntry("100.00", invoice.number))
    assert exact() == 0
    confirmed(entry, accountant)
    assert (status(invoice), balance_of(invoice)) == ("issued", Decimal("180.00"))
    imported(accountant, ntry("180.00", invoice.number), name="STMT-2")
    assert exact() == 1
    assert status(invoice) == "settled"


def test_too_much_stays_on_account_and_pays_the_next_invoice(
    invoice, second, accountant
):
    (entry,) = imported(accountant, ntry("300.00", invoice.number))
    confirmed(entry, accountant)
    assert (status(invoice), credit_on("K-1")) == ("settled", Decimal("20.00"))
    booking = use_credit(document_id=second.pk, staff_id=accountant.pk, now=LATER)
    assert [credit_on("K-1"), balance_of(second)] == [0, Decimal("260.00")]
    with refused("no_credit"):
        use_credit(document_id=second.pk, staff_id=accountant.pk, now=LATER)
    undo_booking(booking_id=booking.pk, why="x", staff_id=accountant.pk, now=LATER)
    assert [credit_on("K-1"), balance_of(second)] == [20, 280]


def test_one_payment_pays_several_documents(invoice, second, accountant):
    imported(accountant, ntry("560.00", f"{invoice.number}, {second.number}"))
    assert exact() == 1
    assert (status(invoice), status(second)) == ("settled", "settled")


def test_a_small_difference_is_accepted_up_to_what_is_set(invoice, accountant):
    imported(accountant, ntry("279.50", invoice.number))
    assert exact() == 0
    tolerate("0.50", accountant)
    assert exact() == 1
    assert status(invoice) == "settled"
    parts = {p.kind: p.amount for p in Allocation.objects.all()}
    assert parts == {"document": Decimal("280.00"), "difference": Decimal("-0.50")}


def test_the_banks_charges_are_a_difference(invoice, accountant):
    imported(accountant, ntry("275.00", invoice.number, charges="5.00"))
    assert exact() == 1
    assert status(invoice) == "settled"


def test_paying_twice_is_a_credit_that_a_person_confirms(invoice, accountant):
    text = invoice.number
    _first, again = imported(
        accountant, ntry("280.00", text, e2e="A"), ntry("280.00", text, e2e="B")
    )
    assert exact() == 1
    confirmed(again, accountant)
    assert credit_on("K-1") == Decimal("280.00")


def test_a_returned_payment_opens_the_invoice_again(invoice, accountant, door):
    imported(accountant, ntry("280.00", invoice.number))
    exact()
    (back,) = imported(
        accountant,
        ntry(
            *("280.00", f"Rücklastschrift {invoice.number}"),
            out=True,
            returned=True,
            day=date(2026, 3, 24),
        ),
        name="STMT-2",
    )
    assert exact() == 1
    assert (status(invoice), status(back)) == ("issued", "booked")
    returned = Booking.objects.get(kind="returned")
    assert returned.reverses == Booking.objects.get(kind="payment")
    assert door.settled == {}


def test_a_return_without_a_trace_waits_for_a_person(invoice, accountant):
    imported(accountant, ntry("280.00", invoice.number))
    exact()
    (back,) = imported(
        accountant,
        ntry("280.00", "?", out=True, returned=True, iban="AT000000", name="Bank"),
        name="STMT-2",
    )
    assert exact() == 0
    assert not proposal_for(back).can_be_confirmed


def test_a_known_iban_suggests_and_a_tap_confirms(invoice, second, accountant):
    imported(accountant, ntry("280.00", invoice.number))
    exact()
    (entry,) = imported(accountant, ntry("280.00", "danke"), name="STMT-2")
    assert exact() == 0
    confirmed(entry, accountant)
    assert status(second) == "settled"


def test_what_was_shown_must_still_hold_when_it_is_confirmed(
    invoice, second, accountant
):
    (entry,) = imported(accountant, ntry("280.00", "danke", iban=""))
    mark_paid(
        document_id=second.pk,
        paid_on=date(2026, 3, 3),
        note="",
        staff_id=accountant.pk,
        now=LATER,
    )
    # By now the amount fits one invoice alone, but the person saw no proposal.
    with refused("changed"):
        confirm(entry_id=entry.pk, shown=[], staff_id=accountant.pk, now=LATER)
    assert status(invoice) == "issued"


def test_a_person_names_the_documents_and_who_keeps_the_rest(
    invoice, second, accountant
):
    (entry,) = imported(accountant, ntry("600.00", "danke", iban=""))
    numbers = [invoice.number, second.number]
    with refused("no_such_document"):
        by_hand(entry, ["RE-2026-00099"], "", accountant)
    with refused("no_such_account"):
        by_hand(entry, numbers, "K-9", accountant)
    by_hand(entry, numbers, "", accountant)
    assert (status(invoice), status(second)) == ("settled", "settled")
    assert credit_on("K-1") == Decimal("40.00")
    with refused("entry_not_open"):
        by_hand(entry, [], "K-1", accountant)


def by_hand(entry, numbers, account, staff):
    return book_by_hand(
        entry_id=entry.pk,
        numbers=numbers,
        account=account,
        staff_id=staff.pk,
        now=LATER,
    )


def test_without_documents_somebody_must_keep_it(invoice, accountant):
    (entry,) = imported(accountant, ntry("10.00", "danke", iban=""))
    with refused("account_missing"):
        by_hand(entry, [], "", accountant)
    by_hand(entry, [], "K-1", accountant)
    assert credit_on("K-1") == 10


def test_another_currency_is_not_booked(invoice, accountant):
    (entry,) = imported(accountant, ntry("280.00", invoice.number, currency="CHF"))
    assert exact() == 0
    with refused("other_currency"):
        by_hand(entry, [invoice.number], "", accountant)


def test_a_refund_pays_the_credit_note_that_it_names(invoice, accountant):
    imported(accountant, ntry("280.00", invoice.number))
    exact()
    note = credit_invoice(
        document_id=invoice.pk,
        line_ids=None,
        why="Goodwill",
        staff_id=accountant.pk,
        now=MORNING,
    )
    note = issue_document(document_id=note.pk, now=MORNING)
    imported(accountant, ntry("280.00", note.number, out=True), name="STMT-2")
    assert exact() == 1
    assert status(note) == "settled"


def test_a_booking_that_is_taken_back_lets_its_entry_wait_again(invoice, accountant):
    (entry,) = imported(accountant, ntry("280.00", invoice.number))
    exact()
    undo_booking(
        booking_id=Booking.objects.get().pk,
        why="Not this one",
        staff_id=accountant.pk,
        now=LATER,
    )
    assert (status(entry), status(invoice)) == ("open", "issued")
    confirmed(entry, accountant)
    assert status(invoice) == "settled"


def test_what_is_none_of_ours_is_set_aside_with_a_reason(invoice, accountant):
    (entry,) = imported(accountant, ntry("5.00", "Spende"))
    with refused("aside_why_missing"):
        set_aside(entry_id=entry.pk, why="", staff_id=accountant.pk, now=LATER)
    set_aside(entry_id=entry.pk, why="Gift", staff_id=accountant.pk, now=LATER)
    assert status(entry) == "set_aside"
    with refused("entry_not_open"):
        by_hand(entry, [], "K-1", accountant)
    take_up_again(entry_id=entry.pk, staff_id=accountant.pk, now=LATER)
    assert status(entry) == "open"


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: BankEntry.objects.filter(pk=entry.pk).update(amount=1),
        lambda entry: BankEntry.objects.filter(pk=entry.pk).update(text="y"),
        lambda entry: BankEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: BankFile.objects.update(name="x"),
    ],
)
def test_the_database_keeps_what_the_bank_said(accountant, change):
    (entry,) = imported(accountant, ntry("5.00", "x"))
    with pytest.raises(IntegrityError), transaction.atomic():
        change(entry)


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
        undo_booking(
            booking_id=undoable[choice % len(undoable)].pk,
            why="x",
            staff_id=staff.pk,
            now=LATER,
        )
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
        assert book_exact_matches(now=LATER) == 1, entry
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
