"""Sending one page: claim, provider, record. At least once, never lost.

No network call happens inside a transaction. The attempt and its token are written
before the provider is asked; an attempt whose outcome was never recorded is looked up
at the provider before the page is sent again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from emergency.actions.delivery import (
    apply_word,
    lock_incident_of,
    locked_attempt,
    page_failed,
)
from emergency.actions.identifiers import new_token
from emergency.models import Page, PageAttempt
from emergency.pagers.base import PageOrder, Pager, PagerError, Receipt
from emergency.pagers.directory import PAGERS
from emergency.rules.states import Verb, sources

logger = logging.getLogger(__name__)

# Longer than the provider's time limits for a look-up and a send together: each may
# spend TWILIO_TIMEOUT_SECONDS on the connection and as long again on the answer.
LEASE = timedelta(seconds=30)
# A provider may be away for a while. Retries of a round end when the next one begins.
RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(seconds=30)
MOST_SENDS = 40
CLOCK_SKEW = timedelta(seconds=5)


def send_page(*, page_id: int, clock: Callable[[], datetime]) -> bool:
    """The page is with its provider, or its failure is recorded and the next way to
    reach somebody is already due. False when the page was not due (any more)."""
    claimed = claim(page_id=page_id, now=clock())
    if claimed is None:
        return False
    order, unanswered_since = claimed
    pager = PAGERS[order.kind]
    try:
        receipt = _left_behind(pager, order, unanswered_since) or pager.send(order)
    except PagerError as error:
        record_refusal(order=order, error=error, now=clock())
    except Exception:
        # A pager that breaks is a failed page, not a lost one.
        logger.exception("page %s could not be sent", order.page_id)
        record_refusal(
            order=order, error=PagerError("pager_broke", unknown=True), now=clock()
        )
    else:
        record_receipt(order=order, receipt=receipt, now=clock())
    return True


def claim(*, page_id: int, now: datetime) -> tuple[PageOrder, datetime | None] | None:
    """This process holds the page until the lease ends, and a new attempt is written.

    Also answers since when an earlier attempt has been without an outcome, if one is.
    None when the page is not due, is held by somebody else or is no longer needed.
    """
    with transaction.atomic():
        page = (
            # Not through a subquery: PostgreSQL looks at the conditions again after it
            # waited for the row, but a subquery would still see the row as it was.
            Page.objects.due(now)
            .filter(pk=page_id)
            .select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("incident__owner__staff", "technician__staff")
            .first()
        )
        if page is None:
            return None
        if _is_pointless(page):
            page.status = Page.Status.WITHDRAWN
            page.ended_at = now
            page.save(update_fields=["status", "ended_at"])
            return None
        unanswered = (
            page.attempts.filter(finished_at__isnull=True)
            .order_by("started_at")
            .values_list("started_at", flat=True)
            .first()
        )
        page.status = Page.Status.CLAIMED
        page.lease_until = now + LEASE
        page.sends += 1
        page.save(update_fields=["status", "lease_until", "sends"])
        attempt = PageAttempt.objects.create(
            page=page,
            token=new_token(),
            started_at=now,
            provider=PAGERS[page.kind].provider,
        )
        return _order(page, attempt, now), unanswered


def record_receipt(*, order: PageOrder, receipt: Receipt, now: datetime) -> None:
    """The page is sent, under the provider's id. Earlier open attempts are settled.

    What was left behind at the provider may have failed long ago: then the next way is
    due at once.
    """
    with transaction.atomic():
        attempt = locked_attempt(order.token)
        PageAttempt.objects.filter(
            page_id=order.page_id, finished_at__isnull=True
        ).update(finished_at=now)
        attempt.provider = receipt.provider
        attempt.provider_id = receipt.provider_id
        attempt.save(update_fields=["provider", "provider_id"])
        page = attempt.page
        # A callback may have been quicker than our own record: never step back. A slow
        # sender may have been given up meanwhile: what was taken is not sent again.
        if page.status in {Page.Status.CLAIMED, Page.Status.QUEUED}:
            page.status = Page.Status.DELIVERED if receipt.final else Page.Status.SENT
            page.sent_at = now
            page.ended_at = now if receipt.final else None
            page.lease_until = None
            page.save(update_fields=["status", "sent_at", "ended_at", "lease_until"])
        apply_word(
            attempt,
            kind=order.kind,
            provider_id=receipt.provider_id,
            word=receipt.status,
            now=now,
        )


def record_refusal(*, order: PageOrder, error: PagerError, now: datetime) -> None:
    """The failure stands in the attempt. A permanent one ends the page; any other
    queues it again for a few tries. Either way the next way is due at once.

    The failure of a sender whose lease ended is only noted: another one is at it."""
    with transaction.atomic():
        lock_incident_of(Page.objects.get(pk=order.page_id))
        page = Page.objects.select_for_update(no_key=True).get(pk=order.page_id)
        PageAttempt.objects.filter(pk=order.attempt_id).update(
            error_code=error.code, finished_at=None if error.unknown else now
        )
        overtaken = page.attempts.filter(pk__gt=order.attempt_id).exists()
        if page.status != Page.Status.CLAIMED or overtaken:
            return
        give_up = error.permanent or page.sends >= MOST_SENDS
        page.status = Page.Status.FAILED if give_up else Page.Status.QUEUED
        page.error_code = error.code
        page.lease_until = None
        page.ended_at = now if give_up else None
        page.due_at = now + min(RETRY * page.sends, LONGEST_RETRY)
        page.save(
            update_fields=["status", "error_code", "lease_until", "ended_at", "due_at"]
        )
        # What follows from a failure follows once, however often it is tried again.
        if page.sends == 1 or give_up:
            page_failed(page=page, error_code=error.code, now=now)


def _left_behind(
    pager: Pager, order: PageOrder, unanswered_since: datetime | None
) -> Receipt | None:
    """What an earlier attempt left at the provider, if that is beyond doubt.

    A call cannot be told from another call to the same number but by who asked for it:
    with a second open attempt to that number the page is sent again, and so it is when
    the provider cannot be asked. Twice is better than never.
    """
    if unanswered_since is None:
        return None
    since = unanswered_since - CLOCK_SKEW
    rivals = (
        PageAttempt.objects.filter(
            page__kind=order.kind,
            page__address=order.address,
            started_at__gte=since,
            finished_at__isnull=True,
        )
        .exclude(page_id=order.page_id)
        .exists()
    )
    try:
        found = [] if rivals else pager.find(order, since)
    except PagerError as error:
        logger.warning("page %s cannot be looked up: %s", order.page_id, error.code)
        return None
    known = set(
        PageAttempt.objects.filter(
            provider_id__in=[receipt.provider_id for receipt in found]
        ).values_list("provider_id", flat=True)
    )
    unclaimed = [receipt for receipt in found if receipt.provider_id not in known]
    return unclaimed[0] if len(unclaimed) == 1 else None


def _is_pointless(page: Page) -> bool:
    incident = page.incident
    if incident is None:
        return False
    if page.purpose == Page.Purpose.EMERGENCY:
        return incident.status not in sources(Verb.ACKNOWLEDGE)
    if page.purpose in {Page.Purpose.REMINDER, Page.Purpose.MISSED}:
        return incident.status not in sources(Verb.REACH)
    if page.purpose == Page.Purpose.TAKEN:
        # Released meanwhile: "nothing to do for you" would be a lie.
        return incident.owner is None or incident.owner == page.technician
    return False


def _order(page: Page, attempt: PageAttempt, now: datetime) -> PageOrder:
    incident = page.incident
    known = deadline = None
    path = reverse("emergency:board")
    if incident is not None:
        report = incident.reports.order_by("pk").first()
        known = report.servers.filter(server__isnull=False).first() if report else None
        path = reverse("emergency:incident", args=[incident.reference])
        deadline = timezone.localtime(incident.callback_deadline_at)
    owner = incident.owner if incident else None
    return PageOrder(
        page_id=page.pk,
        attempt_id=attempt.pk,
        token=attempt.token,
        kind=page.kind,
        address=page.address,
        purpose=page.purpose,
        reference=incident.reference if incident else "",
        server=known.server.name if known and known.server else "",
        deadline=f"{deadline:%H:%M}" if deadline else "",
        owner=owner.staff.full_name if owner else "",
        digit=page.digit,
        code=page.code,
        language=page.technician.staff.language,
        desk_url=f"{settings.PUBLIC_BASE_URL}{path}",
        values=page.values,
        started_at=now,
        valid_seconds=300,
    )
