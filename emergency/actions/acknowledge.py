"""Taking an incident: the first human signal wins, everybody else is told."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from emergency import wake
from emergency.actions.message import tell_customer
from emergency.actions.page_queue import mark_answered, queue_pages
from emergency.actions.roster import methods_of
from emergency.actions.steps import page_again
from emergency.actions.timeline import enter
from emergency.models import (
    DueRow,
    Incident,
    Message,
    Page,
    Staff,
    Technician,
)
from emergency.rules.states import Verb, sources


@dataclass(frozen=True, kw_only=True)
class Taken:
    """How an acknowledgement ended. ``won`` is False when the incident needs none;
    then ``owner`` has it, if anybody does."""

    incident: Incident
    won: bool
    owner: Technician | None


def acknowledge(
    *,
    incident_id: int,
    technician: Technician,
    now: datetime,
    via: str,
    page: Page | None = None,
) -> Taken:
    """The technician owns the incident, unless it is no longer being paged.

    Pages that wait are withdrawn, other paged technicians get a notice, the callback
    clock runs on. ``via``: voice | sms | desk.
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if page is not None:
            mark_answered(page, now)
        if incident.status not in sources(Verb.ACKNOWLEDGE):
            enter(
                incident,
                "acknowledged_too_late",
                now=now,
                staff=technician.staff,
                via=via,
            )
            return Taken(incident=incident, won=False, owner=incident.owner)
        incident.status = Incident.Status.ACKNOWLEDGED
        incident.owner = technician
        incident.acknowledged_at = now
        incident.active_at = now
        incident.save(update_fields=["status", "owner", "acknowledged_at", "active_at"])
        enter(incident, "acknowledged", now=now, staff=technician.staff, via=via)
        stop_paging(incident=incident, now=now)
        _tell_the_others(incident, technician, now)
        tell_customer(incident=incident, purpose=Message.Purpose.TAKEN, now=now)
    return Taken(incident=incident, won=True, owner=technician)


def stop_paging(*, incident: Incident, now: datetime) -> None:
    """No further step fires, pages that still wait are withdrawn and telephones that
    ring soon stop."""
    DueRow.objects.filter(
        incident=incident, kind=DueRow.Kind.STEP, done_at__isnull=True
    ).update(done_at=now)
    Page.objects.filter(
        incident=incident,
        purpose=Page.Purpose.EMERGENCY,
        status=Page.Status.QUEUED,
    ).update(status=Page.Status.WITHDRAWN, ended_at=now)
    wake.ringing_stops_after_commit(incident.pk)


def release(*, incident_id: int, staff: Staff, now: datetime) -> bool:
    """The incident is paged again from the first step. False when it was not taken."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if incident.status not in sources(Verb.RELEASE):
            return False
        incident.status = Incident.Status.PAGING
        incident.owner = None
        incident.save(update_fields=["status", "owner"])
        enter(incident, "released", now=now, staff=staff)
        page_again(incident=incident, now=now)
    return True


def _tell_the_others(incident: Incident, owner: Technician, now: datetime) -> None:
    others = (
        Technician.objects.filter(
            page__incident=incident,
            page__purpose=Page.Purpose.EMERGENCY,
            # Also those whose page is just on its way to the provider.
            page__sends__gt=0,
        )
        .exclude(pk=owner.pk)
        .distinct()
    )
    for person in others.select_related("staff"):
        quiet = [
            m for m in methods_of(person, also_unverified=False) if m.kind != "voice"
        ]
        sms = [method for method in quiet if method.kind == "sms"]
        queue_pages(
            incident=incident,
            technician=person,
            methods=(sms or quiet)[:1],
            purpose=Page.Purpose.TAKEN,
            step=0,
            now=now,
        )
