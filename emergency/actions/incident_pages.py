"""Pages about an incident beside its escalation steps: reminders and questions."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from emergency.actions.page_queue import queue_pages
from emergency.actions.roster import methods_of, people_of
from emergency.models import Incident, Technician
from emergency.rules.escalation import Step, first_methods, plan_from


def duty_managers(incident: Incident, now: datetime) -> list[Technician]:
    """The duty manager, or everybody where none is named or none can be reached."""
    plan = plan_from(incident.policy_snapshot)
    step = Step(
        target="duty_manager", schedule=None, technician=None, delay=timedelta()
    )
    people, _ = people_of(step, plan=plan, now=now)
    return [p for p in people if can_be_paged(p)] or people_of(
        None, plan=plan, now=now
    )[0]


def owner_or_duty_managers(incident: Incident, now: datetime) -> list[Technician]:
    """Whoever has the incident; the duty manager where they cannot be reached."""
    owner = incident.owner
    if owner is not None and can_be_paged(owner):
        return [owner]
    return duty_managers(incident, now)


def can_be_paged(person: Technician) -> bool:
    """Whether there is any way to this person, who may still sign in."""
    return person.staff.is_active and bool(methods_of(person, also_unverified=True))


def page_people(
    *,
    incident: Incident,
    people: Iterable[Technician],
    purpose: str,
    now: datetime,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Each of them has a page by the first contact method of each kind."""
    for person in people:
        queue_pages(
            incident=incident,
            technician=person,
            methods=first_methods(methods_of(person, also_unverified=True)),
            purpose=purpose,
            step=0,
            now=now,
            values=values,
        )
