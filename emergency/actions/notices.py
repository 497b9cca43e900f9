"""Telling the duty manager that something needs attention."""

from datetime import datetime
from typing import Any

from django.db import transaction

from emergency.actions.page_queue import queue_pages
from emergency.actions.roster import methods_of
from emergency.models import EscalationPolicy, Page, Technician
from emergency.rules.escalation import first_methods


def tell_duty_manager(*, code: str, now: datetime, **values: Any) -> None:
    """A notice to the duty manager waits to be sent, or to everybody where none is
    named or none can be reached. The sentences belong to ``notice:CODE``.

    ``values`` are codes, numbers and names of our own rows, never personal text.
    """
    with transaction.atomic():
        for person in _whom():
            queue_pages(
                incident=None,
                technician=person,
                methods=first_methods(methods_of(person, also_unverified=True)),
                purpose=Page.Purpose.NOTICE,
                step=0,
                now=now,
                values={"code": code, **values},
            )


def _whom() -> list[Technician]:
    policy = (
        EscalationPolicy.objects.filter(is_default=True)
        .select_related("duty_manager__staff")
        .first()
    )
    manager = policy.duty_manager if policy else None
    if (
        manager
        and manager.staff.is_active
        and methods_of(manager, also_unverified=True)
    ):
        return [manager]
    return list(
        Technician.objects.filter(
            staff__is_active=True, is_house_phone=False
        ).select_related("staff")
    )
