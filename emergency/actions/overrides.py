"""Overrides: somebody else is on call for a while, or one more, or one less."""

from datetime import datetime

from emergency.actions.refusal import Refused
from emergency.actions.roster_changes import changing, coming_shifts
from emergency.actions.roster_entries import enter_roster
from emergency.models import Override, Schedule, Staff, Technician
from emergency.rules.shift_changes import Period, touches


def add_override(
    *,
    schedule_id: int,
    kind: str,
    technician: Technician | None,
    replaced: Technician | None,
    starts_at: datetime,
    ends_at: datetime,
    staff: Staff,
    now: datetime,
) -> Override:
    """The override holds in [starts_at, ends_at) and whoever it concerns is told.

    ``replace`` without ``replaced`` puts ``technician`` there instead of everybody: a
    fixed period. The same override given twice stands once. Raises Refused.
    """
    _refuse_bad_period(starts_at, ends_at, now)
    if kind == Override.Kind.REMOVE:
        technician = None
    if kind == Override.Kind.ADD:
        replaced = None
    same = {
        "kind": kind,
        "technician": technician,
        "replaced": replaced,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "reason": Override.Reason.PLANNED,
    }
    with changing(schedule_id, now=now, by=staff) as schedule:
        standing = schedule.overrides.filter(**same, cancelled_at__isnull=True).first()
        if standing is not None:
            return standing
        _refuse_bad_people(
            schedule, kind, technician, replaced, (max(starts_at, now), ends_at), now
        )
        override = Override.objects.create(schedule=schedule, created_at=now, **same)
        enter_roster(
            schedule,
            "override_added",
            now=now,
            technician=technician,
            by=staff,
            kind=kind,
            replaced=replaced.pk if replaced else None,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    return override


def cancel_override(*, override_id: int, staff: Staff, now: datetime) -> bool:
    """The override no longer holds; its row is kept. One that has begun ends now, so
    that the past stays as it was. False when it was over or cancelled already."""
    found = Override.objects.only("schedule_id").get(pk=override_id)
    with changing(found.schedule_id, now=now, by=staff) as schedule:
        override = Override.objects.select_related("technician").get(pk=override_id)
        if override.cancelled_at is not None or override.ends_at <= now:
            return False
        end_override(override, now=now)
        enter_roster(
            schedule,
            "override_cancelled",
            now=now,
            technician=override.technician,
            by=staff,
            kind=override.kind,
            replaced=override.replaced_id,
            starts_at=override.starts_at,
            ends_at=override.ends_at,
        )
    return True


def end_override(override: Override, *, now: datetime) -> None:
    """It holds no more from now on. The caller has locked the schedule."""
    if override.starts_at >= now:
        override.cancelled_at = now
    else:
        override.ends_at = now
    override.save(update_fields=["cancelled_at", "ends_at"])


def _refuse_bad_period(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused("ends_before_start", field="ends_at")
    if ends_at <= now:
        raise Refused("period_is_past", field="ends_at")


def _refuse_bad_people(
    schedule: Schedule,
    kind: str,
    technician: Technician | None,
    replaced: Technician | None,
    period: Period,
    now: datetime,
) -> None:
    if kind != Override.Kind.REMOVE and technician is None:
        raise Refused("somebody_missing", field="technician")
    if kind == Override.Kind.REMOVE and replaced is None:
        raise Refused("somebody_missing", field="replaced")
    if technician is not None and technician == replaced:
        raise Refused("same_person", field="replaced")
    if technician is not None and (
        technician.is_house_phone or not technician.staff.is_active
    ):
        raise Refused("cannot_be_on_call", field="technician")
    if replaced is not None and not touches(
        coming_shifts(schedule, now), replaced.pk, period
    ):
        raise Refused("not_on_call_then", field="replaced")
