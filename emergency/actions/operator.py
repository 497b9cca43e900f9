"""The operator's own facts and closing days, as staff set them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.models import Holiday, OperatorProfile, Staff

PROFILE_FIELDS = (
    *("name", "hotline", "support_phone", "support_email", "support_text"),
    *("status_page_url", "office_days", "office_opens", "office_closes"),
    *("sells_to", "free_cancellation", "objection_days"),
    *("imprint", "privacy", "accessibility_contact"),
)


def publish_profile(
    *, values: Mapping[str, Any], based_on: int | None, staff: Staff, now: datetime
) -> OperatorProfile:
    """A new version is in force from now on; the earlier ones stay as they are, for the
    orders of their time. Nothing is written where nothing differs.

    ``based_on`` is the version that was read before it was changed. Raises Refused
    (``profile_changed``) when somebody has published another one since.
    """
    with transaction.atomic():
        newest = (
            OperatorProfile.objects.select_for_update()
            .filter(valid_from__lte=now)
            .order_by("-valid_from", "-pk")
            .first()
        )
        if (newest.pk if newest else None) != based_on:
            raise Refused("profile_changed")
        if newest and all(getattr(newest, n) == values[n] for n in PROFILE_FIELDS):
            return newest
        return OperatorProfile.objects.create(
            **{name: values[name] for name in PROFILE_FIELDS},
            logo=newest.logo if newest else None,
            valid_from=now,
            staff=staff,
        )


def close_on(*, day: date, name: str, fee_time: bool) -> Holiday:
    """The office is closed on this day. A public holiday is one already: Refused
    (``closed_already``), as for a day that is closed."""
    closing, made = Holiday.objects.get_or_create(
        day=day,
        defaults={
            "name": name,
            "fee_time": fee_time,
            "source": Holiday.Source.OPERATOR,
        },
    )
    if not made:
        raise Refused("closed_already", field="day", day=closing.name)
    return closing


def open_again(*, day: date, today: date) -> bool:
    """A coming closing day of the operator's is an ordinary day again. Days that have
    passed stay as they were; a public holiday is not the operator's to open."""
    removed, _rows = Holiday.objects.filter(
        day=day, day__gte=today, source=Holiday.Source.OPERATOR
    ).delete()
    return bool(removed)
