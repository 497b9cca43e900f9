"""From the bank's file to settled invoices: import, match, confirm, take back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.actions.booking import undo_booking, use_credit
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.matching import (
    confirm,
    set_aside,
    take_up_again,
)
from billing.actions.payment_rules import save_rules
from billing.matched import proposal_for
from billing.models import Allocation, Booking
from billing.open_items import balance_of, credit_on, open_items
from billing.rules.numbering import parse_number
from billing.rules.references import rf_reference
from tests.integration.billing.payments import (
    LATER,
    by_hand,
    imported,
    ntry,
    refused,
    status,
)
from tests.integration.billing.payments import booked_exactly as exact
from tests.integration.billing.stories import MORNING, issued


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


def tolerate(amount, staff, **more):
    save_rules(
        values={"tolerance": Decimal(amount), **more}, staff_id=staff.pk, now=LATER
    )


def confirmed(entry, staff):
    found = proposal_for(entry, open_items())
    return confirm(
        entry_id=entry.pk, shown=found.proposal.key, staff_id=staff.pk, now=LATER
    )


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
    entry, before = imported(
        accountant, ntry("300.00", invoice.number), ntry("80.00", "danke", iban="")
    )
    shown = proposal_for(entry, open_items()).proposal.key
    by_hand(before, [invoice.number], "", accountant)
    # The same document, but 100.00 instead of 20.00 would stay on account by now.
    with refused("changed"):
        confirm(entry_id=entry.pk, shown=shown, staff_id=accountant.pk, now=LATER)
    assert balance_of(invoice) == 200
    assert credit_on("K-1") == 0


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
