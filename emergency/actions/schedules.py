"""Schedules and rotations as staff set them up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.actions.roster_changes import changing
from emergency.actions.roster_entries import enter_roster
from emergency.models import Rotation, RotationMember, Schedule, Staff, Technician
from emergency.queries.rotation_preview import fingerprint

SCHEDULE_FIELDS = (
    *("name", "time_zone", "coverage", "coverage_times"),
    *("shift_reminders", "handoff_answer_within"),
)
ROTATION_FIELDS = (
    *("name", "layer", "starts_on", "ends_on", "handoff_time"),
    *("shift_days", "shift_hours", "limited_to", "times"),
)


def add_schedule(*, values: Mapping[str, Any], staff: Staff, now: datetime) -> Schedule:
    """The schedule stands; nobody is on call in it before it has a rotation."""
    with transaction.atomic():
        schedule = Schedule.objects.create(
            **{name: values[name] for name in SCHEDULE_FIELDS}
        )
        enter_roster(schedule, "schedule_added", now=now, by=staff)
    return schedule


def change_schedule(
    *, schedule_id: int, values: Mapping[str, Any], staff: Staff, now: datetime
) -> bool:
    """The schedule is as given. False when it was so before. Whoever's shifts change
    by another time zone is told."""
    with changing(schedule_id, now=now, by=staff) as schedule:
        changed = [
            name for name in SCHEDULE_FIELDS if getattr(schedule, name) != values[name]
        ]
        for name in changed:
            setattr(schedule, name, values[name])
        if changed:
            schedule.save(update_fields=changed)
            enter_roster(
                schedule, "schedule_changed", now=now, by=staff, fields=changed
            )
    return bool(changed)


def save_rotation(
    *,
    schedule_id: int,
    rotation_id: int | None,
    values: Mapping[str, Any],
    members: Sequence[Technician],
    staff: Staff,
    now: datetime,
    seen: str | None = None,
) -> Rotation:
    """The rotation (a new one without ``rotation_id``) is as given, its members take
    turns in this order, and whoever's shifts change is told.

    With ``seen``, the fingerprint of a preview, it raises Refused when anything else
    would be changed by it. Raises Rotation.DoesNotExist for one of another schedule.
    """
    with changing(schedule_id, now=now, by=staff) as schedule:
        if seen is not None:
            _refuse_unseen(schedule, rotation_id, values, members, seen)
        fields = {name: values[name] for name in ROTATION_FIELDS}
        if rotation_id is None:
            rotation = Rotation.objects.create(schedule=schedule, **fields)
        else:
            rotation = schedule.rotations.get(pk=rotation_id)
            for name, value in fields.items():
                setattr(rotation, name, value)
            rotation.save(update_fields=list(fields))
            rotation.members.all().delete()
        RotationMember.objects.bulk_create(
            [
                RotationMember(rotation=rotation, technician=member, position=position)
                for position, member in enumerate(members)
            ]
        )
        enter_roster(
            schedule,
            "rotation_changed" if rotation_id else "rotation_added",
            now=now,
            by=staff,
            rotation=rotation.pk,
            members=[member.pk for member in members],
        )
    return rotation


def _refuse_unseen(
    schedule: Schedule,
    rotation_id: int | None,
    values: Mapping[str, Any],
    members: Sequence[Technician],
    seen: str,
) -> None:
    """The schedule is locked, so that what was compared is what is changed."""
    rotation = schedule.rotations.get(pk=rotation_id) if rotation_id else None
    if fingerprint(schedule, rotation, values=values, members=members) != seen:
        raise Refused("roster_changed")


def remove_rotation(*, rotation_id: int, staff: Staff, now: datetime) -> None:
    """Nobody takes turns in it any more. Raises Rotation.DoesNotExist."""
    found = Rotation.objects.only("schedule_id").get(pk=rotation_id)
    with changing(found.schedule_id, now=now, by=staff) as schedule:
        rotation = schedule.rotations.get(pk=rotation_id)
        members = list(rotation.members.values_list("technician_id", flat=True))
        rotation.delete()
        enter_roster(
            schedule,
            "rotation_removed",
            now=now,
            by=staff,
            rotation=rotation_id,
            members=members,
        )
