"""The routes out of the house: which to try first, and what their answers teach us.

A breaker orders routes; it holds up no page. The row of a route is the last that a
transaction locks, after incident, page and attempt.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from emergency.actions.notices import tell_duty_manager
from emergency.models import Incident, Page, PageAttempt, RouteHealth
from emergency.pagers.base import PagerError
from emergency.pagers.directory import RECALLS, ROUTES, route_of, routes_of
from emergency.rules import breaker
from emergency.rules.breaker import Health, Standing
from emergency.rules.delivery import FailureClass, failure_class

logger = logging.getLogger(__name__)

# A success is written down when it is news, and else no more often than this: a row
# that every page writes would make all senders queue for it.
SUCCESS_IS_NEWS_AFTER = timedelta(seconds=20)
# What somebody has to put right, because it does not pass by itself.
TOLD = frozenset({FailureClass.ACCOUNT, FailureClass.CONFIGURATION, FailureClass.OTHER})
# Filtered as unwanted: the text or the sender is at fault, so the next one is too.
TOLD_CODES = frozenset({"30007"})
TOLD_AGAIN_AFTER = timedelta(hours=1)


def order_of_routes(kind: str, now: datetime, *, urgent: bool = True) -> list[str]:
    """All routes of this kind, the one to try first in front.

    A page that may lose some seconds (not ``urgent``) takes the one trial of a route
    whose pause is over; everybody else passes that route over meanwhile.
    """
    routes = routes_of(kind)
    if len(routes) == 1:
        return routes
    rows = RouteHealth.objects.filter(pk__in=routes)
    known = {row.route: health_of(row) for row in rows}
    healths = [(route, known.get(route, Health())) for route in routes]
    first = breaker.in_order(healths, now, urgent=urgent)
    health = known.get(first[0], Health())
    if breaker.standing(health, now) is not Standing.TRIAL:
        return first
    tried = breaker.after_trial_taken(health, now)
    if RouteHealth.objects.filter(pk=first[0], open_until__lte=now).update(
        open_until=tried.open_until
    ):
        return first
    return breaker.in_order(
        [(route, tried if route == first[0] else h) for route, h in healths],
        now,
        urgent=urgent,
    )


def health_of(row: RouteHealth) -> Health:
    """The row as a plain value for the rules."""
    return Health(failures=row.failures, open_until=row.open_until)


def record_success(*, route: str, now: datetime) -> None:
    """The provider took a page: the breaker is closed."""
    row = RouteHealth.objects.filter(pk=route).first()
    quiet = row is not None and row.failures == 0 and row.open_until is None
    if row and quiet and not _is_news(row.last_success_at, now):
        return
    closed = breaker.after_success()
    RouteHealth.objects.update_or_create(
        pk=route,
        defaults={
            "failures": closed.failures,
            "open_until": closed.open_until,
            "last_success_at": now,
        },
    )


def record_delivery(*, route: str, now: datetime) -> None:
    """A page by this route has arrived, so the whole way works."""
    row = RouteHealth.objects.filter(pk=route).first()
    if row is None or _is_news(row.last_delivery_at, now):
        RouteHealth.objects.update_or_create(
            pk=route, defaults={"last_delivery_at": now}
        )


def record_failure(*, route: str, code: str, now: datetime) -> FailureClass:
    """The failure counts against the route, unless it is about the number alone.

    A refused account closes every route through the same provider. What every later
    page would meet too is told to the duty manager, once an hour. Answers what kind of
    failure it was.
    """
    failure = failure_class(route.partition(":")[0], code)
    counts = breaker.concerns_the_route(failure)
    telling = failure in TOLD or code in TOLD_CODES
    if not counts and not telling:
        return failure
    provider = ROUTES[route].provider
    concerned = {route}
    if failure is FailureClass.ACCOUNT:
        concerned |= {r for r, pager in ROUTES.items() if pager.provider == provider}
    news = False
    with transaction.atomic():
        for name in sorted(concerned):
            RouteHealth.objects.get_or_create(pk=name)
            row = RouteHealth.objects.select_for_update().get(pk=name)
            if name == route:
                news = row.last_error != code or _is_old(row.last_failure_at, now)
            if counts:
                after = breaker.after_failure(health_of(row), failure, now)
                row.failures, row.open_until = after.failures, after.open_until
            row.last_failure_at, row.last_error = now, code
            row.save()
        if telling and news:
            account = failure is FailureClass.ACCOUNT
            tell_duty_manager(
                code="account_refused" if account else "route_refused",
                now=now,
                about_route=route,
                error=code,
            )
    return failure


def cancel_ringing(*, incident_id: int) -> int:
    """Telephones that still ring for an incident that needs nobody are told to stop;
    how many. Not inside a transaction. A call that goes on does no harm: its key says
    who has it."""
    # A digest call goes on while anything that it reads out still needs somebody.
    needed = Page.objects.filter(
        digest=OuterRef("page"), incident__status=Incident.Status.PAGING
    )
    attempts = (
        PageAttempt.objects.filter(
            ~Exists(needed),
            provider_status__in=["queued", "initiated", "ringing"],
            page__incident=incident_id,
            page__purpose=Page.Purpose.EMERGENCY,
            page__kind="voice",
            page__status=Page.Status.SENT,
        )
        .exclude(page__incident__status=Incident.Status.PAGING)
        .exclude(provider_id="")
        .select_related("page")
    )
    cancelled = 0
    for attempt in attempts:
        recall = RECALLS.get(route_of(attempt.page.kind, attempt.provider))
        if recall is None:
            continue
        try:
            recall(attempt.provider_id)
        except PagerError as error:
            logger.info("call %s rings on: %s", attempt.provider_id, error.code)
        else:
            cancelled += 1
    return cancelled


def _is_news(last: datetime | None, now: datetime) -> bool:
    return last is None or abs(now - last) > SUCCESS_IS_NEWS_AFTER


def _is_old(last: datetime | None, now: datetime) -> bool:
    return last is None or abs(now - last) > TOLD_AGAIN_AFTER
