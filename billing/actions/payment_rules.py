"""Set how payments are matched and whether reminders go out."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing.actions.told import tell_changes, values_of
from billing.models import PaymentRules
from billing.open_items import current_rules


@transaction.atomic
def save_rules(*, values: dict[str, Any], staff_id: int, now: datetime) -> PaymentRules:
    """This version of the settings holds from now on; earlier ones stay readable."""
    before = values_of(current_rules(), values)
    made = PaymentRules.objects.create(saved_at=now, saved_by_id=staff_id, **values)
    tell_changes(
        "payment_rules_changed",
        about="",
        before=before,
        after=values_of(made, values),
        staff_id=staff_id,
        now=now,
    )
    return made
