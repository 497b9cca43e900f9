"""From a page row to the plain order that a pager understands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from emergency.models import Incident, Page, PageAttempt, ReportServer, Technician
from emergency.pagers.base import PageOrder
from emergency.queries.answer_links import answer_url
from emergency.rules.escalation import delay_after, plan_from

ABOUT_THE_ROSTER = (
    *(Page.Purpose.SHIFT, Page.Purpose.HANDOFF),
    Page.Purpose.SUCCESSOR,
)
MOST_NAMED = 3
# For pages that follow no step.
VALID = timedelta(minutes=5)
# What a provider takes, and what leaves a text a chance to arrive.
SHORTEST_VALIDITY, LONGEST_VALIDITY = timedelta(seconds=30), timedelta(hours=10)


def order_for(
    page: Page,
    attempt: PageAttempt,
    *,
    route: str,
    server: str,
    earlier_tokens: tuple[str, ...] = (),
    others: Sequence[Page] = (),
    now: datetime,
) -> PageOrder:
    """What the pager is told. The page comes with its incident, the owner and the
    technician's staff; ``others`` are read out in the same call. ``server`` is what
    ``server_of`` says, or empty."""
    incident = page.incident
    deadline = None
    if incident is not None:
        path = reverse("emergency:incident", args=[incident.reference])
        deadline = timezone.localtime(incident.callback_deadline_at)
    else:
        path = _page_about(page)
    owner = incident.owner if incident else None
    return PageOrder(
        page_id=page.pk,
        attempt_id=attempt.pk,
        token=attempt.token,
        kind=page.kind,
        route=route,
        address=page.address,
        purpose=page.purpose,
        reference=incident.reference if incident else "",
        server=server,
        deadline=f"{deadline:%H:%M}" if deadline else "",
        owner=owner.staff.full_name if owner else "",
        digit=page.digit,
        code=page.code,
        language=page.technician.staff.language,
        desk_url=f"{settings.PUBLIC_BASE_URL}{path}",
        answer_url=answer_url(page),
        values=page.values | _named(page.values) | _digest_of(others),
        started_at=now,
        valid_seconds=round(validity(page).total_seconds()),
        earlier_tokens=earlier_tokens,
        drill=incident is not None and incident.is_drill,
    )


def _page_about(page: Page) -> str:
    """Where the desk shows what a page without an incident is about."""
    if str(page.values.get("code", "")).startswith("reportable_"):
        return reverse("emergency:reportable_case", args=[page.values["case"]])
    board = "roster" if page.purpose in ABOUT_THE_ROSTER else "board"
    return reverse(f"emergency:{board}")


def _named(values: Mapping[str, Any]) -> dict[str, str]:
    """The technician whose key stands in the values, by name. Values are kept for
    long, so that they hold no name."""
    if "person" not in values:
        return {}
    person = Technician.objects.select_related("staff").filter(pk=values["person"])
    return {"person": "".join(str(found) for found in person)}


def validity(page: Page) -> timedelta:
    """How long the provider may try to deliver: as long as the step waits. A page that
    comes hours later is worse than none."""
    if page.incident is None or page.purpose != Page.Purpose.EMERGENCY:
        return VALID
    plan = plan_from(page.incident.policy_snapshot)
    return min(max(delay_after(plan, page.step), SHORTEST_VALIDITY), LONGEST_VALIDITY)


def _digest_of(others: Sequence[Page]) -> dict[str, Any]:
    """What is said of the other emergencies of a digest call: a few by name, the rest
    as a number, because nobody can keep ten in mind."""
    if not others:
        return {}
    named = [
        {
            "reference": page.incident.reference,
            "server": server_of(page.incident),
        }
        for page in others[:MOST_NAMED]
        if page.incident is not None
    ]
    return {"others": named, "more": len(others) - len(named)}


def server_of(incident: Incident) -> str:
    """The first server that we know; a name that a customer typed goes nowhere."""
    known = ReportServer.objects.filter(
        report__incident=incident, server__isnull=False
    ).order_by("report", "pk")
    return known.values_list("server__name", flat=True).first() or ""
