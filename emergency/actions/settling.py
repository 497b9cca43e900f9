"""What an incident cost is paid."""

from datetime import datetime

from django.db import transaction

from emergency.actions.timeline import enter
from emergency.models import Incident, Settlement


def settle(*, reference: str, settled_at: datetime) -> bool:
    """The incident is settled, once; False when there is none with this reference."""
    with transaction.atomic():
        incident = Incident.objects.filter(reference=reference).first()
        if incident is None:
            return False
        _settlement, first = Settlement.objects.get_or_create(
            incident=incident, defaults={"at": settled_at}
        )
        if first:
            enter(incident, "settled", now=settled_at)
    return True


def unsettle(*, reference: str, now: datetime) -> bool:
    """The incident is not settled any more: a payment came back, or was none. False
    when there is no incident with this reference."""
    with transaction.atomic():
        incident = Incident.objects.filter(reference=reference).first()
        if incident is None:
            return False
        deleted, _ = Settlement.objects.filter(incident=incident).delete()
        if deleted:
            enter(incident, "settlement_undone", now=now)
    return True
