"""How often is ordinary, as an administrator sets it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.refusal import Refused
from emergency.models import RateLimit, Staff
from emergency.rules.limits import Ordinary, bounded


def set_limits(
    *,
    wanted: Mapping[str, Ordinary | None],
    based_on: Mapping[str, int | None],
    staff: Staff,
    now: datetime,
) -> list[RateLimit]:
    """Each changed limit has a new version; the earlier ones stay. None: the product's
    own holds again. Numbers beyond ``rules.limits`` count as its bounds.

    ``based_on`` are the versions that were read before. Raises Refused
    (``profile_changed``) when somebody has set another one since.
    """
    written = []
    with transaction.atomic():
        rows = RateLimit.objects.select_for_update().order_by("valid_from", "pk")
        newest = {row.key: row for row in rows if row.valid_from <= now}
        for key, limit in wanted.items():
            known = newest.get(key)
            if (known.pk if known else None) != based_on[key]:
                raise Refused("profile_changed")
            most, minutes = _numbers(key, limit)
            if (most, minutes) == ((known.most, known.minutes) if known else NOTHING):
                continue
            row = RateLimit.objects.create(
                key=key, most=most, minutes=minutes, valid_from=now, staff=staff
            )
            written.append(row)
            record(
                *(Area.OPERATOR, "limit_changed"),
                now=now,
                by=staff,
                about=f"limit:{key}",
                most=most,
                minutes=minutes,
                version=row.pk,
            )
    return written


NOTHING = (None, None)


def _numbers(key: str, limit: Ordinary | None) -> tuple[int | None, int | None]:
    if limit is None:
        return NOTHING
    kept = bounded(key, limit)
    return kept.most, round(kept.within.total_seconds() / 60)
