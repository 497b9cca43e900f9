"""The question about a VAT id becomes a row; the answer comes when it comes."""

from datetime import datetime

from billing import wake
from billing.actions.doubts import wants_an_answer
from billing.models import BillingProfile, VatIdCheck


def request_answer(profile: BillingProfile, *, now: datetime) -> None:
    """The authority will be asked about this profile's VAT id if anything rests on it
    and no answer is recent enough. One question per id is open at a time."""
    if not wants_an_answer(profile, now):
        return
    _, created = VatIdCheck.objects.get_or_create(
        vat_id=profile.vat_id,
        status__in=[VatIdCheck.Status.DUE, VatIdCheck.Status.ASKING],
        defaults={"asked_at": now, "due_at": now, "status": VatIdCheck.Status.DUE},
    )
    if created:
        wake.after_commit(wake.CHECK_VAT_IDS)
