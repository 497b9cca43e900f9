"""Sending one page: claim, provider, record. At least once, never lost.

No network call happens inside a transaction. The attempt and its token are written
before the provider is asked; an attempt whose outcome was never recorded is looked up
at the provider before the page is sent again.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.delivery import (
    apply_word,
    lock_incident_of,
    locked_attempt,
)
from emergency.actions.digest import follow, gather, hold, line_is_free, take_the_line
from emergency.actions.failure import page_failed
from emergency.actions.identifiers import new_token
from emergency.actions.page_order import order_for
from emergency.actions.reconcile import left_behind
from emergency.actions.routes import order_of_routes, record_failure, record_success
from emergency.actions.timeline import enter
from emergency.models import Incident, Page, PageAttempt
from emergency.pagers.base import PageOrder, PagerError, Receipt
from emergency.pagers.directory import ROUTES, route_of
from emergency.rules.breaker import another_route_helps
from emergency.rules.delivery import failure_class
from emergency.rules.states import WAITING_STATES, Verb, sources

logger = logging.getLogger(__name__)

# Longer than the provider's time limits for a look-up and a send together: each may
# spend TWILIO_TIMEOUT_SECONDS on the connection and as long again on the answer.
LEASE = timedelta(seconds=30)
# A provider may be away for a while. Retries of a round end when the next one begins.
RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(seconds=30)
LONGEST_WAIT_ASKED_FOR = timedelta(minutes=2)
MOST_SENDS = 40
URGENT = (Page.Purpose.EMERGENCY, Page.Purpose.REMINDER, Page.Purpose.MISSED)


def send_page(*, page_id: int, clock: Callable[[], datetime]) -> bool:
    """The page is with a provider, or its failure is recorded and the next way to
    reach somebody is already due. False when the page was not due (any more).

    What one route refuses goes by the next in the same send.
    """
    claimed = claim(page_id=page_id, now=clock())
    if claimed is None:
        return False
    order, unanswered_since = claimed
    tried = [order.route]
    while True:
        try:
            receipt = left_behind(order, unanswered_since) or ROUTES[order.route].send(
                order
            )
        except PagerError as error:
            refusal = error
        except Exception:
            # A pager that breaks is a failed page, not a lost one.
            logger.exception("page %s could not be sent", order.page_id)
            refusal = PagerError("pager_broke", unknown=True)
        else:
            record_receipt(order=order, receipt=receipt, now=clock())
            _tell_the_digest(order, clock())
            record_success(route=order.route, now=clock())
            if receipt.warning:
                record_failure(route=order.route, code=receipt.warning, now=clock())
            return True
        another = by_another_route(order=order, error=refusal, tried=tried, now=clock())
        if another is None:
            record_refusal(order=order, error=refusal, now=clock())
            _tell_the_digest(order, clock())
            record_failure(route=order.route, code=refusal.code, now=clock())
            return True
        record_failure(route=order.route, code=refusal.code, now=clock())
        order, unanswered_since = another, None
        tried.append(order.route)


def claim(*, page_id: int, now: datetime) -> tuple[PageOrder, datetime | None] | None:
    """This process holds the page until the lease ends, and a new attempt is written.

    Also answers since when an earlier attempt has been without an outcome, if one is.
    None when the page is not due, is held by somebody else or is no longer needed.
    """
    with transaction.atomic():
        take_the_line(page_id)
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
        if hold(page, now):
            return None
        route = _first_route(page, now)
        earlier = _unanswered(page, route)
        page.status = Page.Status.CLAIMED
        page.lease_until = now + LEASE
        page.sends += 1
        page.held_reason, page.digest = "", None
        page.save(
            update_fields=["status", "lease_until", "sends", "held_reason", "digest"]
        )
        order = order_for(
            page,
            _new_attempt(page, route, now),
            route=route,
            earlier_tokens=tuple(attempt.token for attempt in earlier),
            others=gather(page, now),
            now=now,
        )
        return order, earlier[0].started_at if earlier else None


def by_another_route(
    *, order: PageOrder, error: PagerError, tried: Sequence[str], now: datetime
) -> PageOrder | None:
    """The same page, now held for a route that was not tried yet, with an attempt and
    a lease of its own. None where no other route is left, where none would help, or
    where somebody else has the page by now."""
    if order.values.get("route") or not another_route_helps(
        failure_class(order.kind, error.code)
    ):
        return None
    left = [r for r in order_of_routes(order.kind, now) if r not in tried]
    if not left:
        return None
    with transaction.atomic():
        page = (
            Page.objects.select_for_update(no_key=True, of=("self",))
            .select_related("incident__owner__staff", "technician__staff")
            .get(pk=order.page_id)
        )
        overtaken = page.attempts.filter(pk__gt=order.attempt_id).exists()
        if page.status != Page.Status.CLAIMED or overtaken:
            return None
        _settle(order, error, now)
        page.lease_until = now + LEASE
        page.save(update_fields=["lease_until"])
        if page.incident is not None:
            enter(
                page.incident,
                "other_route",
                now=now,
                page=page.pk,
                kind=page.kind,
                route=left[0],
                error=error.code,
            )
        attempt = _new_attempt(page, left[0], now)
        return order_for(page, attempt, route=left[0], now=now)


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
        _settle(order, error, now)
        overtaken = page.attempts.filter(pk__gt=order.attempt_id).exists()
        if page.status != Page.Status.CLAIMED or overtaken:
            return
        give_up = error.permanent or page.sends >= MOST_SENDS
        page.status = Page.Status.FAILED if give_up else Page.Status.QUEUED
        page.error_code = error.code
        page.lease_until = None
        page.ended_at = now if give_up else None
        page.due_at = now + _pause(page, error)
        page.held_reason = "" if give_up else "retry"
        page.save(
            update_fields=[
                *("status", "error_code", "lease_until"),
                *("ended_at", "due_at", "held_reason"),
            ]
        )
        # What follows from a failure follows once, however often it is tried again.
        if page.sends == 1 or give_up:
            page_failed(page=page, error_code=error.code, now=now)


def _tell_the_digest(order: PageOrder, now: datetime) -> None:
    """What was to be read out in the same call shares its fate; a telephone that will
    not ring is free for what waits."""
    if order.kind != "voice":
        return
    follow(lead_id=order.page_id, now=now)
    if not Page.objects.filter(pk=order.page_id, status=Page.Status.SENT).exists():
        line_is_free(address=order.address, now=now)


def _first_route(page: Page, now: datetime) -> str:
    """The route the page is bound to, as a self-test is, or the healthiest one."""
    forced = page.values.get("route")
    if forced in ROUTES:
        return str(forced)
    urgent = page.priority < Page.Priority.ORDINARY or page.purpose in URGENT
    return order_of_routes(page.kind, now, urgent=urgent)[0]


def _unanswered(page: Page, route: str) -> list[PageAttempt]:
    """Earlier attempts by this route whose outcome nobody recorded."""
    if not page.sends:
        return []
    attempts = page.attempts.filter(finished_at__isnull=True).order_by("started_at")
    return [one for one in attempts if route_of(page.kind, one.provider) == route]


def _new_attempt(page: Page, route: str, now: datetime) -> PageAttempt:
    return PageAttempt.objects.create(
        page=page,
        token=new_token(),
        started_at=now,
        provider=ROUTES[route].provider,
    )


def _settle(order: PageOrder, error: PagerError, now: datetime) -> None:
    """The attempt keeps its error; it stays open where it may have been carried out."""
    PageAttempt.objects.filter(pk=order.attempt_id).update(
        error_code=error.code, finished_at=None if error.unknown else now
    )


def _pause(page: Page, error: PagerError) -> timedelta:
    """How long until this way is tried again: longer each time, and as long as the
    provider asked for."""
    asked_for = min(error.retry_after or timedelta(), LONGEST_WAIT_ASKED_FOR)
    return max(min(RETRY * page.sends, LONGEST_RETRY), asked_for)


def _is_pointless(page: Page) -> bool:
    incident = page.incident
    if incident is None:
        return False
    if page.purpose == Page.Purpose.EMERGENCY:
        return incident.status not in sources(Verb.ACKNOWLEDGE)
    if page.purpose in {Page.Purpose.REMINDER, Page.Purpose.MISSED}:
        return incident.status not in WAITING_STATES
    if page.purpose == Page.Purpose.JOIN:
        return not incident.is_open or incident.status in sources(Verb.CLOSE)
    if page.purpose == Page.Purpose.IDLE:
        return incident.status != Incident.Status.REACHED
    if page.purpose == Page.Purpose.TAKEN:
        # Released meanwhile: "nothing to do for you" would be a lie.
        return incident.owner is None or incident.owner == page.technician
    return False
