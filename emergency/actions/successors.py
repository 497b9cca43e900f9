"""Who can take over when somebody drops out."""

from datetime import datetime

from django.db.models import QuerySet

from emergency.actions.roster import methods_of
from emergency.models import (
    Absence,
    DropOut,
    EscalationPolicy,
    Page,
    Role,
    RotationMember,
    Technician,
)


def next_successor(drop_out: DropOut, *, now: datetime) -> Technician | None:
    """The next in the turns who is here, can be reached and was not asked yet; after
    them the duty manager; None when everybody was asked."""
    asked = set(asked_people(drop_out).values_list("pk", flat=True))
    out = set(
        DropOut.objects.filter(schedule=drop_out.schedule, ends_at__gt=now).values_list(
            "technician_id", flat=True
        )
    )
    away = set(
        Absence.objects.filter(starts_at__lte=now, ends_at__gt=now).values_list(
            "technician_id", flat=True
        )
    )
    waiting = [key for key in _in_turn(drop_out) if key not in asked | out | away]
    managers = [key for key in _duty_managers() if key not in asked | out]
    people = (
        Technician.objects.filter(
            pk__in=[*waiting, *managers], staff__is_active=True, is_house_phone=False
        )
        .select_related("staff")
        .in_bulk()
    )
    for key in [*waiting, *managers]:
        person = people.get(key)
        if person is not None and methods_of(person, also_unverified=key in managers):
            return person
    return None


def asked_people(drop_out: DropOut) -> QuerySet[Technician]:
    """Everybody who was asked to take over, whatever they said."""
    return Technician.objects.filter(
        page__drop_out=drop_out, page__purpose=Page.Purpose.SUCCESSOR
    ).distinct()


def _in_turn(drop_out: DropOut) -> list[int]:
    """Members of the schedule's rotations, the one after the person who drops out
    first; the rotation they take turns in before the others."""
    members = list(
        RotationMember.objects.filter(rotation__schedule=drop_out.schedule)
        .order_by("-rotation__layer", "rotation", "position")
        .values_list("rotation_id", "technician_id")
    )
    turns: dict[int, list[int]] = {}
    for rotation, technician in members:
        turns.setdefault(rotation, []).append(technician)
    person = drop_out.technician_id
    in_order: list[int] = []
    for people in sorted(turns.values(), key=lambda people: person not in people):
        begin = people.index(person) + 1 if person in people else 0
        in_order += [*people[begin:], *people[:begin]]
    return [key for key in dict.fromkeys(in_order) if key != person]


def _duty_managers() -> list[int]:
    """The default policy's duty manager, then whoever has that role."""
    named = EscalationPolicy.objects.filter(
        is_default=True, duty_manager__isnull=False
    ).values_list("duty_manager_id", flat=True)
    by_role = Technician.objects.filter(staff__role=Role.DUTY_MANAGER).order_by("pk")
    found = [*named, *by_role.values_list("pk", flat=True)]
    return [key for key in dict.fromkeys(found) if key is not None]
