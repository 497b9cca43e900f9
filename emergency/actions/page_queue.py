"""Page rows: written with their key, code and place in the queue, and answered.

Everything here runs inside the caller's transaction.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce

from emergency import wake
from emergency.actions.identifiers import new_code, new_digit
from emergency.models import DropOut, HandOff, Incident, Page, Technician
from emergency.rules.escalation import Method
from emergency.rules.reachability import Planned, at_once

URGENT = frozenset(
    {
        *(Page.Purpose.EMERGENCY, Page.Purpose.JOIN, Page.Purpose.REMINDER),
        *(Page.Purpose.MISSED, Page.Purpose.ENGINE, Page.Purpose.SUCCESSOR),
    }
)
# What wakes somebody: the first of each goes before all that only accompanies it.
FIRST_KINDS = ("voice", "sms")


def queue_pages(
    *,
    incident: Incident | None,
    technician: Technician,
    methods: Iterable[Method],
    purpose: str,
    step: int,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    hand_off: HandOff | None = None,
    drop_out: DropOut | None = None,
) -> list[Page]:
    """Page rows stand, due now, each with its own key and code; a worker is nudged
    after the commit. ``values`` are what is worded when the page is sent."""
    return queue_planned_pages(
        incident=incident,
        technician=technician,
        planned=at_once(methods),
        purpose=purpose,
        step=step,
        now=now,
        values=values,
        hand_off=hand_off,
        drop_out=drop_out,
    )


def queue_planned_pages(
    *,
    incident: Incident | None,
    technician: Technician,
    planned: Iterable[Planned],
    purpose: str,
    step: int,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    hand_off: HandOff | None = None,
    drop_out: DropOut | None = None,
) -> list[Page]:
    """As ``queue_pages``, each page due after its own delay. What waits says that it
    waits by the technician's own rule."""
    planned = list(planned)
    kinds = [one.method.kind for one in planned]
    pages = Page.objects.bulk_create(
        [
            Page(
                incident=incident,
                hand_off=hand_off,
                drop_out=drop_out,
                technician=technician,
                contact_method_id=one.method.key,
                kind=one.method.kind,
                address=one.method.address,
                purpose=purpose,
                round=incident.round if incident else 0,
                step=step,
                digit=new_digit() if one.method.kind == "voice" else "",
                code=new_code() if _carries_code(one.method.kind, purpose) else "",
                due_at=now + one.delay,
                priority=_priority(
                    incident,
                    purpose,
                    step,
                    leads=one.method.kind in FIRST_KINDS
                    and one.method.kind not in kinds[:number],
                ),
                held_reason="own_rule" if one.delay else "",
                values=dict(values or {}),
            )
            for number, one in enumerate(planned)
        ]
    )
    due = [page for page in pages if page.due_at <= now]
    first = [page.pk for page in due if page.priority == Page.Priority.FIRST]
    wake.pages_after_commit(first, priority=wake.AT_ONCE)
    wake.pages_after_commit([page.pk for page in due if page.pk not in first])
    return pages


def _carries_code(kind: str, purpose: str) -> bool:
    """Texts are answered with their code; a proof is typed in, whatever carried it."""
    return kind == "sms" or (purpose == Page.Purpose.VERIFY and kind != "voice")


def _priority(
    incident: Incident | None, purpose: str, step: int, *, leads: bool
) -> int:
    """What goes first when more is due than can be sent at once. Of several ways to
    one person, those that ``leads`` names overtake: the others can wait for every
    incident to be heard of."""
    if purpose not in URGENT:
        return Page.Priority.ORDINARY
    first = purpose == Page.Purpose.EMERGENCY and incident and incident.round == 0
    if first and step == 0 and leads:
        return Page.Priority.FIRST
    return Page.Priority.EMERGENCY


def mark_answered(page: Page, now: datetime) -> None:
    """Somebody answered, so it was sent, whether or not our sender could say so."""
    Page.objects.filter(pk=page.pk).update(
        answered_at=now,
        status=Page.Status.DELIVERED,
        sent_at=Coalesce("sent_at", now),
        lease_until=None,
        ended_at=now,
    )


def pull_next_page(*, failed: Page, now: datetime) -> bool:
    """The next page that waits by the technician's own rule is due now, because the
    one before it can wake nobody. False when none waits."""
    waiting = (
        Page.objects.select_for_update(no_key=True)
        .filter(
            incident=failed.incident_id,
            technician=failed.technician_id,
            purpose=failed.purpose,
            round=failed.round,
            step=failed.step,
            status=Page.Status.QUEUED,
            held_reason="own_rule",
            due_at__gt=now,
        )
        .order_by("due_at", "pk")
        .first()
    )
    if waiting is None:
        return False
    waiting.due_at = now
    waiting.held_reason = ""
    waiting.save(update_fields=["due_at", "held_reason"])
    wake.pages_after_commit([waiting.pk])
    return True
