"""Firing an escalation step: people are resolved and page rows written.

Everything here runs inside the caller's transaction, with the incident row locked or
just created.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Coalesce

from emergency import wake
from emergency.actions.identifiers import new_code, new_digit
from emergency.actions.roster import methods_of, people_of
from emergency.actions.timeline import enter
from emergency.models import DropOut, DueRow, HandOff, Incident, Page, Technician
from emergency.rules.escalation import (
    Method,
    delay_after,
    first_methods,
    following,
    is_last_resort,
    plan_from,
    round_spacing,
)

RETRY_WHEN_NOBODY = timedelta(seconds=60)


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
    pages = Page.objects.bulk_create(
        [
            Page(
                incident=incident,
                hand_off=hand_off,
                drop_out=drop_out,
                technician=technician,
                contact_method_id=method.key,
                kind=method.kind,
                address=method.address,
                purpose=purpose,
                round=incident.round if incident else 0,
                step=step,
                digit=new_digit() if method.kind == "voice" else "",
                code=new_code() if method.kind == "sms" else "",
                due_at=now,
                values=dict(values or {}),
            )
            for method in methods
        ]
    )
    wake.pages_after_commit([page.pk for page in pages])
    return pages


def mark_answered(page: Page, now: datetime) -> None:
    """Somebody answered, so it was sent, whether or not our sender could say so."""
    Page.objects.filter(pk=page.pk).update(
        answered_at=now,
        status=Page.Status.DELIVERED,
        sent_at=Coalesce("sent_at", now),
        lease_until=None,
        ended_at=now,
    )


def fire_step(
    *,
    incident: Incident,
    step: int,
    now: datetime,
    also: Sequence[Technician] = (),
) -> None:
    """The people of this step are paged now and the following step has its due row.

    A step that reaches nobody says so in the timeline and moves on at once; when nobody
    at all can be reached the chain tries again after a minute.
    """
    plan = plan_from(incident.policy_snapshot)
    extra = list(also)
    for _ in range((len(plan.steps) + 1) * plan.rounds):
        last_resort = is_last_resort(plan, step)
        people, why_nobody = people_of(
            None if last_resort else plan.steps[step], plan=plan, now=now
        )
        people += [person for person in extra if person not in people]
        paged = _page_people(
            incident, people, step=step, now=now, also_unverified=last_resort
        )
        if paged:
            enter(
                incident,
                "step_fired",
                now=now,
                round=incident.round,
                step=step,
                technicians=[person.pk for person in paged],
            )
            _await_next(incident, step, now + delay_after(plan, step))
            return
        enter(
            incident,
            "nobody_reachable",
            now=now,
            round=incident.round,
            step=step,
            reason=why_nobody or "no_contact_method",
        )
        next_round, step = following(plan, incident.round, step)
        if next_round != incident.round:
            start_round(incident=incident, number=next_round, now=now)
    _await(incident, step, now + RETRY_WHEN_NOBODY)


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


def _page_people(
    incident: Incident,
    people: Sequence[Technician],
    *,
    step: int,
    now: datetime,
    also_unverified: bool,
) -> list[Technician]:
    paged = []
    for person in people:
        methods = methods_of(person, also_unverified=also_unverified)
        chosen = methods if also_unverified else first_methods(methods)
        if chosen:
            queue_pages(
                incident=incident,
                technician=person,
                methods=chosen,
                purpose=Page.Purpose.EMERGENCY,
                step=step,
                now=now,
            )
            paged.append(person)
    return paged


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


def _await_next(incident: Incident, step: int, due_at: datetime) -> None:
    plan = plan_from(incident.policy_snapshot)
    next_round, next_step = following(plan, incident.round, step)
    DueRow.objects.get_or_create(
        incident=incident,
        kind=DueRow.Kind.STEP,
        round=next_round,
        step=next_step,
        defaults={"due_at": due_at},
    )


def _await(incident: Incident, step: int, due_at: datetime) -> None:
    DueRow.objects.update_or_create(
        incident=incident,
        kind=DueRow.Kind.STEP,
        round=incident.round,
        step=step,
        defaults={"due_at": due_at, "done_at": None},
    )
