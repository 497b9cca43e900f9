"""What accounting decides about a draft: release a hold, approve, take back."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from billing import wake
from billing.actions.drafting import compute, open_holds, write
from billing.actions.gathering import is_gathered_later, regather
from billing.actions.history import note
from billing.actions.included import take_place
from billing.actions.refusal import BillingRefusal
from billing.models import Document, DocumentStep, Hold
from billing.rules.rating import Outcome
from emergency import billable


def lock_document(document_id: int) -> Document:
    """The document's row, locked until the transaction ends. Raises DoesNotExist."""
    return Document.objects.select_for_update().get(pk=document_id)


@transaction.atomic
def release_hold(*, hold_id: int, staff_id: int, why: str, now: datetime) -> Hold:
    """The hold no longer stops the draft, and it is written down who said why. What a
    customer objects to is also answered once the invoice is issued.

    Releasing twice keeps the first release. Raises BillingRefusal.
    """
    hold = Hold.objects.get(pk=hold_id)
    document = lock_document(hold.document_id)
    hold.refresh_from_db()
    if hold.released_at is not None:
        return hold
    gone = document.is_issued or document.is_handed_over
    objected = gone and hold.reason == Hold.Reason.CUSTOMER_OBJECTS
    if document.status != Document.Status.DRAFT and not objected:
        raise BillingRefusal("not_draft")
    if not hold.releasable:
        raise BillingRefusal("hold_not_releasable")
    if not why.strip():
        raise BillingRefusal("why_missing")
    hold.released_at, hold.released_by_id, hold.why = now, staff_id, why.strip()[:500]
    hold.save()
    note(
        document,
        DocumentStep.Code.HOLD_RELEASED,
        now=now,
        staff_id=staff_id,
        reason=hold.reason,
        why=hold.why,
    )
    return hold


@transaction.atomic
def approve(*, document_id: int, staff_id: int, now: datetime) -> Document:
    """Work and lines are frozen; the document may be issued.

    The draft is computed once more from the frozen work. Approving twice changes
    nothing. Raises BillingRefusal when somebody still has to look, and when nothing is
    charged any more: the next collecting takes that draft away.
    """
    document = lock_document(document_id)
    if document.status != Document.Status.DRAFT:
        return document
    if document.is_collective:
        regather(document, now=now)
    else:
        work = billable.freeze(reference=document.incident_reference, now=now)
        computed = compute(work, now=now)
        if computed.outcome is Outcome.NONE:
            raise BillingRefusal("document_gone")
        write(document, computed, now=now, staff_id=staff_id)
    if open_holds(document):
        raise BillingRefusal("held")
    document.status = Document.Status.APPROVED
    document.approved_at, document.approved_by_id = now, staff_id
    document.issue_problem = ""
    document.save()
    take_place(document, now=now)
    note(document, DocumentStep.Code.APPROVED, now=now, staff_id=staff_id)
    return document


def requested(passing: Collection[str]) -> list[int]:
    """Ids of approved documents that were asked for, the longest waiting first: those
    without a problem, or with one of these, which may have passed."""
    waiting = Document.objects.filter(
        status=Document.Status.APPROVED,
        issue_requested_at__isnull=False,
        issue_problem__in=passing,
    ).order_by("issue_requested_at", "pk")
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def request_issue(
    *, document_id: int, staff_id: int, now: datetime, nudge: bool = True
) -> Document:
    """The document worker issues this document as soon as it can. Without ``nudge`` the
    caller does so at once.

    Asking twice changes nothing. Raises BillingRefusal for a draft.
    """
    document = lock_document(document_id)
    if document.is_issued or document.is_handed_over:
        return document
    if document.status != Document.Status.APPROVED:
        raise BillingRefusal("not_approved")
    if document.gathered_into_id is not None or is_gathered_later(document):
        raise BillingRefusal("gathered")
    if document.issue_requested_at is None or document.issue_problem:
        document.issue_requested_at = now
        document.issue_problem = ""
        document.save(update_fields=["issue_requested_at", "issue_problem"])
        note(document, DocumentStep.Code.ISSUE_REQUESTED, now=now, staff_id=staff_id)
    if nudge:
        wake.after_commit(wake.RENDER_DOCUMENT, document.pk)
    return document
