"""What accounting enters by hand: billing profiles and the issuer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.actions.drafting import compute, write
from billing.actions.history import note
from billing.models import BillingProfile, Document, DocumentStep, Issuer
from emergency import billable


@transaction.atomic
def save_profile(
    *,
    account_number: str,
    values: dict[str, Any],
    vat_id_confirmed: bool,
    staff_id: int,
    now: datetime,
) -> BillingProfile:
    """The account is invoiced like this from now on; its drafts are computed again.

    A confirmation belongs to one VAT id: another id is unconfirmed until somebody says
    otherwise. Issued documents keep what they said.
    """
    profile, _ = BillingProfile.objects.select_for_update().get_or_create(
        account_number=account_number
    )
    same_id = profile.vat_id == values.get("vat_id", profile.vat_id)
    for name, value in values.items():
        setattr(profile, name, value)
    if vat_id_confirmed and profile.vat_id:
        if not (same_id and profile.vat_id_valid):
            profile.vat_id_checked_at = now
        profile.vat_id_valid = True
    elif not same_id or profile.vat_id_valid:
        profile.vat_id_valid = None
    profile.save()
    _recompute_drafts(account_number, staff_id, now)
    return profile


def _recompute_drafts(account_number: str, staff_id: int, now: datetime) -> None:
    drafts = Document.objects.select_for_update().filter(
        account_number=account_number,
        status=Document.Status.DRAFT,
        kind=Document.Kind.INVOICE,
    )
    for document in drafts:
        computed = compute(billable.work(document.incident_reference))
        if write(document, computed, now=now):
            note(document, DocumentStep.Code.RECOMPUTED, now=now, staff_id=staff_id)


@transaction.atomic
def save_issuer(*, values: dict[str, Any], now: datetime) -> Issuer:
    """Documents issued from today on say this; what was issued keeps what it said.

    An issuer that never issued anything is filled in; otherwise today begins a version.
    """
    today = timezone.localdate(now)
    current = Issuer.objects.on(today)
    if Document.objects.filter(number__isnull=False).exists():
        issuer, _ = Issuer.objects.get_or_create(
            valid_from=today, defaults={"vat_rate": current.vat_rate}
        )
    else:
        issuer = current
    for name, value in values.items():
        setattr(issuer, name, value)
    issuer.save()
    # A refusal for want of these facts has lost its reason: the sweep tries again.
    Document.objects.filter(
        status=Document.Status.APPROVED, issue_problem="issuer_incomplete"
    ).update(issue_problem="")
    return issuer
