"""Escalation policies as the desk shows them."""

from emergency.models import EscalationPolicy


def all_policies() -> list[EscalationPolicy]:
    """The one for new incidents first, each with its steps. Five queries."""
    return list(
        EscalationPolicy.objects.select_related("duty_manager__staff", "owner__staff")
        .prefetch_related("steps__schedule", "steps__technician__staff")
        .order_by("-is_default", "name")
    )
