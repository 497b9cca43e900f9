"""What accounting enters by hand: billing profiles and the issuer."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from billing.actions.drafting import compute, write
from billing.actions.gathering import regather
from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.models import BillingProfile, Document, DocumentStep, Issuer
from billing.rules.einvoice import ON_REQUEST
from billing.rules.iban import iban_is_plausible
from billing.rules.records import Record
from billing.rules.tax import COUNTRIES
from billing.rules.vat_id import compact, form_problem
from emergency import billable

CHOICES: dict[str, frozenset[str]] = {
    "einvoice_kinds": frozenset(ON_REQUEST),
    "enclosed_records": frozenset(Record),
}


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
    otherwise. Issued documents keep what they said. Raises BillingRefusal naming the
    field that cannot be right; then nothing is saved.
    """
    _check(values)
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


def _check(values: dict[str, Any]) -> None:
    """What stands on documents and nobody could use is not saved."""
    country, vat_id = values.get("country", ""), values.get("vat_id", "")
    if country and country not in COUNTRIES:
        raise BillingRefusal("country_unknown", field="country")
    if vat_id and country and form_problem(compact(vat_id), country):
        raise BillingRefusal("vat_id_invalid", field="vat_id")
    iban = compact(values.get("iban", ""))
    if iban and not iban_is_plausible(iban):
        raise BillingRefusal("iban_invalid", field="iban")
    for name in ("invoice_email", "email"):
        if values.get(name):
            try:
                validate_email(values[name])
            except ValidationError:
                raise BillingRefusal("address_invalid", field=name) from None
    for name, choices in CHOICES.items():
        if not set(values.get(name, ())) <= choices:
            raise BillingRefusal("unknown_value", field=name)


def _recompute_drafts(account_number: str, staff_id: int, now: datetime) -> None:
    drafts = Document.objects.select_for_update().filter(
        account_number=account_number,
        status=Document.Status.DRAFT,
        kind=Document.Kind.INVOICE,
    )
    for document in drafts:
        if document.is_collective:
            regather(document, now=now)
            continue
        computed = compute(billable.work(document.incident_reference))
        if write(document, computed, now=now):
            note(document, DocumentStep.Code.RECOMPUTED, now=now, staff_id=staff_id)


@transaction.atomic
def save_issuer(*, values: dict[str, Any], now: datetime) -> Issuer:
    """Documents issued from today on say this; what was issued keeps what it said.

    An issuer that never issued anything is filled in; otherwise today begins a version.
    Raises BillingRefusal naming the field that cannot be right.
    """
    _check(values)
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
