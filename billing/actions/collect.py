"""Pull ended incidents and keep one draft for each that is not yet invoiced."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import islice

from django.db import IntegrityError, transaction

from billing.actions.drafting import compute, create, write
from billing.actions.gathering import gather_due
from billing.actions.history import note
from billing.models import Document, DocumentStep, Hold
from billing.rules import rating
from billing.rules.rounding import ZERO
from emergency import billable
from emergency.billable import BillableWork

logger = logging.getLogger(__name__)

DOCUMENT_URL = "billing:document_pdf"
CUSTOMER_URL = "billing:customer_pdf"
# So many works are read together; more would only be older when their turn comes.
AT_ONCE = 50
ONE_INVOICE = "document_one_invoice_per_incident"


class Outcome(StrEnum):
    """What one look at one incident came to."""

    MADE = "made"
    CHANGED = "changed"
    SAME = "same"
    NOTHING_TO_CHARGE = "nothing_to_charge"
    FAILED = "failed"


def collect(*, now: datetime) -> Counter[Outcome]:
    """Every ended incident without an invoice has one current draft; counts of what
    was done.

    Running again adds nothing. An incident that fails is logged and tried again by the
    next run; it stops no other.
    """
    done: Counter[Outcome] = Counter()
    for references in _batched(billable.open_work(), AT_ONCE):
        works = _read(references)
        for reference in references:
            try:
                outcome = collect_one(
                    reference=reference, work=works.get(reference), now=now
                )
                done[outcome] += 1
            except Exception:
                logger.exception("work %s cannot be drafted", reference)
                done[Outcome.FAILED] += 1
    for reference in list(billable.objected()):
        try:
            hold_objected(reference=reference, now=now)
        except Exception:
            logger.exception("the invoice of %s cannot be held", reference)
            done[Outcome.FAILED] += 1
    try:
        gather_due(now=now)
    except Exception:
        logger.exception("collective invoices cannot be drafted")
        done[Outcome.FAILED] += 1
    return done


@transaction.atomic
def hold_objected(*, reference: str, now: datetime) -> bool:
    """The issued invoice of this incident waits for a person once more, for what the
    customer objects to. True when that is new."""
    document = (
        Document.objects.select_for_update()
        .filter(incident_reference=reference, kind=Document.Kind.INVOICE)
        .first()
    )
    objections = billable.work(reference).objections
    if document is not None and document.gathered_into_id is not None:
        collective = Document.objects.select_for_update()
        document = collective.get(pk=document.gathered_into_id)
    if document is not None and not (document.is_issued or document.is_handed_over):
        return False
    billable.objections_seen(reference=reference, about=objections, now=now)
    if document is None:
        return False
    detail = ", ".join(objections)
    hold, held = Hold.objects.get_or_create(
        document=document,
        reason=Hold.Reason.CUSTOMER_OBJECTS,
        defaults={"detail": detail, "created_at": now},
    )
    if not held and hold.detail == detail:
        return False
    Hold.objects.filter(pk=hold.pk).update(
        detail=detail, released_at=None, released_by=None, why=""
    )
    note(document, DocumentStep.Code.HELD, now=now, reason=hold.reason)
    return True


def _batched(references: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(list(references))
    while some := list(islice(rest, size)):
        yield some


def _read(references: Sequence[str]) -> dict[str, BillableWork]:
    """The works in few questions. One that cannot be read must not hide the others:
    then each is read by itself."""
    try:
        return billable.works(references)
    except Exception:
        logger.exception("%s works cannot be read at once", len(references))
        return {}


def collect_one(
    *, reference: str, now: datetime, work: BillableWork | None = None
) -> Outcome:
    """The draft of this incident says what the incident says now, or said when ``work``
    was read.

    Nothing to charge is told to emergency and leaves no draft; an issued document is
    told again. Where two look at once, the first makes the draft and the second leaves
    it. Raises UnknownReference.
    """
    try:
        with transaction.atomic():
            return _collect_one(reference, work, now)
    except IntegrityError as error:
        if ONE_INVOICE in str(error):
            return Outcome.SAME
        raise


def _collect_one(reference: str, work: BillableWork | None, now: datetime) -> Outcome:
    document = (
        Document.objects.select_for_update()
        .filter(incident_reference=reference, kind=Document.Kind.INVOICE)
        .first()
    )
    if document is not None and document.is_issued:
        tell_emergency(document)
        return Outcome.SAME
    if document is not None and document.status != Document.Status.DRAFT:
        return Outcome.SAME
    computed = compute(work or billable.work(reference), now=now)
    if computed.outcome is rating.Outcome.NONE:
        _nothing_to_charge(reference, document, now)
        return Outcome.NOTHING_TO_CHARGE
    if document is None:
        create(reference, computed, now=now)
        return Outcome.MADE
    if write(document, computed, now=now):
        note(document, DocumentStep.Code.RECOMPUTED, now=now)
        return Outcome.CHANGED
    return Outcome.SAME


def _nothing_to_charge(
    reference: str, document: Document | None, now: datetime
) -> None:
    if document is not None:
        document.delete()
    billable.record_document(
        reference=reference,
        kind="none",
        number="",
        gross=ZERO,
        issued_at=now,
        url_name="",
    )


def tell_emergency(document: Document) -> None:
    """Emergency has its copy of the fact; the gross of a credit note is negative.

    Telling it twice changes nothing.
    """
    if document.number is None or document.issued_at is None:
        return
    for place, reference in enumerate(document.references):
        # One document is announced once, however many emergencies it is about.
        quietly = {"announce": False} if place else {}
        billable.record_document(
            reference=reference,
            kind=document.kind,
            number=document.number,
            gross=-document.gross if document.is_credit_note else document.gross,
            issued_at=document.issued_at,
            url_name=DOCUMENT_URL,
            # It names other emergencies: one tracking page must not open it.
            public_url_name="" if document.is_collective else CUSTOMER_URL,
            **quietly,
        )
