"""Absences that somebody typed, beside those of an imported calendar."""

from datetime import datetime

from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.models import Absence, Technician


def add_absence(
    *, technician: Technician, starts_at: datetime, ends_at: datetime, now: datetime
) -> Absence:
    """The technician is away in [starts_at, ends_at). Shifts stay as planned; the
    roster warns where they meet. The same absence given twice stands once. Raises
    Refused."""
    if ends_at <= starts_at:
        raise Refused("ends_before_start", field="ends_at")
    if ends_at <= now:
        raise Refused("period_is_past", field="ends_at")
    with transaction.atomic():
        # As an import does, so that the two do not count each other's rows.
        Technician.objects.select_for_update(no_key=True).get(pk=technician.pk)
        return Absence.objects.get_or_create(
            technician=technician,
            uid="",
            starts_at=starts_at,
            defaults={"ends_at": ends_at, "imported_at": now},
        )[0]


def remove_absence(*, absence_id: int) -> bool:
    """The technician is here after all. False when it was removed before. What comes
    from a calendar comes again with the next import."""
    return Absence.objects.filter(pk=absence_id).delete()[0] > 0
