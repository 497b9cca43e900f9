"""Sending one page: claim, provider, record. At least once, never lost.

No network call happens inside a transaction. The attempt and its token are written
before the provider is asked; an attempt whose outcome was never recorded is looked up
at the provider before the page is sent again.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from emergency.actions.claiming import ready_page, take, take_at_once
from emergency.actions.digest import (
    LOCK,
    follow,
    gather,
    hold,
    line_is_free,
    take_the_line,
)
from emergency.actions.identifiers import new_token
from emergency.actions.outcome import record_receipt, record_refusal, settle
from emergency.actions.page_order import order_for, server_of
from emergency.actions.reconcile import left_behind
from emergency.actions.routes import order_of_routes, record_failure, record_success
from emergency.actions.timeline import enter
from emergency.database.again import once_more
from emergency.models import Incident, Page, PageAttempt
from emergency.pagers.base import PageOrder, PagerError
from emergency.pagers.directory import ROUTES, only_providers, route_of, routes_of
from emergency.rules.breaker import another_route_helps
from emergency.rules.delivery import failure_class
from emergency.rules.states import WAITING_STATES, Verb, sources

logger = logging.getLogger(__name__)

# Longer than the provider's time limits for a look-up and a send together: each may
# spend TWILIO_TIMEOUT_SECONDS on the connection and as long again on the answer.
LEASE = timedelta(seconds=30)
# Claims take milliseconds; what takes longer waits for the database.
LONGEST_TURN = 0.1
_claiming = threading.Lock()
URGENT = (Page.Purpose.EMERGENCY, Page.Purpose.REMINDER, Page.Purpose.MISSED)


def send_page(*, page_id: int, clock: Callable[[], datetime]) -> bool:
    """The page is with a provider, or its failure is recorded and the next way to
    reach somebody is already due. False when the page was not due (any more).

    What one route refuses goes by the next in the same send.
    """
    with _in_turn():
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


@contextmanager
def _in_turn() -> Iterator[None]:
    """The claims of one process one after the other: side by side, each would only
    make the first one later. Whoever had to wait long goes ahead, in turn or not."""
    ours = _claiming.acquire(timeout=LONGEST_TURN)
    try:
        yield
    finally:
        if ours:
            _claiming.release()


def claim(*, page_id: int, now: datetime) -> tuple[PageOrder, datetime | None] | None:
    """This process holds the page until the lease ends, and a new attempt is written.

    Also answers since when an earlier attempt has been without an outcome, if one is.
    None when the page is not due, is held by somebody else or is no longer needed.
    """
    plain = once_more(
        partial(
            take_at_once,
            page_id=page_id,
            providers=only_providers(),
            unanswered=sources(Verb.ACKNOWLEDGE),
            lock=LOCK,
            lease_until=now + LEASE,
            now=now,
        )
    )
    if plain:
        attempt, server = plain
        page = attempt.page
        route = routes_of(page.kind)[0]
        return order_for(page, attempt, route=route, server=server, now=now), None
    with transaction.atomic():
        take_the_line(page_id)
        ready = ready_page(page_id=page_id, now=now)
        if ready is None:
            return None
        page = ready.page
        if _is_pointless(page):
            page.status = Page.Status.WITHDRAWN
            page.ended_at = now
            page.save(update_fields=["status", "ended_at"])
            return None
        if ready.line_is_shared and hold(page, now):
            return None
        route = _first_route(page, now)
        earlier = _unanswered(page, route)
        attempt = take(
            page, provider=ROUTES[route].provider, lease_until=now + LEASE, now=now
        )
        order = order_for(
            page,
            attempt,
            route=route,
            server=ready.server,
            earlier_tokens=tuple(one.token for one in earlier),
            others=gather(page, now) if ready.line_is_shared else (),
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
        settle(order, error, now)
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
        attempt = PageAttempt.objects.create(
            page=page,
            token=new_token(),
            started_at=now,
            provider=ROUTES[left[0]].provider,
        )
        server = server_of(page.incident) if page.incident else ""
        return order_for(page, attempt, route=left[0], server=server, now=now)


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
