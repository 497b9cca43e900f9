"""Dropping out: somebody cannot go on, and nobody has to agree.

From that instant the successor is on call too, and both are paged for emergencies,
until a successor confirms; then only the successor is. Open incidents keep their owner.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from emergency.actions.hand_off_plan import plan_hand_offs
from emergency.actions.notices import tell_duty_manager
from emergency.actions.overrides import end_override
from emergency.actions.refusal import Refused
from emergency.actions.roster_changes import coming_shifts, locked_schedule
from emergency.actions.roster_entries import enter_roster
from emergency.actions.roster_pages import ask_successor, tell_shift, withdraw
from emergency.actions.successors import asked_people, next_successor
from emergency.models import DropOut, Override, Page, Technician
from emergency.rules.shift_changes import periods_of

ASK_AGAIN = timedelta(minutes=3)
# Then the next person is asked as well.
ASKED_ALONE = 3
# The row says that it holds at least for an instant.
INSTANT = timedelta(microseconds=1)


def drop_out(
    *, schedule_id: int, technician: Technician, now: datetime, via: str
) -> DropOut:
    """The technician has said that they cannot go on to the end of their shift; a
    successor is on call too and is asked, and the duty manager knows.

    Said again, nothing changes. ``via``: sms | voice | desk. Raises Refused when they
    are not on call now.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        running = open_drop_outs(now).filter(schedule=schedule, technician=technician)
        earlier = running.first()
        if earlier is not None:
            return earlier
        own = periods_of(coming_shifts(schedule, now), technician.pk)
        if not own or own[0][0] > now:
            raise Refused("not_on_call_now")
        row = DropOut.objects.create(
            schedule=schedule,
            technician=technician,
            declared_at=now,
            declared_via=via,
            ends_at=own[0][1],
        )
        _enter(row, "dropped_out", technician, now, ends_at=row.ends_at, via=via)
        tell_duty_manager(code="dropped_out", now=now, schedule=schedule.name)
        _ask_the_next(row, now)
        row.save(update_fields=["successor", "due_at"])
        plan_hand_offs(schedule, now=now)
    return row


def decide_drop_out(row: DropOut, *, now: datetime) -> None:
    """Whoever was asked is asked again, and after three times the next one as well.

    The caller has locked the row and its schedule.
    """
    if row.confirmed_at is not None or row.ends_at <= now:
        row.due_at = None
    else:
        waiting = [override.technician for override in _asked_overrides(row)]
        asked = _times_asked(row, row.successor) if row.successor else 0
        if asked in {0, ASKED_ALONE}:
            _ask_the_next(row, now, said_before=row.successor is None)
        row.due_at = now + ASK_AGAIN
        withdraw(row.pages.filter(due_at__lt=now), now=now)
        for person in waiting:
            if person is not None:
                number = _times_asked(row, person) + 1
                ask_successor(row, person, number=number, now=now)
    row.failures = 0
    row.save(update_fields=["successor", "due_at", "failures"])


def confirm_successor(
    *, drop_out_id: int, technician: Technician, now: datetime, via: str
) -> str:
    """The technician is on call instead of whoever dropped out, if they were asked and
    nobody was quicker.

    Answers what is true then: confirmed | other_confirmed | over. Raises Refused for
    somebody who was not asked.
    """
    with transaction.atomic():
        row = _locked(drop_out_id)
        if row.confirmed_at is not None:
            same = row.successor_id == technician.pk
            return "confirmed" if same else "other_confirmed"
        if row.ends_at <= now:
            return "over"
        asked = list(asked_people(row).select_related("staff"))
        if technician not in asked:
            raise Refused("not_yours")
        _end_overrides(row, now)
        Override.objects.create(
            schedule=row.schedule,
            kind=Override.Kind.REPLACE,
            technician=technician,
            replaced=row.technician,
            starts_at=now,
            ends_at=row.ends_at,
            reason=Override.Reason.DROP_OUT,
            created_at=now,
        )
        row.successor = technician
        row.confirmed_at = now
        row.due_at = None
        row.save(update_fields=["successor", "confirmed_at", "due_at"])
        _enter(row, "successor_confirmed", technician, now, via=via)
        withdraw(row.pages.all(), now=now)
        _tell(row, row.technician, "relieved", now)
        for person in asked:
            if person != technician:
                _tell(row, person, "not_needed", now)
        plan_hand_offs(row.schedule, now=now)
    return "confirmed"


def decline_successor(
    *, drop_out_id: int, technician: Technician, now: datetime, via: str
) -> bool:
    """The technician is not on call in place of the other, and the next one is asked at
    once. False when they are not asked (any more). Raises Refused once they have
    confirmed: then they drop out themselves."""
    with transaction.atomic():
        row = _locked(drop_out_id)
        if row.confirmed_at is not None and row.successor_id == technician.pk:
            raise Refused("confirmed_already")
        own = _asked_overrides(row).filter(technician=technician).first()
        if own is None:
            return False
        end_override(own, now=now)
        _enter(row, "successor_declined", technician, now, via=via)
        withdraw(row.pages.filter(technician=technician), now=now)
        if row.successor_id == technician.pk:
            _ask_the_next(row, now)
            row.save(update_fields=["successor", "due_at"])
        plan_hand_offs(row.schedule, now=now)
    return True


def take_back(*, drop_out_id: int, technician: Technician, now: datetime) -> bool:
    """Whoever dropped out goes on alone, as planned. False when that was so already.

    Raises Refused for anybody else and once a successor has confirmed.
    """
    with transaction.atomic():
        row = _locked(drop_out_id)
        if row.technician_id != technician.pk:
            raise Refused("not_yours")
        if row.confirmed_at is not None:
            raise Refused("successor_has_it")
        if row.ends_at <= now:
            return False
        for override in _asked_overrides(row).select_related("technician__staff"):
            if override.technician is not None:
                _tell(row, override.technician, "not_needed", now)
        _end_overrides(row, now)
        row.ends_at = max(now, row.declared_at + INSTANT)
        row.due_at = None
        row.save(update_fields=["ends_at", "due_at"])
        withdraw(row.pages.filter(purpose=Page.Purpose.SUCCESSOR), now=now)
        _enter(row, "came_back", technician, now)
        plan_hand_offs(row.schedule, now=now)
    return True


def open_drop_outs(now: datetime) -> QuerySet[DropOut]:
    """Those that hold now: not taken back, the shift not over."""
    return DropOut.objects.filter(ends_at__gt=now).select_related(
        "schedule", "technician__staff", "successor__staff"
    )


def _ask_the_next(row: DropOut, now: datetime, *, said_before: bool = False) -> None:
    """One more person is on call too and is asked; or, once, the duty manager hears
    that nobody is left to ask."""
    person = next_successor(row, now=now)
    row.due_at = now + ASK_AGAIN
    row.successor = person
    if person is None and said_before:
        return
    if person is None:
        _enter(row, "no_successor", row.technician, now)
        tell_duty_manager(code="no_successor", now=now, schedule=row.schedule.name)
        return
    Override.objects.create(
        schedule=row.schedule,
        kind=Override.Kind.ADD,
        technician=person,
        # Whom they may replace: it makes the row one of this drop-out.
        replaced=row.technician,
        starts_at=now,
        ends_at=row.ends_at,
        reason=Override.Reason.DROP_OUT,
        created_at=now,
    )
    _enter(row, "successor_asked", person, now, ends_at=row.ends_at)
    ask_successor(row, person, number=1, now=now)


def _asked_overrides(row: DropOut) -> QuerySet[Override]:
    """By these, people who were asked are on call beside whoever dropped out."""
    return Override.objects.filter(
        schedule=row.schedule,
        kind=Override.Kind.ADD,
        reason=Override.Reason.DROP_OUT,
        replaced=row.technician,
        starts_at__gte=row.declared_at,
        ends_at=row.ends_at,
        cancelled_at__isnull=True,
    ).select_related("technician__staff")


def _end_overrides(row: DropOut, now: datetime) -> None:
    for override in _asked_overrides(row):
        end_override(override, now=now)


def _times_asked(row: DropOut, person: Technician) -> int:
    pages = row.pages.filter(purpose=Page.Purpose.SUCCESSOR, technician=person)
    return int(pages.aggregate(most=Max("step"))["most"] or 0)


def _locked(drop_out_id: int) -> DropOut:
    """The drop-out, locked after its schedule."""
    found = DropOut.objects.only("schedule_id").get(pk=drop_out_id)
    schedule = locked_schedule(found.schedule_id)
    row = (
        DropOut.objects.select_for_update(no_key=True, of=("self",))
        .select_related("technician__staff", "successor")
        .get(pk=drop_out_id)
    )
    row.schedule = schedule
    return row


def _tell(row: DropOut, person: Technician, code: str, now: datetime) -> None:
    tell_shift(
        person, code, schedule=row.schedule, now=now, starts_at=now, ends_at=row.ends_at
    )


def _enter(
    row: DropOut,
    code: str,
    technician: Technician,
    now: datetime,
    **values: Any,
) -> None:
    enter_roster(
        row.schedule, code, now=now, technician=technician, drop_out=row.pk, **values
    )
