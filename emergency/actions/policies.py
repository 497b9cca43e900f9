"""Escalation policies as staff set them up. Running incidents keep their snapshot."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.models import EscalationPolicy, EscalationStep, Staff

POLICY_FIELDS = (
    *("name", "rounds", "duty_manager", "owner", "reminders", "silence"),
    *("quiet_after_acknowledgement", "repage_after", "late_reminder_every"),
    *("attempts_needed", "idle_after"),
)


def save_policy(
    *,
    policy_id: int | None,
    values: Mapping[str, Any],
    steps: Sequence[Mapping[str, Any]],
    staff: Staff,
    now: datetime,
) -> EscalationPolicy:
    """The policy (a new one without ``policy_id``) and its steps are as given.

    With ``is_default`` it is the one that new incidents are opened with, and no other
    is. Raises EscalationPolicy.DoesNotExist.
    """
    with transaction.atomic():
        # In one order, so that two who save at once wait for each other.
        list(EscalationPolicy.objects.select_for_update().order_by("pk"))
        policy = (
            EscalationPolicy()
            if policy_id is None
            else EscalationPolicy.objects.get(pk=policy_id)
        )
        changed = [n for n in POLICY_FIELDS if getattr(policy, n) != values[n]]
        for name in POLICY_FIELDS:
            setattr(policy, name, values[name])
        if values["is_default"]:
            others = EscalationPolicy.objects.filter(is_default=True)
            others.exclude(pk=policy.pk).update(is_default=False)
            policy.is_default = True
        policy.save()
        policy.steps.all().delete()
        EscalationStep.objects.bulk_create(
            [
                EscalationStep(policy=policy, position=position, **step)
                for position, step in enumerate(steps)
            ]
        )
        record(
            Area.POLICY,
            "policy_added" if policy_id is None else "policy_changed",
            now=now,
            by=staff,
            about=f"policy:{policy.pk}",
            default=policy.is_default,
            fields=changed,
            steps=len(steps),
        )
    return policy
