"""Set how payments are matched and whether reminders go out."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import PaymentRules


@transaction.atomic
def save_rules(*, values: dict[str, Any], staff_id: int, now: datetime) -> PaymentRules:
    """This version of the settings holds from now on; earlier ones stay readable."""
    return PaymentRules.objects.create(saved_at=now, saved_by_id=staff_id, **values)
