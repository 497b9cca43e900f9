"""Telling whoever has an incident, or works on it, what concerns them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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


def tell_quietly(
    *,
    incident: Incident,
    person: Technician,
    purpose: str,
    code: str,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    """One text about this incident to somebody who is at work; a call only where there
    is no other way."""
    methods = methods_of(person, also_unverified=True)
    quiet = [method for method in methods if method.kind != "voice"]
    queue_pages(
        incident=incident,
        technician=person,
        methods=quiet[:1] or methods[:1],
        purpose=purpose,
        step=0,
        now=now,
        values={"code": code, **values},
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
