"""One call for several emergencies: in a storm a telephone rings once, not ten times.

A voice page whose telephone is busy with us waits for the line, at most a minute; what
waits for the same telephone is then read out in one call. Only calls wait, and only
where the text of the same page is on its way already.

The page that is really sent leads; the others point to it and share its fate, each in a
transaction of its own. Every page of a digest keeps its own lease and its own silence:
whatever breaks midway, each of them falls due again by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Min, Q, Value
from django.db.models.functions import Coalesce

from emergency import wake
from emergency.actions.failure import page_failed
from emergency.actions.timeline import enter, enter_all
from emergency.models import Incident, Page
from emergency.rules.states import Verb, sources

HELD = "digest"
LONGEST_WAIT = timedelta(seconds=60)
# Ringing and three rounds of speech; a call that reports nothing is over by then.
LONGEST_CALL = timedelta(seconds=90)
# Names a lock of PostgreSQL together with the telephone's number.
LOCK = 20_711


def take_the_line(page_id: int) -> None:
    """Nobody else decides about calls to this page's telephone until the transaction
    ends. Taken before any row is locked, so that nobody waits for it with a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(address)) FROM emergency_page"
            " WHERE id = %s AND kind = 'voice' AND purpose = 'emergency'",
            [LOCK, page_id],
        )


def hold(page: Page, now: datetime) -> bool:
    """Whether the page waits for its telephone, which then stands in the row.

    All that wait for one telephone are due together. A page waits once.
    """
    if not _line_is_busy(page, now) or not _may_wait(page, now):
        return False
    waiting = Page.objects.filter(
        kind="voice",
        address=page.address,
        status=Page.Status.QUEUED,
        held_reason=HELD,
    )
    first = waiting.aggregate(first=Min("due_at"))["first"]
    until = min(first or now + LONGEST_WAIT, now + LONGEST_WAIT)
    if until <= now:
        return False
    page.due_at, page.held_reason = until, HELD
    page.save(update_fields=["due_at", "held_reason"])
    if page.incident is not None:
        enter(page.incident, "page_held", now=now, **_named(page))
    return True


def gather(lead: Page, now: datetime) -> list[Page]:
    """Every other emergency that waits for the same telephone now goes in this call;
    its pages are held by the same lease. A drill is never read out with a real one. The
    lead is locked by the caller."""
    if lead.kind != "voice" or lead.purpose != Page.Purpose.EMERGENCY:
        return []
    waiting = (
        Q(status=Page.Status.QUEUED) & (Q(held_reason=HELD) | Q(due_at__lte=now))
    ) | Q(status=Page.Status.CLAIMED, lease_until__lt=now)
    members = list(
        Page.objects.filter(
            waiting,
            kind="voice",
            purpose=Page.Purpose.EMERGENCY,
            address=lead.address,
            technician=lead.technician_id,
            incident__status__in=sources(Verb.ACKNOWLEDGE),
            incident__is_drill=lead.incident is not None and lead.incident.is_drill,
        )
        .exclude(pk=lead.pk)
        .exclude(incident=lead.incident_id)
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("incident")
        .order_by("due_at", "pk")
    )
    Page.objects.filter(pk__in=[page.pk for page in members]).update(
        status=Page.Status.CLAIMED,
        lease_until=lead.lease_until,
        sends=F("sends") + 1,
        held_reason="",
        digest=lead,
    )
    enter_all(
        [(page.incident, _named(page)) for page in members if page.incident],
        "read_together",
        now=now,
    )
    return members


def follow(*, lead_id: int, now: datetime) -> None:
    """The pages of a digest call are where the page is that was really sent."""
    members = Page.objects.filter(
        digest=lead_id, status__in=[Page.Status.CLAIMED, Page.Status.SENT]
    )
    if not members.exists():
        return
    lead = Page.objects.get(pk=lead_id)
    if lead.status in {Page.Status.SENT, Page.Status.DELIVERED}:
        # Nothing else follows from it, so a storm needs one statement, not hundreds.
        members.update(
            status=Page.Status.SENT,
            sent_at=Coalesce("sent_at", Value(now)),
            lease_until=None,
        )
        return
    for page_id in list(members.values_list("pk", flat=True)):
        with transaction.atomic():
            _follow(page_id, lead_id, now)


def open_members(lead_id: int) -> Sequence[Page]:
    """The pages of a digest call that nobody has answered."""
    return list(
        Page.objects.filter(digest=lead_id, answered_at__isnull=True)
        .exclude(status=Page.Status.WITHDRAWN)
        .select_related("technician__staff")
        .order_by("pk")
    )


def line_is_free(*, address: str, now: datetime) -> None:
    """What waits for this telephone is due now."""
    waiting = Page.objects.filter(
        kind="voice",
        address=address,
        status=Page.Status.QUEUED,
        held_reason=HELD,
        due_at__gt=now,
    )
    pages = list(waiting.values_list("pk", flat=True))
    if pages:
        waiting.filter(pk__in=pages).update(due_at=now)
        # One of them takes the others along.
        wake.nudge(wake.SEND_PAGE, [(page_id,) for page_id in pages[:1]])


def _may_wait(page: Page, now: datetime) -> bool:
    """Only a call that has not waited yet, and whose text is on its way: the first
    page of an incident goes at once."""
    return (
        page.kind == "voice"
        and page.purpose == Page.Purpose.EMERGENCY
        and page.sends == 0
        and page.held_reason != HELD
        and Page.objects.filter(
            incident=page.incident_id,
            technician=page.technician_id,
            round=page.round,
            purpose=Page.Purpose.EMERGENCY,
        )
        .exclude(kind="voice")
        .exclude(status__in=[Page.Status.FAILED, Page.Status.WITHDRAWN])
        .exclude(status=Page.Status.QUEUED, due_at__gt=now)
        .exists()
    )


def _line_is_busy(page: Page, now: datetime) -> bool:
    return (
        Page.objects.filter(
            Q(status=Page.Status.CLAIMED, lease_until__gte=now)
            | Q(status=Page.Status.SENT, sent_at__gt=now - LONGEST_CALL),
            kind="voice",
            address=page.address,
        )
        .exclude(incident=page.incident_id)
        .exists()
    )


def _follow(page_id: int, lead_id: int, now: datetime) -> None:
    """The call failed, or is to be made again, for this page as well."""
    incident_id = Page.objects.values_list("incident", flat=True).get(pk=page_id)
    Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    page = Page.objects.select_for_update(no_key=True).get(pk=page_id)
    lead = Page.objects.get(pk=lead_id)
    failed = lead.status == Page.Status.FAILED
    if page.digest_id != lead_id or page.status not in {
        Page.Status.CLAIMED,
        Page.Status.SENT,
    }:
        return
    if not failed and lead.status != Page.Status.QUEUED:
        return
    page.status, page.error_code = lead.status, lead.error_code
    page.due_at, page.held_reason = lead.due_at, lead.held_reason
    page.ended_at = now if failed else None
    page.lease_until = None
    page.save()
    if failed or page.sends == 1:
        page_failed(page=page, error_code=lead.error_code, now=now)


def _named(page: Page) -> dict[str, Any]:
    """What the timeline keeps of a page."""
    return {"page": page.pk, "kind": page.kind, "technician": page.technician_id}
