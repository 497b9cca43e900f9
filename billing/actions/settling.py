"""The last state of a document, and telling emergency when an incident reaches it.

A document is settled exactly while nothing of it is open. An incident is settled while
all its documents are; what emergency has to know of that is a row, written with the
change and marked when it was told, so that a call that failed is made up for later.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing.actions.history import note
from billing.models import (
    Allocation,
    Booking,
    Document,
    DocumentStep,
    IncidentSettlement,
)
from billing.open_items import IN_USE, balance_of
from billing.rules.rounding import ZERO
from emergency import billable

logger = logging.getLogger(__name__)


def lock_documents(document_ids: Iterable[int]) -> list[Document]:
    """These rows, locked in one order until the transaction ends. Raises
    DoesNotExist."""
    wanted = set(document_ids)
    found = list(
        Document.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    )
    if len(found) != len(wanted):
        raise Document.DoesNotExist
    return found


def refresh(
    document: Document,
    *,
    now: datetime,
    staff_id: int | None = None,
    booking: Booking | None = None,
) -> bool:
    """The locked document says whether it is settled; True when that is new. Emergency
    is told when its incident changes with it."""
    settled = document.is_issued and not balance_of(document)
    if settled == (document.status == Document.Status.SETTLED):
        return False
    if settled:
        document.status, document.settled_at = Document.Status.SETTLED, now
        code = DocumentStep.Code.SETTLED
    else:
        document.status = (
            Document.Status.TRANSMITTED
            if document.transmitted_at
            else Document.Status.ISSUED
        )
        document.settled_at = None
        code = DocumentStep.Code.OPEN_AGAIN
    document.save(update_fields=["status", "settled_at"])
    values = {"why": booking.note} if booking and booking.note else {}
    note(document, code, now=now, staff_id=staff_id, **values)
    remember(document, now=now)
    return True


def remember(document: Document, *, now: datetime) -> None:
    """What emergency has to know about each incident of the document stands in its
    row, and it is told at once if it can be."""
    for reference in sorted(document.references):
        _remember(reference, now)


def _remember(reference: str, now: datetime) -> None:
    IncidentSettlement.objects.get_or_create(
        incident_reference=reference, defaults={"told": True}
    )
    # Two documents of one incident may change at once; the second sees the first.
    row = IncidentSettlement.objects.select_for_update().get(
        incident_reference=reference
    )
    settled_at = _settled_since(reference)
    if settled_at == row.settled_at:
        return
    row.settled_at, row.told = settled_at, False
    row.save(update_fields=["settled_at", "told"])
    tell(reference, now=now)


def _settled_since(reference: str) -> datetime | None:
    """Since when all documents about this incident are settled; None while one is not.
    What is gathered is paid with the document that it went into."""
    alone = Document.objects.filter(incident_reference=reference)
    instants = set(
        alone.filter(gathered_into=None).values_list("settled_at", flat=True)
    )
    months = [pk for pk in alone.values_list("gathered_into", flat=True) if pk]
    if months:
        together = Document.objects.filter(
            Q(pk__in=months) | Q(refers_to__in=months),
            lines__incident_reference=reference,
        )
        instants |= set(together.values_list("settled_at", flat=True))
    known = [instant for instant in instants if instant is not None]
    return max(known, default=None) if len(known) == len(instants) else None


def tell(reference: str, *, now: datetime) -> bool:
    """Emergency knows whether this incident is settled, or the row waits for the next
    round. Telling it twice changes nothing."""
    with transaction.atomic():
        row = (
            IncidentSettlement.objects.select_for_update()
            .filter(incident_reference=reference, told=False)
            .first()
        )
        if row is None:
            return True
        try:
            with transaction.atomic():
                if row.settled_at is None:
                    billable.record_settlement_undone(reference=reference, now=now)
                else:
                    billable.record_settled(
                        reference=reference, settled_at=row.settled_at
                    )
        except Exception:
            logger.exception("emergency was not told about %s", reference)
            return False
        row.told = True
        row.save(update_fields=["told"])
    return True


@transaction.atomic
def set_off(*, credit_note_id: int, now: datetime) -> Decimal:
    """The issued credit note pays what is open of its invoice, as far as it goes; how
    much that was. Setting off twice changes nothing."""
    invoice_id = Document.objects.get(pk=credit_note_id).refers_to_id
    if invoice_id is None:
        return ZERO
    locked = {d.pk: d for d in lock_documents([credit_note_id, invoice_id])}
    credit_note, invoice = locked[credit_note_id], locked[invoice_id]
    amount = min(-balance_of(credit_note), balance_of(invoice))
    if amount > 0:
        booking = Booking.objects.create(
            kind=Booking.Kind.CREDIT_NOTE,
            amount=ZERO,
            booked_on=timezone.localdate(now),
            at=now,
        )
        Allocation.objects.bulk_create(
            Allocation(
                booking=booking,
                kind=Allocation.Kind.DOCUMENT,
                document=document,
                amount=part,
            )
            for document, part in ((invoice, amount), (credit_note, -amount))
        )
    for document in (invoice, credit_note):
        refresh(document, now=now)
    # A credit note over what is paid already leaves us owing: settled no longer.
    remember(invoice, now=now)
    return max(amount, ZERO)


@transaction.atomic
def _settle(document_id: int, now: datetime) -> None:
    """As far as it goes without a person."""
    if not set_off(credit_note_id=document_id, now=now):
        refresh(lock_documents([document_id])[0], now=now)


def settle_due(*, now: datetime) -> int:
    """What no person has to decide is settled: credit notes against open invoices,
    documents over nothing; and emergency is told what it was not told. How many
    documents and incidents were looked at. Running again changes nothing; one that
    fails stops no other."""
    waiting = Document.objects.filter(
        Q(gross=0) | Q(kind=Document.Kind.CREDIT_NOTE), status__in=IN_USE
    )
    facts = ("pk", "kind", "refers_to__status")
    looked_at = 0
    for document_id, kind, status in list(waiting.order_by("pk").values_list(*facts)):
        if kind == Document.Kind.CREDIT_NOTE and status not in IN_USE:
            # Its invoice is paid: it waits until it is paid back.
            continue
        looked_at += 1
        try:
            _settle(document_id, now)
        except Exception:
            logger.exception("document %s cannot be settled", document_id)
    untold = IncidentSettlement.objects.filter(told=False)
    references = list(untold.values_list("incident_reference", flat=True)[:500])
    for reference in references:
        tell(reference, now=now)
    return len(references) + looked_at
