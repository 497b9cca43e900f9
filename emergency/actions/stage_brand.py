"""The demo under another name, with another picture and at another price."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from emergency.actions.operator import PROFILE_FIELDS, publish_profile
from emergency.actions.refusal import Refused
from emergency.models import OperatorProfile, Role, Staff

# Texts of the operator in which the name may stand.
NAMED_IN = ("imprint", "privacy", "support_text", "accessibility_contact")


def rebrand(
    *, name: str, logo: bytes | None, initial_fee: Decimal, now: datetime
) -> None:
    """From now on the operator is called ``name`` on every page, in every message and
    on every document, and an order costs ``initial_fee`` (net).

    Without ``logo`` a picture of another name makes way for the letters. The changes
    are those that operator and accounting make: new versions, by the demo's
    administrator. Raises Refused (``stage_not_set``, and as ``publish_profile``).
    """
    staff = Staff.objects.filter(is_demo=True, role=Role.ADMINISTRATOR).first()
    current = OperatorProfile.objects.in_force(now)
    if staff is None or current is None:
        raise Refused("stage_not_set")
    values = {field: getattr(current, field) for field in PROFILE_FIELDS}
    for field in NAMED_IN:
        values[field] = values[field].replace(current.name, name)
    with transaction.atomic():
        publish_profile(
            values={**values, "name": name},
            based_on=current.pk,
            staff=staff,
            now=now,
            logo=logo,
            remove_logo=name != current.name,
        )
        of_billing = cast(Callable[..., None], import_string(settings.DEMO_BRAND))
        of_billing(name=name, initial_fee=initial_fee, now=now)
