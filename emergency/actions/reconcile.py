"""After a crash: what an earlier attempt may have left at the provider."""

import logging
from datetime import datetime, timedelta

from emergency.models import Bridge, Message, PageAttempt
from emergency.pagers.base import PageOrder, PagerError, Receipt, TextOrder
from emergency.pagers.directory import ROUTES, routes_of

logger = logging.getLogger(__name__)

CLOCK_SKEW = timedelta(seconds=5)


def left_behind(order: PageOrder, unanswered_since: datetime | None) -> Receipt | None:
    """What an earlier attempt by this route left there, if that is beyond doubt.

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
    ) or Bridge.objects.live().filter(
        technicians_number=order.address, provider_id=""
    ).exists()
    # A message is known by its code or our token, whoever else was written to.
    if rivals and order.kind == "voice":
        return None
    try:
        found = ROUTES[order.route].find(order, since)
    except PagerError as error:
        logger.warning("page %s cannot be looked up: %s", order.page_id, error.code)
        return None
    ids = [receipt.provider_id for receipt in found]
    attempts = PageAttempt.objects.filter(provider_id__in=ids)
    bridges = Bridge.objects.filter(provider_id__in=ids)
    known = {
        *attempts.values_list("provider_id", flat=True),
        *bridges.values_list("provider_id", flat=True),
    }
    unclaimed = [receipt for receipt in found if receipt.provider_id not in known]
    if order.kind == "voice" and len(unclaimed) > 1:
        return None
    return next(iter(unclaimed), None)


def text_left_behind(order: TextOrder, unanswered_since: datetime) -> Receipt | None:
    """What an earlier request for this message left at a provider of texts: the same
    words to the same number that no other message accounts for. None where nothing is
    found, or nobody can be asked; a mail server cannot."""
    since = unanswered_since - CLOCK_SKEW
    for route in routes_of(order.way):
        try:
            found = ROUTES[route].find(order, since)
        except PagerError as error:
            logger.warning("a message cannot be looked up: %s", error.code)
            continue
        others = Message.objects.exclude(token=order.token)
        known = set(
            others.filter(
                provider_id__in=[receipt.provider_id for receipt in found]
            ).values_list("provider_id", flat=True)
        )
        for receipt in found:
            if receipt.provider_id not in known:
                return receipt
    return None
