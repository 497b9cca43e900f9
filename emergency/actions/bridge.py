"""Calling the customer: over the bridge, or from one's own telephone."""

from datetime import datetime

from django.db import transaction

from emergency import wake
from emergency.actions.identifiers import new_digit, new_token
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Bridge, ContactMethod, Incident, Staff, Technician
from emergency.queries.dialling import extension_of, numbers_for


def start_bridge(
    *,
    incident_id: int,
    staff: Staff,
    number: str = "",
    method_id: int | None = None,
    token: str = "",
    now: datetime,
) -> Bridge:
    """The technician's telephone rings soon; the key they press there dials ``number``,
    or the first one to call. ``method_id`` is the verified telephone of their own, or
    the first; ``token`` names the call, where somebody has made it already.

    While a bridge of this incident is under way, there is no second: whoever started it
    gets the same one again. Raises Refused (``not_open``, ``no_technician``,
    ``unknown_number``, ``no_number_left``, ``no_own_telephone``, ``bridge_runs``).
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if not incident.is_open:
            raise Refused("not_open")
        technician = Technician.objects.filter(staff=staff).first()
        if technician is None:
            raise Refused("no_technician")
        running = incident.bridges.live().select_related("technician__staff").first()
        if running is not None:
            if running.technician_id == technician.pk:
                return running
            raise Refused("bridge_runs", technician=running.technician)
        dialled = _number(incident, number)
        bridge = Bridge.objects.create(
            incident=incident,
            technician=technician,
            token=token or new_token(),
            digit=new_digit(),
            technicians_number=_own_telephone(technician, method_id).address,
            customers_number=dialled,
            extension=extension_of(incident, dialled),
            started_at=now,
            heard_at=now,
        )
        incident.active_at = now
        incident.save(update_fields=["active_at"])
        enter(incident, "bridge_started", now=now, staff=staff)
        wake.bridge_after_commit(bridge.pk)
    return bridge


def call_from_own_phone(*, incident_id: int, staff: Staff, now: datetime) -> None:
    """It stands that this person calls the customer from a telephone of their own. What
    comes of it is their word alone. Raises Refused (``not_open``)."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if not incident.is_open:
            raise Refused("not_open")
        newest = incident.timeline.order_by("-pk").first()
        if newest and newest.code == "own_phone" and newest.staff_id == staff.pk:
            return
        incident.active_at = now
        incident.save(update_fields=["active_at"])
        enter(incident, "own_phone", now=now, staff=staff)


def _number(incident: Incident, number: str) -> str:
    numbers = numbers_for(incident)
    if number and number not in numbers.known:
        raise Refused("unknown_number", field="number")
    if not number and not numbers.to_call:
        raise Refused("no_number_left", field="number")
    return number or numbers.to_call[0]


def _own_telephone(technician: Technician, method_id: int | None) -> ContactMethod:
    telephones = technician.contact_methods.usable().filter(
        kind=ContactMethod.Kind.VOICE
    )
    if method_id is not None:
        telephones = telephones.filter(pk=method_id)
    chosen = telephones.order_by("position", "pk").first()
    if chosen is None:
        raise Refused("no_own_telephone", field="method")
    return chosen
