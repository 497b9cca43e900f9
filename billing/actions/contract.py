"""What is agreed with an account: each change is a new version."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from billing.actions.recomputing import recompute_drafts
from billing.actions.refusal import BillingRefusal
from billing.models import Contract, RateCard
from emergency.billable import record_change


@dataclass(frozen=True, kw_only=True)
class OwnPrices:
    """The prices that a contract replaces, all net; hourly ones per hour."""

    initial_fee: Decimal
    included_minutes: int
    support_hourly: Decimal
    application_analysis_hourly: Decimal


@transaction.atomic
def save_contract(
    *,
    account_number: str,
    valid_from: date,
    own_prices: OwnPrices | None,
    callback_within: timedelta | None,
    included_emergencies: int,
    included_period: str,
    may_order: list[str],
    why: str,
    staff_id: int,
    now: datetime,
) -> Contract:
    """Emergencies triggered from that day on follow this version, until a later one.

    Earlier versions stay and are never changed. Drafts are computed again; what is
    approved keeps the version it was approved with. Raises BillingRefusal.
    """
    if not why.strip():
        raise BillingRefusal("why_missing")
    contract = Contract.objects.create(
        account_number=account_number,
        valid_from=valid_from,
        rate_card=_card(account_number, own_prices, valid_from, staff_id, now),
        callback_within=callback_within,
        included_emergencies=included_emergencies,
        included_period=included_period,
        may_order=may_order,
        recorded_at=now,
        recorded_by_id=staff_id,
        why=why.strip()[:300],
    )
    record_change(
        "contract_recorded",
        about=f"account:{account_number}",
        staff_id=staff_id,
        now=now,
        version=contract.pk,
        valid_from=valid_from,
        **(vars(own_prices) if own_prices else {}),
        callback_within=callback_within,
        included_emergencies=included_emergencies,
        included_period=included_period,
        # Who they are stands with the contract; names are no matter of the audit.
        may_order=len(may_order),
    )
    recompute_drafts(account_number=account_number, staff_id=staff_id, now=now)
    return contract


def _card(
    account_number: str,
    prices: OwnPrices | None,
    valid_from: date,
    staff_id: int,
    now: datetime,
) -> RateCard | None:
    """A card of the account's own: the public one of that day with these prices."""
    if prices is None:
        return None
    begins = timezone.make_aware(datetime.combine(valid_from, time.min))
    try:
        card = RateCard.objects.in_force(begins)
    except RateCard.DoesNotExist:
        raise BillingRefusal("no_card_then", field="valid_from") from None
    card.pk = None
    card._state.adding = True
    card.account_number, card.valid_from = account_number, begins
    card.created_at, card.created_by_id = now, staff_id
    for name, value in vars(prices).items():
        setattr(card, name, value)
    card.save()
    return card
