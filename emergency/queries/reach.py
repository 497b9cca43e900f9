"""How people can be reached, as their page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emergency.models import (
    ContactMethod,
    NotificationRule,
    Page,
    Schedule,
    Staff,
    Technician,
)
from emergency.queries.roster import roster_of
from emergency.rules.reachability import Planned
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
class TestLine:
    """One test page; ``seconds`` went by from sending it to its answer, if any."""

    page: Page
    seconds: int | None


@dataclass(frozen=True, kw_only=True)
class ReachView:
    """Everything about how one person is reached. ``rings`` is False when no verified
    telephone would ring for them."""

    technician: Technician
    lines: tuple[MethodLine, ...]
    rings: bool
    last_tests: tuple[TestLine, ...]


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
        last_tests=tuple(map(_test_line, newest)),
    )


def shown_address(method: ContactMethod) -> str:
    """The address as people may read it: a push address holds secrets."""
    if method.kind != ContactMethod.Kind.PUSH:
        return method.address
    scheme, _, rest = method.address.partition("://")
    return f"{scheme}://{rest[:3]}…"


def plan_in_words(lines: Sequence[MethodLine], planned: Sequence[Planned]) -> str:
    """What a page will do, said in one sentence; empty when it would do nothing."""
    shown = {line.method.pk: line.shown for line in lines}
    parts = []
    for delay, group in groupby(planned, key=lambda one: one.delay):
        ways = ", ".join(
            f"{ContactMethod.Kind(one.method.kind).label} {shown[one.method.key]}"
            for one in group
        )
        minutes = round(delay.total_seconds() / 60)
        words = (
            ngettext(
                "after %(minutes)d minute: %(ways)s",
                "after %(minutes)d minutes: %(ways)s",
                minutes,
            )
            if minutes
            else _("at once: %(ways)s")
        )
        parts.append(words % {"minutes": minutes, "ways": ways})
    return "; ".join(parts)


def _test_line(page: Page) -> TestLine:
    if page.answered_at is None:
        return TestLine(page=page, seconds=None)
    took = page.answered_at - (page.sent_at or page.due_at)
    return TestLine(page=page, seconds=max(0, round(took.total_seconds())))


def cannot_be_reached(staff: Staff) -> bool:
    """Whether pages go to this person and no verified telephone would ring. One
    query."""
    ringing = ContactMethod.objects.usable().filter(kind=ContactMethod.Kind.VOICE)
    return (
        Technician.objects.filter(staff=staff, is_house_phone=False)
        .exclude(pk__in=ringing.values("technician"))
        .exists()
    )


def on_call_soon(technician: Technician, now: datetime, *, within: timedelta) -> bool:
    """Whether a shift of this person lies within this time."""
    return any(
        shift.technician == technician.pk
        for schedule in Schedule.objects.all()
        for shift in shifts(roster_of(schedule), now, now + within)
    )
