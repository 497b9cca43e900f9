"""From rows to people: who is meant by a step, and how they can be reached."""

from collections.abc import Sequence
from datetime import datetime

from emergency.models import ContactMethod, Technician
from emergency.queries.roster import able, technicians_on_call
from emergency.rules.escalation import Method, Plan, Step
from emergency.rules.reachability import Planned, Wish, at_once, notification_plan


def people_of(
    step: Step | None, *, plan: Plan, now: datetime
) -> tuple[list[Technician], str]:
    """The people a step means (None: the last resort, everybody) and a code of why
    there is nobody, if so."""
    if step is None or step.target == "everyone":
        people = list(able())
        return people, "" if people else "no_technicians"
    if step.target == "schedule" and step.schedule is not None:
        people = technicians_on_call(schedule_id=step.schedule, now=now)
        return people, "" if people else "nobody_on_call"
    named = {"duty_manager": plan.duty_manager, "owner": plan.owner}
    key = named.get(step.target, step.technician)
    person = able().filter(pk=key).first() if key is not None else None
    return ([person], "") if person else ([], f"no_{step.target}")


def methods_of(technician: Technician, *, also_unverified: bool) -> list[Method]:
    """How the technician can be reached, in their own order."""
    rows = technician.contact_methods.filter(disabled_at__isnull=True)
    if not also_unverified:
        rows = rows.filter(verified_at__isnull=False)
    return as_methods(list(rows.order_by("position", "pk")))


def planned_for(
    technician: Technician,
    *,
    urgency: str,
    channels: Sequence[str] = (),
    also_unverified: bool,
) -> list[Planned]:
    """What a page to this technician sends, and when: by their own rules for this
    urgency. In the last resort everything they have, at once."""
    methods = methods_of(technician, also_unverified=also_unverified)
    if also_unverified:
        return at_once(methods)
    rules = technician.notification_rules.filter(urgency=urgency)
    wishes = [Wish(key=r.contact_method_id, delay=r.delay) for r in rules]
    return notification_plan(methods, wishes, channels=channels)


def as_methods(rows: Sequence[ContactMethod]) -> list[Method]:
    """Contact methods as plain values for the rules."""
    return [Method(key=row.pk, kind=row.kind, address=row.address) for row in rows]
