"""The demo under another name and at another price."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing.actions.profile import save_issuer
from billing.models import RateCard


@transaction.atomic
def rebrand(*, name: str, initial_fee: Decimal, now: datetime) -> None:
    """Documents from today on are issued by ``name``, orders from now on pay
    ``initial_fee`` (net). What was ordered and issued before stays as it is.

    Only for the demo: accounting publishes prices ahead of their day.
    """
    save_issuer(values={"legal_name": name}, staff_id=None, now=now)
    card = RateCard.objects.in_force(now)
    if card.initial_fee == initial_fee:
        return
    card.pk = None
    card._state.adding = True
    card.valid_from, card.created_at, card.created_by = now, now, None
    card.initial_fee = initial_fee
    card.save()
