"""Firing an escalation step: people are resolved and page rows written.

Everything here runs inside the caller's transaction, with the incident row locked or
just created.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from emergency.actions.page_queue import queue_planned_pages
from emergency.actions.roster import people_of, planned_for
from emergency.actions.timeline import enter
from emergency.models import DueRow, Incident, Page, Technician
from emergency.rules.escalation import (
    Plan,
    Wait,
    fire,
    following,
    is_last_resort,
    plan_from,
    round_spacing,
    step_at,
)
from emergency.rules.states import ACTIVE_STATES


def fire_step(
    *,
    incident: Incident,
    step: int,
    now: datetime,
    also: Sequence[Technician] = (),
) -> None:
    """The people of this step are paged now and the following step has its due row.

    A step that reaches nobody says so in the timeline and moves on at once; when nobody
    at all can be reached the chain tries again after a minute. Where everybody whom a
    step reaches has an active incident already, the next step fires together with it.
    """
    plan = plan_from(incident.policy_snapshot)

    def page(round_number: int, fired: int) -> list[Technician]:
        if round_number != incident.round:
            start_round(incident=incident, number=round_number, now=now)
        return _page_step(incident, plan, fired, also, now)

    def together(fired: int, paged: Sequence[Technician]) -> None:
        enter(
            incident,
            "next_step_together",
            now=now,
            step=fired,
            technicians=[person.pk for person in paged],
        )

    wait = fire(
        plan,
        round_number=incident.round,
        step=step,
        page=page,
        are_busy=lambda paged: _all_are_busy(incident, paged),
        together=together,
    )
    if not wait.nobody:
        _await_next(incident, wait, now)
        return
    if wait.round != incident.round:
        start_round(incident=incident, number=wait.round, now=now)
    _await(incident, wait, now)


def page_again(
    *, incident: Incident, now: datetime, also: Sequence[Technician] = ()
) -> None:
    """A new round begins at once with the first step."""
    start_round(incident=incident, number=incident.round + 1, now=now)
    DueRow.objects.filter(
        incident=incident, kind=DueRow.Kind.STEP, done_at__isnull=True
    ).update(done_at=now)
    fire_step(incident=incident, step=0, now=now, also=also)


def pull_next_step(*, incident: Incident, after: int, now: datetime) -> None:
    """The step that waits behind ``after`` is due now: what was sent can no longer wake
    anybody. Nothing changes when it has fired already.

    A new round keeps its distance from the beginning of the last one.
    """
    plan = plan_from(incident.policy_snapshot)
    waiting = (
        DueRow.objects.select_for_update(no_key=True)
        .filter(incident=incident, kind=DueRow.Kind.STEP, done_at__isnull=True)
        .order_by("round", "step")
        .first()
    )
    if waiting is None:
        return
    if (waiting.round, waiting.step) != following(plan, incident.round, after):
        return
    earliest = now
    if waiting.round > incident.round:
        began = (
            Page.objects.filter(incident=incident, round=incident.round)
            .order_by("due_at")
            .values_list("due_at", flat=True)
            .first()
        )
        earliest = max(now, (began or now) + round_spacing(plan, waiting.round))
    if waiting.due_at > earliest:
        waiting.due_at = earliest
        waiting.save(update_fields=["due_at"])


def _page_step(
    incident: Incident, plan: Plan, step: int, also: Sequence[Technician], now: datetime
) -> list[Technician]:
    """Everybody whom this step means and who can be reached is paged; who that is."""
    meant = step_at(plan, step)
    people, why_nobody = people_of(meant, plan=plan, now=now)
    people = [*people, *(person for person in also if person not in people)]
    paged = []
    for person in people:
        planned = planned_for(
            person,
            urgency="high",
            channels=meant.channels if meant else (),
            also_unverified=is_last_resort(plan, step),
        )
        if planned:
            queue_planned_pages(
                incident=incident,
                technician=person,
                planned=planned,
                purpose=Page.Purpose.EMERGENCY,
                step=step,
                now=now,
            )
            paged.append(person)
    why: dict[str, Any] = {"reason": why_nobody or "no_contact_method"}
    if paged:
        why = {"technicians": [person.pk for person in paged]}
    enter(
        incident,
        "step_fired" if paged else "nobody_reachable",
        now=now,
        round=incident.round,
        step=step,
        **why,
    )
    return paged


def _all_are_busy(incident: Incident, people: Sequence[Technician]) -> bool:
    """Whether each of them, who are some, owns another incident that goes on."""
    busy = (
        Incident.objects.filter(
            owner__in=people, status__in=[state.value for state in ACTIVE_STATES]
        )
        .exclude(pk=incident.pk)
        .values_list("owner_id", flat=True)
    )
    return {person.pk for person in people} <= set(busy)


def start_round(*, incident: Incident, number: int, now: datetime) -> None:
    """The incident is in this round. What earlier rounds tried in vain is not tried
    again beside it: a provider that comes back must not let loose a flood."""
    incident.round = number
    incident.save(update_fields=["round"])
    Page.objects.filter(
        incident=incident,
        purpose=Page.Purpose.EMERGENCY,
        status=Page.Status.QUEUED,
        round__lt=number,
        sends__gt=0,
    ).update(status=Page.Status.WITHDRAWN, ended_at=now)


def _await_next(incident: Incident, wait: Wait, now: datetime) -> None:
    DueRow.objects.get_or_create(
        incident=incident,
        kind=DueRow.Kind.STEP,
        round=wait.round,
        step=wait.step,
        defaults={"due_at": now + wait.after},
    )


def _await(incident: Incident, wait: Wait, now: datetime) -> None:
    DueRow.objects.update_or_create(
        incident=incident,
        kind=DueRow.Kind.STEP,
        round=wait.round,
        step=wait.step,
        defaults={"due_at": now + wait.after, "done_at": None},
    )
