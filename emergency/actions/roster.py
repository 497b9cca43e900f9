"""From rows to people: who is meant by a step, and how they can be reached."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from emergency.models import ContactMethod, Schedule, Technician
from emergency.rules.escalation import Method, Plan, Step
from emergency.rules.rotation import Replacement, Roster, Turns, on_call


def roster_of(schedule: Schedule) -> Roster:
    """The schedule as plain values for the rules."""
    return Roster(
        zone=ZoneInfo(schedule.time_zone),
        rotations=tuple(
            Turns(
                layer=rotation.layer,
                starts_on=rotation.starts_on,
                handoff_time=rotation.handoff_time,
                shift_days=rotation.shift_days,
                members=tuple(
                    member.technician_id for member in rotation.members.all()
                ),
            )
            for rotation in schedule.rotations.prefetch_related("members")
        ),
        overrides=tuple(
            Replacement(
                starts_at=override.starts_at,
                ends_at=override.ends_at,
                technician=override.technician_id,
            )
            for override in schedule.overrides.filter(cancelled_at__isnull=True)
            if override.technician_id is not None
        ),
    )


def technician_on_call(*, schedule_id: int, now: datetime) -> Technician | None:
    """Whoever is on call now and may still sign in, or None: a gap."""
    schedule = Schedule.objects.filter(pk=schedule_id).first()
    if schedule is None:
        return None
    key = on_call(roster_of(schedule), now)
    return _active().filter(pk=key).first() if key is not None else None


def people_of(
    step: Step | None, *, plan: Plan, now: datetime
) -> tuple[list[Technician], str]:
    """The people a step means (None: the last resort, everybody) and a code of why
    there is nobody, if so."""
    if step is None or step.target == "everyone":
        people = list(_active())
        return people, "" if people else "no_technicians"
    if step.target == "schedule" and step.schedule is not None:
        person = technician_on_call(schedule_id=step.schedule, now=now)
        return ([person], "") if person else ([], "nobody_on_call")
    key = plan.duty_manager if step.target == "duty_manager" else step.technician
    person = _active().filter(pk=key).first() if key is not None else None
    return ([person], "") if person else ([], f"no_{step.target}")


def methods_of(technician: Technician, *, also_unverified: bool) -> list[Method]:
    """How the technician can be reached, in their own order."""
    rows = technician.contact_methods.filter(disabled_at__isnull=True)
    if not also_unverified:
        rows = rows.filter(verified_at__isnull=False)
    return as_methods(list(rows.order_by("position", "pk")))


def as_methods(rows: Sequence[ContactMethod]) -> list[Method]:
    """Contact methods as plain values for the rules."""
    return [Method(key=row.pk, kind=row.kind, address=row.address) for row in rows]


def _active() -> QuerySet[Technician]:
    return Technician.objects.filter(staff__is_active=True).select_related("staff")
