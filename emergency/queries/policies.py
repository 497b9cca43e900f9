"""Escalation policies as the desk shows them."""

from typing import Any

from emergency.models import EscalationPolicy

# What an incident gets when no policy stands: nobody may be turned away for that.
BARE_SNAPSHOT: dict[str, Any] = {
    "policy": "",
    "rounds": 1,
    "duty_manager": None,
    "reminders": [600, 900],
    "quiet": 300.0,
    "repage_after": 1080.0,
    "late_reminder_every": 600.0,
    "silence": 90.0,
    "attempts_needed": 3,
    "idle_after": 3600.0,
    "owner": None,
    "steps": [],
}


def all_policies() -> list[EscalationPolicy]:
    """The one for new incidents first, each with its steps. Five queries."""
    return list(
        EscalationPolicy.objects.select_related("duty_manager__staff", "owner__staff")
        .prefetch_related("steps__schedule", "steps__technician__staff")
        .order_by("-is_default", "name")
    )


def snapshot_for_new(policy: EscalationPolicy | None = None) -> dict[str, Any]:
    """What an incident that is opened now is paged by, to be kept with it: this policy,
    else the one for new incidents."""
    policy = policy or EscalationPolicy.objects.filter(is_default=True).first()
    return policy.snapshot() if policy else BARE_SNAPSHOT
