"""A document reached its recipient, by our ways or by one that is not ours."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document
from billing.models import Document, DocumentStep, Transmission


def arrived(
    document: Document, *, now: datetime, staff_id: int | None = None, **said: str
) -> None:
    """The locked document is with its recipient, since the first time that this was
    said; each time is a step of it. What is paid before it is sent stays settled."""
    if document.transmitted_at is None:
        if document.status == Document.Status.ISSUED:
            document.status = Document.Status.TRANSMITTED
        document.transmitted_at = now
        document.save(update_fields=["status", "transmitted_at"])
    note(document, DocumentStep.Code.TRANSMITTED, now=now, staff_id=staff_id, **said)


@transaction.atomic
def note_delivered(
    *, document_id: int, how: str, staff_id: int, now: datetime
) -> Transmission:
    """That a person has delivered the issued document is an attempt like any other, and
    the document waits for nobody any more. Raises BillingRefusal."""
    document = lock_document(document_id)
    if not document.is_issued:
        raise BillingRefusal("not_issued")
    if not how.strip():
        raise BillingRefusal("how_missing")
    other = Transmission.Kind.OTHER
    before = document.transmissions.filter(kind=other).aggregate(last=Max("attempt"))
    attempt = (before["last"] or 0) + 1
    transmission = Transmission.objects.create(
        document=document,
        kind=other,
        address=how.strip()[:200],
        requested_by_id=staff_id,
        attempt=attempt,
        first_attempt=attempt,
        status=Transmission.Status.SENT,
        due_at=now,
        ended_at=now,
    )
    arrived(
        document, now=now, staff_id=staff_id, kind=other.value, why=how.strip()[:200]
    )
    return transmission
