"""Drafts follow what is known of their account."""

from datetime import datetime

from billing.actions.drafting import compute, write
from billing.actions.gathering import regather
from billing.actions.history import note
from billing.models import Document, DocumentStep
from emergency import billable


def recompute_drafts(
    *, account_number: str, staff_id: int | None, now: datetime
) -> None:
    """The account's drafts say what its profile, its contract and the authority say
    now. The caller holds a transaction."""
    drafts = Document.objects.select_for_update().filter(
        account_number=account_number,
        status=Document.Status.DRAFT,
        kind=Document.Kind.INVOICE,
    )
    for document in list(drafts.order_by("pk")):
        if document.is_collective:
            regather(document, now=now)
            continue
        computed = compute(billable.work(document.incident_reference), now=now)
        if write(document, computed, now=now):
            note(document, DocumentStep.Code.RECOMPUTED, now=now, staff_id=staff_id)
