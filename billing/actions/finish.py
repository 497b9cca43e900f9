"""What follows the approval, in the mode that the operator has chosen."""

from datetime import datetime

from django.conf import settings

from billing.actions.hand_over import hand_over
from billing.actions.issue import issue_document
from billing.models import Document


def finish(*, document_id: int, now: datetime) -> Document:
    """The approved document is issued, or handed over to the billing system.

    Raises BillingRefusal.
    """
    if settings.BILLING_MODE == "hand_over":
        return hand_over(document_id=document_id, now=now)
    return issue_document(document_id=document_id, now=now)
