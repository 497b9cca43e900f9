"""Absences that somebody typed, beside those of an imported calendar."""

from datetime import datetime

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.refusal import Refused
from emergency.models import Absence, Staff, Technician


def add_absence(
    *,
    technician: Technician,
    starts_at: datetime,
    ends_at: datetime,
    staff: Staff,
    now: datetime,
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
        absence, added = Absence.objects.get_or_create(
            technician=technician,
            uid="",
            starts_at=starts_at,
            defaults={"ends_at": ends_at, "imported_at": now},
        )
        if added:
            _audit(absence, "absence_added", staff, now)
    return absence


def remove_absence(*, absence_id: int, staff: Staff, now: datetime) -> bool:
    """The technician is here after all. False when it was removed before. What comes
    from a calendar comes again with the next import."""
    with transaction.atomic():
        absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
        if absence is None:
            return False
        absence.delete()
        _audit(absence, "absence_removed", staff, now)
    return True


def _audit(absence: Absence, code: str, staff: Staff, now: datetime) -> None:
    record(
        Area.ROSTER,
        code,
        now=now,
        by=staff,
        about=f"technician:{absence.technician_id}",
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
    )
