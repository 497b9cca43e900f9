"""Telling whoever has an incident that the customer has done something about it."""

from datetime import datetime

from emergency.actions.incident_pages import owner_or_duty_managers
from emergency.actions.page_queue import queue_pages
from emergency.actions.roster import methods_of
from emergency.models import Incident, Page, Technician
from emergency.rules.escalation import Method, first_methods

# Whoever is about to work for nothing must hear of it, not read it later.
RING = frozenset({"customer_cancelled", "customer_unsolved"})


def tell_owner(*, incident: Incident, code: str, now: datetime) -> None:
    """A notice about this incident to its owner waits to be sent, to the duty managers
    where nobody has it. The sentences belong to ``notice:CODE``."""
    for person in owner_or_duty_managers(incident, now):
        queue_pages(
            incident=incident,
            technician=person,
            methods=_methods(incident, person, code),
            purpose=Page.Purpose.NOTICE,
            step=0,
            now=now,
            values={"code": code},
        )


def _methods(incident: Incident, person: Technician, code: str) -> list[Method]:
    """A text is enough for whoever is at work; where everybody waits for the customer,
    and for what cannot wait, the telephone rings."""
    methods = methods_of(person, also_unverified=True)
    quiet = [method for method in methods if method.kind != "voice"]
    waits = incident.status == Incident.Status.UNREACHED
    if quiet and not waits and code not in RING:
        return quiet[:1]
    return list(first_methods(methods))
