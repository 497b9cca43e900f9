"""The rehearsal pages whom the engine pages, and when, whatever the policy."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from emergency.actions.escalate import take_one_decision
from emergency.actions.failure import page_failed
from emergency.models import (
    ContactMethod,
    DueRow,
    NotificationRule,
    Override,
    Page,
    Schedule,
    Technician,
)
from emergency.queries.what_if import WhatIf, what_if
from tests import people
from tests.examples import TIMES
from tests.integration.desk.policies import policy

RINGING = timedelta(seconds=25)


def engine_pages(opened_at: datetime, until: datetime) -> list[tuple[Any, ...]]:
    """An order at ``opened_at`` and everything that is paged before ``until``."""
    incident = people.report(now=opened_at)
    now = opened_at
    while now < until:
        for page in Page.objects.due(now).order_by("pk"):
            Page.objects.filter(pk=page.pk).update(status="sent", sent_at=now, sends=1)
        calls = Page.objects.filter(
            status="sent", kind="voice", sent_at__lte=now - RINGING
        )
        for page in calls.order_by("pk"):
            with transaction.atomic():
                Page.objects.filter(pk=page.pk).update(status="failed", ended_at=now)
                page.refresh_from_db()
                page_failed(page=page, error_code="no-answer", now=now)
        while take_one_decision(now=now):
            pass
        now = next_instant(now)
    return sorted(
        (
            page.sent_at,
            page.round,
            page.step,
            page.technician_id,
            page.kind,
            page.address,
        )
        for page in incident.pages.filter(purpose="emergency", sent_at__lt=until)
    )


def next_instant(now: datetime) -> datetime:
    waiting = list(
        Page.objects.filter(status="queued").values_list("due_at", flat=True)
    )
    waiting += list(
        DueRow.objects.filter(done_at__isnull=True).values_list("due_at", flat=True)
    )
    ringing = Page.objects.filter(status="sent", kind="voice")
    waiting += [at + RINGING for at in ringing.values_list("sent_at", flat=True) if at]
    return max(min(waiting), now)


def rehearsed_pages(found: WhatIf, until: datetime) -> list[tuple[Any, ...]]:
    return sorted(
        (way.at, step.round - 1, step.number - 1, row.person.pk, way.kind, way.ending)
        for step in found.steps
        for row in step.people
        for way in row.ways
        if way.at < until
    )


targets = st.sampled_from(("schedule", "duty_manager", "everyone", "technician"))
steps = st.lists(st.tuples(targets, st.integers(1, 6)), max_size=4)
kinds = st.lists(st.sampled_from(("voice", "sms", "email")), max_size=4)
minute = st.integers(0, 5)


@settings(
    max_examples=6 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=steps,
    rounds=st.integers(1, 3),
    kinds=st.lists(kinds, min_size=3, max_size=3),
    delays=st.lists(minute, max_size=4),
    channel=st.sampled_from(([], ["voice"], ["sms"])),
    owner=st.booleans(),
    hour=st.integers(0, 24 * 14 * 4).map(lambda quarters: quarters / 4),
    change=st.none() | st.tuples(st.sampled_from(("replace", "add", "remove")), minute),
)
# A rule of one's own whose later ways are pulled, another number of the kind.
@example(
    steps=[("schedule", 4), ("everyone", 2)],
    rounds=2,
    kinds=[["voice", "sms", "voice", "voice"], ["voice", "voice"], ["voice"]],
    delays=[0, 2, 3, 5],
    channel=[],
    owner=True,
    hour=0,
    change=("replace", 1),
)
# Only numbers, without a rule: the second one follows the first.
@example(
    steps=[("duty_manager", 3), ("schedule", 5)],
    rounds=3,
    kinds=[["sms"], ["email"], ["voice", "voice", "sms", "voice"]],
    delays=[],
    channel=["voice"],
    owner=False,
    hour=6 * 24 + 5.75,  # the weekly hand-off comes while it is paged
    change=None,
)
def test_the_rehearsal_pages_whom_the_engine_pages(
    desk, manager, steps, rounds, kinds, delays, channel, owner, hour, change
) -> None:
    everybody = [desk.anna, desk.bernd, manager]
    opened_at = desk.clock.now + timedelta(hours=hour)
    until = opened_at + timedelta(minutes=30)
    with transaction.atomic():
        reachable_by(everybody, kinds, delays)
        made = policy(*steps, rounds=rounds)
        made.owner = desk.bernd if owner else None
        made.duty_manager = manager if kinds[2] else None
        made.save()
        made.steps.update(channels=channel)
        if change is not None:
            kind, ahead = change
            Override.objects.create(
                schedule=Schedule.objects.get(),
                kind=kind,
                technician=None if kind == "remove" else manager,
                replaced=None if kind == "add" else desk.anna,
                starts_at=opened_at + timedelta(minutes=3 * ahead),
                ends_at=opened_at + timedelta(days=1),
            )
        found = what_if(
            opened_at=opened_at,
            within=timedelta(minutes=30),
            busy=[],
            nobody_answers=True,
        )
        assert not Page.objects.exists()
        done = engine_pages(opened_at, until)
        assert rehearsed_pages(found, until) == [
            (*rest, address[-4:] if kind in {"voice", "sms"} else "")
            for *rest, kind, address in done
            for rest in [[*rest, kind]]
        ]
        transaction.set_rollback(True)


def reachable_by(
    everybody: list[Technician], kinds: list[list[str]], delays: list[int]
) -> None:
    """Each has ways of these kinds, the first two of them with rules of their own."""
    ContactMethod.objects.all().delete()
    for number, (person, own) in enumerate(zip(everybody, kinds, strict=True)):
        methods = [
            ContactMethod.objects.create(
                technician=person,
                kind=kind,
                address=f"+43660{number}{place:04d}",
                position=place,
                verified_at=people.NIGHT if place != 2 else None,
            )
            for place, kind in enumerate(own)
        ]
        if number < 2:
            for method, delay in zip(methods, delays, strict=False):
                NotificationRule.objects.create(
                    technician=person,
                    urgency="high",
                    contact_method=method,
                    delay=timedelta(minutes=delay),
                )
