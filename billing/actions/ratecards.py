"""A new rate card from a date. Old ones are never edited."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from billing.actions.refusal import BillingRefusal
from billing.models import RateCard
from billing.rules.policy import RatingPolicy
from billing.rules.readings import read_policy
from emergency.billable import record_change


def publish_card(
    *,
    values: Mapping[str, Any],
    policy: RatingPolicy,
    staff_id: int,
    now: datetime,
) -> RateCard:
    """Orders from ``values["valid_from"]`` on are made under this card.

    Raises BillingRefusal when that is not in the future, or another card begins then.
    """
    if values["valid_from"] <= now:
        raise BillingRefusal("card_not_in_future")
    named = replace(policy, version=next_version(policy))
    try:
        with transaction.atomic():
            card = RateCard.objects.create(
                **values,
                policy=named.to_values(),
                created_at=now,
                created_by_id=staff_id,
            )
            record_change(
                "ratecard_published",
                about=f"ratecard:{card.pk}",
                staff_id=staff_id,
                now=now,
                **values,
                policy=f"{named.name} {named.version}",
            )
            return card
    except IntegrityError:
        raise BillingRefusal("card_date_taken") from None


def next_version(policy: RatingPolicy) -> int:
    """The version under which a policy of this name already reads the same, else the
    next one of that name."""
    latest = 0
    for values in RateCard.objects.values_list("policy", flat=True):
        known = read_policy(values)
        if known.name != policy.name:
            continue
        if replace(policy, version=known.version) == known:
            return known.version
        latest = max(latest, known.version)
    return latest + 1
