"""Book bank entries on what they pay."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from billing import wake
from billing.actions.booking import Act, add_booking, mirror, parts_of
from billing.actions.refusal import BillingRefusal
from billing.actions.settling import lock_documents
from billing.matched import Found, proposal_for
from billing.models import BankEntry, Booking, Document
from billing.models.money import CURRENCY
from billing.open_items import (
    current_rules,
    is_account,
    items_of,
    open_documents,
    open_items,
)
from billing.rules.allocating import Split, split
from billing.rules.references import numbers_in

logger = logging.getLogger(__name__)


def book_exact_matches(
    *, now: datetime, file_id: int | None = None, limit: int | None = None
) -> int:
    """Every open entry that fits without doubt is booked, if that is set; how many.
    Others wait for a person. One that fails stops no other. What is beyond ``limit``
    is left to the next round."""
    if not (settings.BILLING_PAYMENTS and current_rules().books_exact_matches):
        return 0
    waiting = BankEntry.objects.filter(status=BankEntry.Status.OPEN)
    if file_id is not None:
        waiting = waiting.filter(file_id=file_id)
    named = [
        entry.pk
        for entry in waiting.order_by("booked_on", "pk").iterator()
        if entry.returned or numbers_in(entry.text, entry.reference)
    ]
    if limit is not None and len(named) > limit:
        wake.after_commit(wake.TEND_PAYMENTS)
    booked = 0
    for entry_id in named[:limit]:
        try:
            booked += _book_if_exact(entry_id, now)
        except BillingRefusal as refusal:
            logger.info("bank entry %s waits: %s", entry_id, refusal.code)
        except Exception:
            logger.exception("bank entry %s cannot be booked", entry_id)
    return booked


@transaction.atomic
def _book_if_exact(entry_id: int, now: datetime) -> bool:
    entry = _lock_open(entry_id)
    found = proposal_for(entry)
    if not found.is_exact:
        return False
    _book(entry, found, None, now)
    return True


@transaction.atomic
def confirm(*, entry_id: int, shown: str, staff_id: int, now: datetime) -> Booking:
    """The entry is booked as it was proposed. ``shown``: the key of the proposal that
    the person saw; another one meanwhile is refused. Raises BillingRefusal."""
    entry = _lock_open(entry_id)
    found = proposal_for(entry, open_items())
    if not found.can_be_confirmed:
        raise BillingRefusal("nothing_to_book")
    if found.proposal.key != shown:
        raise BillingRefusal("changed")
    return _book(entry, found, staff_id, now)


def _book(
    entry: BankEntry, found: Found, staff_id: int | None, now: datetime
) -> Booking:
    if found.returns is not None:
        return _book_return(entry, found.returns, staff_id, now)
    proposal = found.proposal
    return _book_split(entry, proposal.split, proposal.account, staff_id, now)


@transaction.atomic
def book_by_hand(
    *,
    entry_id: int,
    numbers: Sequence[str],
    account: str,
    staff_id: int,
    now: datetime,
) -> Booking:
    """The entry pays these documents, what was due first first; what is left stays with
    the account. Without numbers all of it does. Raises BillingRefusal."""
    entry = _lock_open(entry_id)
    if entry.currency != CURRENCY:
        raise BillingRefusal("other_currency", currency=entry.currency)
    if account and not is_account(account):
        raise BillingRefusal("no_such_account", number=account)
    found = items_of(open_documents().filter(number__in=numbers))
    by_number = {item.number: item for item in found}
    for number in numbers:
        if number not in by_number:
            raise BillingRefusal("no_such_document", number=number)
    items = [by_number[number] for number in dict.fromkeys(numbers)]
    parts = split(
        entry.amount,
        items,
        tolerance=current_rules().tolerance,
        charges=entry.charges,
    )
    keeper = account or (items[0].account if items else "")
    return _book_split(entry, parts, keeper, staff_id, now)


def _book_split(
    entry: BankEntry, parts: Split, account: str, staff_id: int | None, now: datetime
) -> Booking:
    numbers = [number for number, _amount in parts.parts]
    named = Document.objects.filter(number__in=numbers).values_list("pk", flat=True)
    locked = {d.number or "": d for d in lock_documents(named)}
    # Only now can nobody else pay the same: what is open must still be what it was.
    ids = [document.pk for document in locked.values()]
    now_open = items_of(open_documents().filter(pk__in=ids))
    balances = {item.number: item.open for item in now_open}
    for number, amount in parts.parts:
        if abs(amount) > abs(balances.get(number, amount * 0)):
            raise BillingRefusal("changed")
    act = Act(
        kind=Booking.Kind.PAYMENT,
        amount=entry.amount,
        booked_on=entry.booked_on,
        entry=entry,
    )
    booking = add_booking(
        act,
        parts_of(parts, locked, account),
        documents=locked.values(),
        staff_id=staff_id,
        now=now,
    )
    _is_booked(entry, staff_id, now)
    return booking


def _book_return(
    entry: BankEntry, returns: Booking, staff_id: int | None, now: datetime
) -> Booking:
    payment = Booking.objects.select_for_update(of=("self",)).get(pk=returns.pk)
    if Booking.objects.filter(reverses=payment).exists():
        raise BillingRefusal("changed")
    act = Act(
        kind=Booking.Kind.RETURNED,
        amount=entry.amount,
        booked_on=entry.booked_on,
        note=entry.text,
        entry=entry,
        reverses=payment,
    )
    booking = mirror(payment, act, staff_id=staff_id, now=now)
    _is_booked(entry, staff_id, now)
    return booking


@transaction.atomic
def set_aside(*, entry_id: int, why: str, staff_id: int, now: datetime) -> BankEntry:
    """The entry is none of ours and waits no longer. Raises BillingRefusal."""
    entry = _lock_open(entry_id)
    if not why.strip():
        raise BillingRefusal("aside_why_missing")
    entry.status, entry.status_note = BankEntry.Status.SET_ASIDE, why.strip()[:500]
    entry.status_at, entry.status_by_id = now, staff_id
    entry.save(update_fields=["status", "status_note", "status_at", "status_by"])
    return entry


@transaction.atomic
def take_up_again(*, entry_id: int, staff_id: int, now: datetime) -> BankEntry:
    """An entry that was set aside waits again; why it was set aside stays with it."""
    entry = BankEntry.objects.select_for_update().get(pk=entry_id)
    if entry.status == BankEntry.Status.SET_ASIDE:
        entry.status = BankEntry.Status.OPEN
        entry.status_at, entry.status_by_id = now, staff_id
        entry.save(update_fields=["status", "status_at", "status_by"])
    return entry


def _lock_open(entry_id: int) -> BankEntry:
    entry = BankEntry.objects.select_for_update().get(pk=entry_id)
    if entry.status != BankEntry.Status.OPEN:
        raise BillingRefusal("entry_not_open")
    return entry


def _is_booked(entry: BankEntry, staff_id: int | None, now: datetime) -> None:
    entry.status, entry.status_at = BankEntry.Status.BOOKED, now
    entry.status_by_id = staff_id
    entry.save(update_fields=["status", "status_at", "status_by"])
