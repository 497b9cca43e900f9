"""What every change of a roster does besides: people are told, hand-offs follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.hand_off_plan import plan_hand_offs
from emergency.actions.roster import roster_of
from emergency.actions.roster_pages import tell_shift
from emergency.models import Schedule, Staff, Technician
from emergency.rules.rotation import Shift, shifts
from emergency.rules.shift_changes import differences

# People are told of changes in this time; what lies further ahead, its reminder says.
TOLD_AHEAD = timedelta(days=62)


@contextmanager
def changing(
    schedule_id: int, *, now: datetime, by: Staff | None = None
) -> Iterator[Schedule]:
    """A transaction in which the schedule is locked and its roster may be changed.

    At its end whoever has other shifts than before is told, except ``by``, who knows,
    and the hand-offs are planned anew. Raises Schedule.DoesNotExist.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        before = coming_shifts(schedule, now)
        yield schedule
        after = coming_shifts(schedule, now)
        found = {d.technician: d for d in differences(before, after)}
        people = Technician.objects.filter(pk__in=found).select_related("staff")
        for person in people.order_by("pk"):
            if by is not None and person.staff_id == by.pk:
                continue
            difference = found[person.pk]
            tell_shift(
                person,
                difference.kind,
                schedule=schedule,
                now=now,
                starts_at=difference.starts_at,
                ends_at=difference.ends_at,
            )
        plan_hand_offs(schedule, now=now)


def locked_schedule(schedule_id: int) -> Schedule:
    """The schedule, locked until the transaction ends. Its lock comes before those of
    its hand-offs, drop-outs and their pages. Raises Schedule.DoesNotExist."""
    return Schedule.objects.select_for_update(no_key=True).get(pk=schedule_id)


def coming_shifts(schedule: Schedule, now: datetime) -> list[Shift]:
    """The shifts people are told about, from now on."""
    return list(shifts(roster_of(schedule), now, now + TOLD_AHEAD))
