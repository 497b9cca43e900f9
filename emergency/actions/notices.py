"""Telling people that something needs attention."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from emergency.actions.page_queue import queue_planned_pages
from emergency.actions.roster import methods_of, planned_for
from emergency.models import EscalationPolicy, Page, Role, Technician
from emergency.queries.roster import able
from emergency.rules.escalation import first_methods
from emergency.rules.reachability import Planned, at_once

# The same thing said again within this time tells nobody anything new.
SAID_LATELY = timedelta(hours=1)
# What cannot wait until somebody looks at their texts.
URGENT = frozenset(
    {
        *("on_call_without_voice", "dropped_out", "no_successor", "hand_off_silent"),
        *("account_refused", "route_refused", "self_test_failed"),
        *("roster_decision_failed", "reportable_soon", "reportable_passed"),
    }
)


def tell_duty_manager(*, code: str, now: datetime, **values: Any) -> list[Page]:
    """A notice to the duty manager waits to be sent, or to everybody where none is
    named or none can be reached. The sentences belong to ``notice:CODE``.

    ``values`` are codes, numbers and names of our own things, never personal text. A
    person in them is the key of a technician and is named when the page is sent.
    """
    return tell(people=duty_managers(), code=code, now=now, **values)


def tell(
    *, people: Iterable[Technician], code: str, now: datetime, **values: Any
) -> list[Page]:
    """As ``tell_duty_manager``, to these people. Whoever was told the same within the
    last hour is not told again. Urgent codes ring, the others do not."""
    said = {"code": code, **values}
    pages: list[Page] = []
    with transaction.atomic():
        for person in people:
            if _was_told(person, said, now):
                continue
            pages += queue_planned_pages(
                incident=None,
                technician=person,
                planned=_planned(person, urgent=code in URGENT),
                purpose=Page.Purpose.NOTICE,
                step=0,
                now=now,
                values=said,
            )
    return pages


def duty_managers() -> list[Technician]:
    """The duty manager of the policy in use, else whoever has that role, else
    everybody."""
    policy = (
        EscalationPolicy.objects.filter(is_default=True)
        .select_related("duty_manager__staff")
        .first()
    )
    named = policy.duty_manager if policy else None
    everybody = list(able())
    by_role = [p for p in everybody if p.staff.role == Role.DUTY_MANAGER]
    for people in ([named] if named in everybody else [], by_role):
        reachable = [p for p in people if p and methods_of(p, also_unverified=True)]
        if reachable:
            return reachable
    return everybody


def _planned(person: Technician, *, urgent: bool) -> list[Planned]:
    if urgent:
        return at_once(first_methods(methods_of(person, also_unverified=True)))
    planned = planned_for(person, urgency="low", also_unverified=False)
    by_rule = person.notification_rules.filter(urgency="low").exists()
    quiet = [one for one in planned if one.method.kind != "voice"]
    return (
        planned
        if by_rule
        else quiet
        or planned
        or at_once(first_methods(methods_of(person, also_unverified=True)))
    )


def _was_told(person: Technician, said: dict[str, Any], now: datetime) -> bool:
    return Page.objects.filter(
        technician=person,
        purpose=Page.Purpose.NOTICE,
        due_at__gt=now - SAID_LATELY,
        values=said,
    ).exists()
