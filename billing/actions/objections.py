"""What a customer objects to: noted, then answered or credited."""

from datetime import datetime

from django.db import transaction

from billing import wake
from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document, release_hold
from billing.models import Document, DocumentStep, Hold, ObjectionAnswer

OBJECTS = Hold.Reason.CUSTOMER_OBJECTS


@transaction.atomic
def note_objection(
    *, document_id: int, what: str, staff_id: int, now: datetime
) -> Hold:
    """The issued invoice is held for an objection that came by telephone, letter or
    mail; what it says stands in the history. Raises BillingRefusal for any other
    document, whose holds follow the incident."""
    document = lock_document(document_id)
    if document.is_credit_note or not document.is_issued:
        raise BillingRefusal("not_issued")
    what = what.strip()[:200]
    if not what:
        raise BillingRefusal("text_missing")
    hold, new = Hold.objects.get_or_create(
        document=document,
        reason=OBJECTS,
        defaults={"detail": what, "created_at": now},
    )
    if not new and (hold.released_at is not None or hold.detail != what):
        reopened = hold.released_at is not None
        hold.detail, hold.released_at, hold.released_by, hold.why = what, None, None, ""
        hold.created_at = now if reopened else hold.created_at
        hold.save()
    note(
        document,
        DocumentStep.Code.OBJECTION_NOTED,
        now=now,
        staff_id=staff_id,
        reason=hold.reason,
        why=what,
    )
    return hold


@transaction.atomic
def answer_objection(
    *, document_id: int, address: str, text: str, why: str, staff_id: int, now: datetime
) -> ObjectionAnswer:
    """The answer is on its way to this address, and the hold is released: ``why`` says
    for ourselves how it was decided. Raises BillingRefusal when nobody objects."""
    document = lock_document(document_id)
    hold = open_objection(document)
    if hold is None:
        raise BillingRefusal("no_objection")
    if not text.strip():
        raise BillingRefusal("text_missing")
    if not why.strip():
        raise BillingRefusal("why_missing")
    answer = ObjectionAnswer.objects.create(
        document=document,
        at=now,
        by_id=staff_id,
        address=address,
        text=text.strip(),
        due_at=now,
    )
    note(
        document,
        DocumentStep.Code.OBJECTION_ANSWERED,
        now=now,
        staff_id=staff_id,
        answer=answer.pk,
    )
    release_hold(hold_id=hold.pk, staff_id=staff_id, why=why, now=now)
    wake.after_commit(wake.TRANSMIT_DUE)
    return answer


def open_objection(document: Document) -> Hold | None:
    """The hold for what the customer objects to, while nobody has decided."""
    return document.holds.filter(reason=OBJECTS, released_at=None).first()
