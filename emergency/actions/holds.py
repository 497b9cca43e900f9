"""Legal holds: while one stands, nothing of its incident is erased."""

from datetime import datetime

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Incident, LegalHold, Staff


def set_hold(*, reference: str, why: str, staff: Staff, now: datetime) -> LegalHold:
    """The incident is held. A second hold changes nothing. Raises Refused with the
    field ``reference`` or ``why``."""
    if not why.strip():
        raise Refused("hold_needs_reason", field="why")
    with transaction.atomic():
        incident = (
            Incident.objects.select_for_update(of=("self",))
            .filter(reference=reference.strip().upper())
            .first()
        )
        if incident is None:
            raise Refused("unknown_incident", field="reference")
        hold, first = LegalHold.objects.get_or_create(
            incident=incident,
            lifted_at__isnull=True,
            defaults={"why": why.strip(), "set_by": staff, "set_at": now},
        )
        if first:
            enter(incident, "legal_hold_set", now=now, staff=staff)
            _audit(incident, "hold_set", staff, now)
    return hold


def lift_hold(*, hold_id: int, staff: Staff, now: datetime) -> bool:
    """The hold is over; False when it was over already."""
    with transaction.atomic():
        lifted = LegalHold.objects.filter(pk=hold_id, lifted_at__isnull=True).update(
            lifted_by=staff, lifted_at=now
        )
        if lifted:
            incident = Incident.objects.get(legal_holds=hold_id)
            enter(incident, "legal_hold_lifted", now=now, staff=staff)
            _audit(incident, "hold_lifted", staff, now)
    return bool(lifted)


def _audit(incident: Incident, code: str, staff: Staff, now: datetime) -> None:
    about = f"incident:{incident.reference}"
    record(Area.PRIVACY, code, now=now, by=staff, about=about)
