"""Pull ended incidents and keep one draft for each that is not yet invoiced."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from billing.actions.drafting import Computed, compute, write
from billing.actions.history import note
from billing.models import Document, DocumentStep
from billing.rules.rating import Outcome
from billing.rules.rounding import ZERO
from emergency import billable

logger = logging.getLogger(__name__)

DOCUMENT_URL = "billing:document_pdf"


@dataclass
class Collected:
    """What one run did; running again adds nothing."""

    made: int = 0
    changed: int = 0
    nothing_to_charge: int = 0
    failed: int = 0


def collect(*, now: datetime) -> Collected:
    """Every ended incident without an invoice has one current draft.

    An incident that fails is logged and tried again by the next run; it stops no other.
    """
    result = Collected()
    for reference in list(billable.open_work()):
        try:
            with transaction.atomic():
                _collect_one(reference, result, now)
        except Exception:
            logger.exception("work %s cannot be drafted", reference)
            result.failed += 1
    return result


def _collect_one(reference: str, result: Collected, now: datetime) -> None:
    document = (
        Document.objects.select_for_update()
        .filter(incident_reference=reference, kind=Document.Kind.INVOICE)
        .first()
    )
    if document is not None and document.is_issued:
        tell_emergency(document)
        return
    if document is not None and document.status != Document.Status.DRAFT:
        return
    computed = compute(billable.work(reference))
    if computed.outcome is Outcome.NONE:
        _nothing_to_charge(reference, document, now)
        result.nothing_to_charge += 1
        return
    if document is None:
        _make_draft(reference, computed, now)
        result.made += 1
    elif write(document, computed, now=now):
        note(document, DocumentStep.Code.RECOMPUTED, now=now)
        result.changed += 1


def _make_draft(reference: str, computed: Computed, now: datetime) -> Document:
    document = Document.objects.create(
        incident_reference=reference,
        created_at=now,
        computed_at=now,
        account_number=computed.columns["account_number"],
    )
    note(document, DocumentStep.Code.DRAFTED, now=now)
    write(document, computed, now=now)
    return document


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
    billable.record_document(
        reference=document.incident_reference,
        kind=document.kind,
        number=document.number,
        gross=-document.gross if document.is_credit_note else document.gross,
        issued_at=document.issued_at,
        url_name=DOCUMENT_URL,
    )
