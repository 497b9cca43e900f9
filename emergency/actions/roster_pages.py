"""Pages about the roster: quiet words about shifts, loud questions about duty.

Everything here runs inside the caller's transaction.
"""

from datetime import datetime

from django.db.models import QuerySet

from emergency.actions.page_queue import queue_pages, queue_planned_pages
from emergency.actions.roster import methods_of, planned_for
from emergency.models import (
    DropOut,
    HandOff,
    NotificationRule,
    Page,
    Schedule,
    Technician,
)
from emergency.rules.escalation import Method, first_methods
from emergency.rules.reachability import Planned, at_once

LOUD = ("voice", "sms")


def tell_shift(
    person: Technician,
    code: str,
    *,
    schedule: Schedule,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    hand_off: HandOff | None = None,
) -> list[Page]:
    """The person hears without haste that ``code`` is true of their shifts."""
    return queue_planned_pages(
        incident=None,
        technician=person,
        planned=_quiet(person),
        purpose=Page.Purpose.SHIFT,
        step=0,
        now=now,
        values=_values(code, schedule, starts_at, ends_at),
        hand_off=hand_off,
    )


def ask_incoming(hand_off: HandOff, *, now: datetime) -> list[Page]:
    """The incoming person is called and written to. Empty when nothing leads there."""
    return queue_pages(
        incident=None,
        technician=hand_off.incoming,
        methods=loud_methods(hand_off.incoming),
        purpose=Page.Purpose.HANDOFF,
        step=0,
        now=now,
        values=_values(
            "asked", hand_off.schedule, hand_off.starts_at, hand_off.ends_at
        ),
        hand_off=hand_off,
    )


def ask_successor(
    drop_out: DropOut, person: Technician, *, number: int, now: datetime
) -> list[Page]:
    """The person is called and written to for the ``number``-th time."""
    return queue_pages(
        incident=None,
        technician=person,
        methods=loud_methods(person),
        purpose=Page.Purpose.SUCCESSOR,
        step=number,
        now=now,
        values=_values("asked", drop_out.schedule, now, drop_out.ends_at),
        drop_out=drop_out,
    )


def loud_methods(person: Technician) -> list[Method]:
    """Call and SMS; whatever else there is when there is neither."""
    methods = first_methods(methods_of(person, also_unverified=False))
    loud = [method for method in methods if method.kind in LOUD]
    return loud or methods or first_methods(methods_of(person, also_unverified=True))


def withdraw(pages: QuerySet[Page], *, now: datetime) -> None:
    """Those of these pages that still wait are not sent any more.

    A page that somebody holds right now is left alone: whoever answers it waits for
    the lock of its hand-off or drop-out, and we for nobody.
    """
    waiting = (
        pages.filter(status=Page.Status.QUEUED)
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
        .values_list("pk", flat=True)
    )
    Page.objects.filter(pk__in=list(waiting)).update(
        status=Page.Status.WITHDRAWN, ended_at=now
    )


def _quiet(person: Technician) -> list[Planned]:
    """By the person's own rules for what is not urgent; without rules by one SMS, or
    whatever wakes nobody."""
    low = NotificationRule.Urgency.LOW
    if person.notification_rules.filter(urgency=low).exists():
        return planned_for(person, urgency=low, also_unverified=False)
    ways = methods_of(person, also_unverified=False)
    methods = [method for method in ways if method.kind != "voice"]
    by_sms = [method for method in methods if method.kind == "sms"]
    return at_once((by_sms or methods)[:1])


def _values(
    code: str,
    schedule: Schedule,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> dict[str, str]:
    values = {"code": code, "schedule": schedule.name}
    if starts_at is not None:
        values["from"] = starts_at.isoformat()
    if ends_at is not None:
        values["until"] = ends_at.isoformat()
    return values
