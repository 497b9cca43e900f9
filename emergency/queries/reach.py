"""How people can be reached, as their page shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from emergency.models import ContactMethod, NotificationRule, Page, Schedule, Technician
from emergency.queries.roster import roster_of
from emergency.rules.rotation import shifts

# How long a code or key for verifying counts.
PROOF_COUNTS = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class MethodLine:
    """One contact method. ``asked`` is a proof under way; ``delays`` are minutes by
    urgency, None where the method is not used for it."""

    method: ContactMethod
    asked: Page | None
    shown: str
    high: int | None
    low: int | None

    @property
    def is_usable(self) -> bool:
        return self.method.verified_at is not None and self.method.disabled_at is None


@dataclass(frozen=True, kw_only=True)
class ReachView:
    """Everything about how one person is reached. ``rings`` is False when no verified
    telephone would ring for them."""

    technician: Technician
    lines: tuple[MethodLine, ...]
    rings: bool
    last_tests: tuple[Page, ...]


def reach_view(technician: Technician, now: datetime) -> ReachView:
    """The page of this technician at ``now``. Four queries."""
    methods = list(technician.contact_methods.order_by("position", "pk"))
    asked = {
        page.contact_method_id: page
        for page in technician.page_set.filter(
            purpose=Page.Purpose.VERIFY,
            due_at__gt=now - PROOF_COUNTS,
            answered_at__isnull=True,
        ).order_by("pk")
    }
    delays: dict[tuple[int, str], int] = {
        (rule.contact_method_id, rule.urgency): round(rule.delay.total_seconds() / 60)
        for rule in NotificationRule.objects.filter(technician=technician)
    }
    lines = tuple(
        MethodLine(
            method=method,
            asked=asked.get(method.pk),
            shown=shown_address(method),
            high=delays.get((method.pk, "high")),
            low=delays.get((method.pk, "low")),
        )
        for method in methods
    )
    newest = technician.page_set.filter(purpose=Page.Purpose.TEST).order_by("-pk")[:8]
    return ReachView(
        technician=technician,
        lines=lines,
        rings=any(line.is_usable and line.method.kind == "voice" for line in lines),
        last_tests=tuple(newest),
    )


def shown_address(method: ContactMethod) -> str:
    """The address as people may read it: a push address holds secrets."""
    if method.kind != ContactMethod.Kind.PUSH:
        return method.address
    scheme, _, rest = method.address.partition("://")
    return f"{scheme}://{rest[:3]}…"


def can_ring(technician: Technician) -> bool:
    """Whether a verified telephone would ring for this person. One query."""
    return technician.contact_methods.usable().filter(kind="voice").exists()


def on_call_soon(technician: Technician, now: datetime, *, within: timedelta) -> bool:
    """Whether a shift of this person lies within this time."""
    return any(
        shift.technician == technician.pk
        for schedule in Schedule.objects.all()
        for shift in shifts(roster_of(schedule), now, now + within)
    )
