"""Book what changes a customer's debt, and take it back; parts always add up.

A booking is added in one transaction together with the state of every document that it
touches: settled when nothing of it is open, issued or transmitted otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from billing.actions.refusal import BillingRefusal
from billing.actions.settling import lock_documents, refresh
from billing.models import Allocation, BankEntry, Booking, Document
from billing.open_items import balance_of, credit_on
from billing.rules.allocating import OpenItem, Split, split
from billing.rules.rounding import ZERO


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a booking says of itself besides its parts."""

    kind: Booking.Kind
    amount: Decimal
    booked_on: date
    note: str = ""
    entry: BankEntry | None = None
    reverses: Booking | None = None


def add_booking(
    act: Act,
    parts: Sequence[Allocation],
    *,
    documents: Iterable[Document],
    staff_id: int | None,
    now: datetime,
) -> Booking:
    """The booking stands with its parts, and its documents (already locked) say whether
    they are settled."""
    if not parts or sum((part.amount for part in parts), ZERO) != act.amount:
        raise BillingRefusal("parts_do_not_add_up")
    booking = Booking.objects.create(
        kind=act.kind,
        amount=act.amount,
        booked_on=act.booked_on,
        at=now,
        by_id=staff_id,
        note=act.note.strip()[:500],
        entry=act.entry,
        reverses=act.reverses,
    )
    for part in parts:
        part.booking = booking
    Allocation.objects.bulk_create(parts)
    for document in documents:
        _refuse_more_than_asked(document)
        refresh(document, now=now, staff_id=staff_id, booking=booking)
    return booking


def _refuse_more_than_asked(document: Document) -> None:
    """A return that is taken back, say, after something else has paid the document."""
    asked = -document.gross if document.is_credit_note else document.gross
    if not min(asked, ZERO) <= balance_of(document) <= max(asked, ZERO):
        raise BillingRefusal("paid_beyond", number=document.number or "")


def parts_of(
    found: Split, by_number: dict[str, Document], account: str
) -> list[Allocation]:
    """The split as parts of a booking."""
    parts = [
        Allocation(
            kind=Allocation.Kind.DOCUMENT, document=by_number[number], amount=amount
        )
        for number, amount in found.parts
    ]
    if found.difference:
        parts.append(
            Allocation(kind=Allocation.Kind.DIFFERENCE, amount=found.difference)
        )
    if found.on_account:
        if not account:
            raise BillingRefusal("account_missing")
        parts.append(
            Allocation(
                kind=Allocation.Kind.ACCOUNT,
                account_number=account,
                amount=found.on_account,
            )
        )
    return parts


@transaction.atomic
def mark_paid(
    *, document_id: int, paid_on: date, note: str, staff_id: int, now: datetime
) -> Booking:
    """All that is open of the issued document is paid (a credit note: paid back) on
    that day, as somebody says. Raises BillingRefusal."""
    (document,) = lock_documents([document_id])
    balance = balance_of(document)
    if not document.is_issued:
        raise BillingRefusal("not_issued_yet")
    if not balance:
        raise BillingRefusal("nothing_open")
    if paid_on > timezone.localdate(now):
        raise BillingRefusal("paid_in_future")
    part = Allocation(kind=Allocation.Kind.DOCUMENT, document=document, amount=balance)
    act = Act(kind=Booking.Kind.BY_HAND, amount=balance, booked_on=paid_on, note=note)
    return add_booking(act, [part], documents=[document], staff_id=staff_id, now=now)


@transaction.atomic
def undo_booking(*, booking_id: int, why: str, staff_id: int, now: datetime) -> Booking:
    """Everything the booking did is taken back by one that mirrors it; both stay. Its
    bank entry waits to be matched again. Raises BillingRefusal."""
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking_id)
    if not why.strip():
        raise BillingRefusal("undo_why_missing")
    if not booking.undoable:
        raise BillingRefusal("not_undoable")
    undone = mirror(
        booking,
        Act(
            kind=Booking.Kind.UNDONE,
            amount=-booking.amount,
            booked_on=timezone.localdate(now),
            note=why,
            entry=booking.entry,
            reverses=booking,
        ),
        staff_id=staff_id,
        now=now,
    )
    if booking.entry_id is not None:
        BankEntry.objects.filter(pk=booking.entry_id).update(
            status=BankEntry.Status.OPEN, status_at=now, status_by=staff_id
        )
    return undone


def mirror(
    booking: Booking, act: Act, *, staff_id: int | None, now: datetime
) -> Booking:
    """A booking with the parts of that one, the other way round."""
    before = list(booking.parts.all())
    documents = lock_documents(
        part.document_id for part in before if part.document_id is not None
    )
    by_id = {document.pk: document for document in documents}
    parts = [
        Allocation(
            kind=part.kind,
            document=by_id[part.document_id] if part.document_id else None,
            account_number=part.account_number,
            amount=-part.amount,
        )
        for part in before
    ]
    return add_booking(act, parts, documents=documents, staff_id=staff_id, now=now)


@transaction.atomic
def use_credit(*, document_id: int, staff_id: int, now: datetime) -> Booking:
    """The account's credit pays as much of this invoice as it can; no money moves.
    Raises BillingRefusal."""
    account = Document.objects.values_list("account_number", flat=True)
    # Whoever uses the account's credit holds all its documents: one at a time.
    issued = Document.objects.filter(
        account_number=account.get(pk=document_id), number__isnull=False
    )
    locked = lock_documents(issued.values_list("pk", flat=True))
    document = next((d for d in locked if d.pk == document_id), None)
    if document is None:
        raise BillingRefusal("not_issued_yet")
    credit, balance = credit_on(document.account_number), balance_of(document)
    if credit <= 0 or balance <= 0:
        raise BillingRefusal("no_credit")
    item = OpenItem(
        number=document.number or "",
        account=document.account_number,
        due=document.due_date,
        open=balance,
    )
    used = split(credit, [item]).parts[0][1]
    parts = [
        Allocation(kind=Allocation.Kind.DOCUMENT, document=document, amount=used),
        Allocation(
            kind=Allocation.Kind.ACCOUNT,
            account_number=document.account_number,
            amount=-used,
        ),
    ]
    act = Act(
        kind=Booking.Kind.CREDIT_USED,
        amount=ZERO,
        booked_on=timezone.localdate(now),
    )
    return add_booking(act, parts, documents=[document], staff_id=staff_id, now=now)
