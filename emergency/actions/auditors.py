"""Letting an auditor look at the books, for a time that ends by itself."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.models import AuditorGrant, Role, Staff

LONGEST = timedelta(days=180)


def grant_access(
    *,
    email: str,
    full_name: str,
    language: str,
    until: datetime,
    why: str,
    staff: Staff,
    now: datetime,
) -> AuditorGrant:
    """The auditor may sign in and read until ``until``; the grant says who let them and
    why. An auditor who is known already has their time set anew, and the former grant
    ends. The same grant again changes nothing.

    Raises Refused (``access_is_past``, ``access_too_long``, ``not_an_auditor``).
    """
    if until <= now:
        raise Refused("access_is_past", field="last_day")
    if until - now > LONGEST + timedelta(days=1):
        raise Refused("access_too_long", field="last_day", days=LONGEST.days)
    with transaction.atomic():
        auditor = _auditor(email, full_name, language, until)
        current = auditor.auditor_grants.filter(ended_at=None, until__gt=now).first()
        if current is not None and (current.until, current.why) == (until, why):
            return current
        if current is not None:
            _end(current, staff, now)
        auditor.is_active = True
        auditor.access_until = until
        auditor.save(update_fields=["is_active", "access_until"])
        return AuditorGrant.objects.create(
            staff=auditor, granted_at=now, granted_by=staff, until=until, why=why
        )


def end_access(*, grant_id: int, staff: Staff, now: datetime) -> AuditorGrant:
    """Nobody is signed in by this grant any more; ending it twice keeps the first
    end."""
    with transaction.atomic():
        grant = AuditorGrant.objects.select_for_update().get(pk=grant_id)
        if grant.ended_at is not None or grant.until <= now:
            return grant
        _end(grant, staff, now)
        Staff.objects.filter(pk=grant.staff_id, role=Role.AUDITOR).update(
            access_until=now
        )
    return grant


def _auditor(email: str, full_name: str, language: str, until: datetime) -> Staff:
    """The auditor's row, held; a new one has no password yet."""
    address = Staff.objects.normalize_email(email).lower()
    known = Staff.objects.select_for_update().filter(email=address).first()
    if known is None:
        return Staff.objects.create_user(
            address,
            full_name=full_name,
            role=Role.AUDITOR,
            language=language,
            access_until=until,
        )
    if known.role != Role.AUDITOR:
        raise Refused("not_an_auditor", field="email")
    return known


def _end(grant: AuditorGrant, staff: Staff, now: datetime) -> None:
    grant.ended_at, grant.ended_by = now, staff
    grant.save(update_fields=["ended_at", "ended_by"])
