"""An approval is taken back by whoever finds the mistake before the document leaves."""

from datetime import datetime

from django.db import transaction

from billing.actions.drafting import compute, write
from billing.actions.gathering import keep_the_rest, unapprove
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document
from billing.models import Document
from emergency import billable


@transaction.atomic
def take_back_approval(
    *, document_id: int, why: str, staff_id: int, now: datetime
) -> Document:
    """The approved document of one emergency is a draft again, computed anew, and its
    time can be amended; the history says who and why.

    A collective invoice that it stands in goes on without it, as a draft. Raises
    BillingRefusal where the document does not wait to leave.
    """
    month_id = Document.objects.values_list("gathered_into", flat=True).get(
        pk=document_id
    )
    # Issuing locks in this order, too.
    month = lock_document(month_id) if month_id else None
    document = lock_document(document_id)
    if (
        document.status != Document.Status.APPROVED
        or document.is_collective
        or document.is_credit_note
        or document.gathered_into_id != month_id
        or (month is not None and month.is_issued)
    ):
        raise BillingRefusal("not_waiting")
    if not why.strip():
        raise BillingRefusal("why_missing")
    document.gathered_into = None
    unapprove(document, now, staff_id=staff_id, why=why.strip()[:500])
    work = billable.work(document.incident_reference)
    write(document, compute(work, now=now), now=now)
    if month is not None:
        keep_the_rest(month, now=now, reason="taken_back")
    return document
