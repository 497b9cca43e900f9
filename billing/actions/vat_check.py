"""Ask the authority about VAT ids, keep what it says, and let it decide."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing.actions.recomputing import recompute_drafts
from billing.models import BillingProfile, Issuer, VatIdCheck
from billing.rules.tax import EU_COUNTRIES
from billing.vies import NoAnswer, Said, ask, is_asked

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
# How long to wait after the first, second, … question without an answer; the last one
# is repeated. Meanwhile drafts are held: an outage is no failure.
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
OPEN = (VatIdCheck.Status.DUE, VatIdCheck.Status.ASKING)


def ask_due(*, now: datetime, limit: int = 50) -> int:
    """Every question that is due was asked once; how many were answered.

    Claim, ask and record are three steps: the authority is never waited for inside a
    transaction, and a claim whose process died is taken up when its lease ends.
    """
    if not is_asked():
        return 0
    answered = 0
    for _ in range(limit):
        check = _claim(now)
        if check is None:
            break
        try:
            said = ask(check.vat_id, requester=check.requester)
        except NoAnswer as problem:
            _put_off(check, str(problem), now)
            continue
        record_answer(check_id=check.pk, said=said, now=now)
        answered += 1
    return answered


@transaction.atomic
def _claim(now: datetime) -> VatIdCheck | None:
    due = Q(status=VatIdCheck.Status.DUE, due_at__lte=now) | Q(
        status=VatIdCheck.Status.ASKING, lease_until__lt=now
    )
    check = (
        VatIdCheck.objects.select_for_update(skip_locked=True)
        .filter(due)
        .order_by("due_at", "pk")
        .first()
    )
    if check is not None:
        check.status, check.lease_until = VatIdCheck.Status.ASKING, now + LEASE
        check.requester = _requester(now)
        check.attempts += 1
        check.save()
    return check


def _requester(now: datetime) -> str:
    """Our own id, with which VIES gives consultation numbers; EU ids alone."""
    issuer = Issuer.objects.on(timezone.localdate(now))
    return issuer.vat_id if issuer.country in EU_COUNTRIES else ""


@transaction.atomic
def _put_off(check: VatIdCheck, problem: str, now: datetime) -> None:
    wait = RETRIES[min(check.attempts, len(RETRIES)) - 1]
    VatIdCheck.objects.filter(pk=check.pk, status=VatIdCheck.Status.ASKING).update(
        status=VatIdCheck.Status.DUE,
        due_at=now + wait,
        lease_until=None,
        problem=problem,
    )
    logger.info("no answer about a VAT id: %s; asked again in %s", problem, wait)


@transaction.atomic
def record_answer(*, check_id: int, said: Said, now: datetime) -> None:
    """The answer is kept with its time and consultation number; accounts with this id
    are taxed by it, and their drafts computed again. An answered question stays as it
    was answered."""
    check = VatIdCheck.objects.select_for_update().get(pk=check_id)
    if check.status not in OPEN:
        return
    check.status = VatIdCheck.Status.VALID if said.valid else VatIdCheck.Status.INVALID
    check.answered_at, check.lease_until, check.problem = now, None, ""
    check.consultation_number = said.consultation_number
    check.name, check.address = said.name, said.address
    check.save()
    tell_profiles(vat_id=check.vat_id, valid=said.valid, now=now)


def tell_profiles(*, vat_id: str, valid: bool, now: datetime) -> None:
    """Every account with this VAT id has this answer from now on."""
    profiles = BillingProfile.objects.select_for_update().filter(vat_id=vat_id)
    numbers = list(profiles.order_by("pk").values_list("account_number", flat=True))
    BillingProfile.objects.filter(account_number__in=numbers).update(
        vat_id_valid=valid, vat_id_checked_at=now
    )
    for number in numbers:
        recompute_drafts(account_number=number, staff_id=None, now=now)


@transaction.atomic
def ask_again(*, account_number: str, now: datetime) -> bool:
    """The authority is asked about this account's VAT id as soon as can be, however
    recent its last answer. False where there is nobody or nothing to ask."""
    profile = BillingProfile.objects.filter(account_number=account_number).first()
    if not is_asked() or profile is None or not profile.vat_id:
        return False
    open_ones = VatIdCheck.objects.filter(vat_id=profile.vat_id, status__in=OPEN)
    if not open_ones.update(due_at=now):
        VatIdCheck.objects.create(vat_id=profile.vat_id, asked_at=now, due_at=now)
    return True
