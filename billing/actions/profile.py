"""What accounting enters by hand: billing profiles, the issuer and the rate of tax."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.actions.recomputing import recompute_drafts
from billing.actions.refusal import BillingRefusal
from billing.actions.told import tell_changes, values_of
from billing.actions.vat_question import request_answer
from billing.models import (
    BillingProfile,
    Document,
    Issuer,
    ProfileChange,
    VatIdCheck,
    VatRate,
)
from billing.rules.einvoice import ON_REQUEST
from billing.rules.iban import iban_is_plausible
from billing.rules.records import Record
from billing.rules.tax import COUNTRIES
from billing.rules.vat_id import compact, form_problem
from emergency.billable import record_change

# Why something was not issued, where what is typed in here may help.
WANTED_FACTS = ("issuer_incomplete", "einvoice_incomplete")
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
    """The account is invoiced like this from now on; its drafts are computed again, and
    who changed what is kept.

    A confirmation belongs to one VAT id: another id is unconfirmed until the authority
    or somebody says otherwise. Issued documents keep what they said. Raises
    BillingRefusal naming the field that cannot be right; then nothing is saved.
    """
    _check(values)
    profile, _ = BillingProfile.objects.select_for_update().get_or_create(
        account_number=account_number
    )
    before = _plain(profile)
    same_id = profile.vat_id == values.get("vat_id", profile.vat_id)
    for name, value in values.items():
        setattr(profile, name, value)
    if vat_id_confirmed and profile.vat_id:
        if not (same_id and profile.vat_id_valid):
            _confirm_by_hand(profile, staff_id, now)
        profile.vat_id_valid = True
    elif not same_id or profile.vat_id_valid:
        profile.vat_id_valid = None
    profile.save()
    _keep_change(profile, before, staff_id, now)
    request_answer(profile, now=now)
    recompute_drafts(account_number=account_number, staff_id=staff_id, now=now)
    _try_again(Document.objects.filter(account_number=account_number))
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


def _confirm_by_hand(profile: BillingProfile, staff_id: int, now: datetime) -> None:
    profile.vat_id_checked_at = now
    VatIdCheck.objects.create(
        vat_id=profile.vat_id,
        source=VatIdCheck.Source.HAND,
        status=VatIdCheck.Status.VALID,
        asked_at=now,
        due_at=now,
        answered_at=now,
        staff_id=staff_id,
    )


# What is written down when it changes: everything but the row's own book-keeping.
UNTOLD = frozenset({"id", "account_number", "updated_at", "vat_id_checked_at"})


def _plain(profile: BillingProfile) -> dict[str, Any]:
    return {
        field.attname: getattr(profile, field.attname)
        for field in BillingProfile._meta.concrete_fields
        if field.attname not in UNTOLD
    }


def _keep_change(
    profile: BillingProfile, before: dict[str, Any], staff_id: int, now: datetime
) -> None:
    after = _plain(profile)
    changes = {
        name: [before[name], value]
        for name, value in after.items()
        if before[name] != value
    }
    if changes:
        ProfileChange.objects.create(
            account_number=profile.account_number,
            at=now,
            by_id=staff_id,
            changes=changes,
        )
    about = f"account:{profile.account_number}"
    tell_changes(
        "profile_changed",
        about=about,
        before=before,
        after=after,
        staff_id=staff_id,
        now=now,
    )


@transaction.atomic
def save_issuer(
    *, values: dict[str, Any], staff_id: int | None, now: datetime
) -> Issuer:
    """Documents issued from today on say this; what was issued keeps what it said.

    An issuer that never issued anything is filled in; otherwise today begins a version.
    Raises BillingRefusal naming the field that cannot be right.
    """
    _check(values)
    today = timezone.localdate(now)
    current = Issuer.objects.on(today)
    before = values_of(current, values)
    if Document.objects.filter(number__isnull=False).exists():
        issuer, _ = Issuer.objects.get_or_create(valid_from=today)
    else:
        issuer = current
    for name, value in values.items():
        setattr(issuer, name, value)
    issuer.save()
    tell_changes(
        "issuer_changed",
        about=f"issuer:{issuer.valid_from}",
        before=before,
        after=values,
        staff_id=staff_id,
        now=now,
    )
    _try_again(Document.objects.all())
    return issuer


def _try_again(documents: QuerySet[Document]) -> None:
    """A refusal for want of these facts has lost its reason: the sweep tries again."""
    documents.filter(
        status=Document.Status.APPROVED, issue_problem__in=WANTED_FACTS
    ).update(issue_problem="")


@transaction.atomic
def save_vat_rate(
    *, valid_from: date, rate: Decimal, staff_id: int, now: datetime
) -> VatRate:
    """The rate holds for services finished from that day on, until the next one begins.

    A day that is past is refused (``rate_in_the_past``) once anything has left with the
    rate of that time.
    """
    gone = Document.objects.exclude(
        status__in=[Document.Status.DRAFT, Document.Status.APPROVED]
    )
    if gone.filter(supply_to__gte=valid_from).exists():
        raise BillingRefusal("rate_in_the_past")
    earlier = VatRate.objects.filter(valid_from=valid_from).first()
    found, _ = VatRate.objects.update_or_create(
        valid_from=valid_from,
        defaults={"rate": rate, "recorded_at": now, "recorded_by_id": staff_id},
    )
    record_change(
        "vat_rate_set",
        about=f"vat_rate:{valid_from}",
        staff_id=staff_id,
        now=now,
        rate=rate,
        rate_before=earlier.rate if earlier else None,
    )
    return found
