"""Placing a call over the bridge: claim, provider, record. At least once.

As with pages no network call happens inside a transaction, and the token was written
before the provider is asked. A call whose request has no outcome is looked up before
it is placed again; should both ring, the key dials the customer in one of them only.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.bridge_end import end_bridge, locked_bridge
from emergency.actions.reconcile import CLOCK_SKEW
from emergency.actions.routes import record_failure, record_success
from emergency.models import Bridge, PageAttempt
from emergency.pagers import bridge as provider
from emergency.pagers.base import PagerError, Receipt
from emergency.pagers.bridge import ROUTE, BridgeOrder
from emergency.rules.bridge import is_too_late_to_place

logger = logging.getLogger(__name__)

# As with pages: longer than the time limits of a look-up and a request together.
LEASE = timedelta(seconds=30)
MOST_SENDS = 3


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What to place, and since when an earlier request has been without an outcome."""

    order: BridgeOrder
    unanswered_since: datetime | None
    sends: int


def overdue_bridges(*, now: datetime, grace: timedelta) -> list[int]:
    """Ids of bridges that should have been claimed ``grace`` ago."""
    return list(Bridge.objects.due(now - grace).values_list("pk", flat=True))


def place_bridge(*, bridge_id: int, clock: Callable[[], datetime]) -> bool:
    """The provider rings the technician, or it stands why not. False when the bridge
    was not due (any more)."""
    claim = _claim(bridge_id, clock())
    if claim is None:
        return False
    try:
        receipt = _left_behind(claim) or provider.place(claim.order)
    except PagerError as error:
        refusal = error
    except Exception:
        logger.exception("bridge %s could not be placed", bridge_id)
        refusal = PagerError("pager_broke", unknown=True)
    else:
        _record_receipt(claim, receipt, clock())
        record_success(route=ROUTE, now=clock())
        return True
    _record_refusal(claim, refusal, clock())
    record_failure(route=ROUTE, code=refusal.code, now=clock())
    return True


def _claim(bridge_id: int, now: datetime) -> Claim | None:
    with transaction.atomic():
        token = Bridge.objects.filter(pk=bridge_id).values_list("token", flat=True)
        bridge = locked_bridge(token.get())
        if not Bridge.objects.due(now).filter(pk=bridge.pk).exists():
            return None
        if not bridge.incident.is_open:
            end_bridge(bridge, "over", now)
            return None
        late = is_too_late_to_place(started_at=bridge.started_at, now=now)
        if late or bridge.sends >= MOST_SENDS:
            end_bridge(bridge, "not_placed", now)
            return None
        unanswered_since = bridge.asked_at
        bridge.stage = Bridge.Stage.CLAIMED
        bridge.lease_until = now + LEASE
        bridge.sends += 1
        bridge.asked_at = bridge.asked_at or now
        bridge.save(update_fields=["stage", "lease_until", "sends", "asked_at"])
        return Claim(
            order=BridgeOrder(
                bridge_id=bridge.pk,
                token=bridge.token,
                address=bridge.technicians_number,
                digit=bridge.digit,
                language=bridge.technician.staff.language,
            ),
            unanswered_since=unanswered_since,
            sends=bridge.sends,
        )


def _left_behind(claim: Claim) -> Receipt | None:
    """The call that an earlier request left at the provider, if that is beyond doubt:
    the only call to this technician since then that nothing else accounts for."""
    if claim.unanswered_since is None:
        return None
    since = claim.unanswered_since - CLOCK_SKEW
    address = claim.order.address
    pages = PageAttempt.objects.filter(
        page__kind="voice",
        page__address=address,
        started_at__gte=since,
        finished_at__isnull=True,
    )
    bridges = Bridge.objects.live().filter(technicians_number=address, provider_id="")
    if pages.exists() or bridges.exclude(pk=claim.order.bridge_id).exists():
        return None
    try:
        found = provider.find(claim.order, since)
    except PagerError as error:
        logger.warning("a bridge cannot be looked up: %s", error.code)
        return None
    ids = [receipt.provider_id for receipt in found]
    known = {
        *PageAttempt.objects.filter(provider_id__in=ids).values_list(
            "provider_id", flat=True
        ),
        *Bridge.objects.filter(provider_id__in=ids).values_list(
            "provider_id", flat=True
        ),
    }
    left = [receipt for receipt in found if receipt.provider_id not in known]
    return left[0] if len(left) == 1 else None


def _record_receipt(claim: Claim, receipt: Receipt, now: datetime) -> None:
    with transaction.atomic():
        bridge = locked_bridge(claim.order.token)
        bridge.asked_at = None
        bridge.provider_id = bridge.provider_id or receipt.provider_id
        # A callback may have been quicker, and the key as well.
        if bridge.stage == Bridge.Stage.CLAIMED:
            bridge.stage = Bridge.Stage.SENT
            bridge.lease_until = None
            bridge.heard_at = now
        bridge.save()


def _record_refusal(claim: Claim, error: PagerError, now: datetime) -> None:
    """An unknown outcome keeps its lease: then the provider is asked what it has."""
    with transaction.atomic():
        bridge = locked_bridge(claim.order.token)
        moved = bridge.stage != Bridge.Stage.CLAIMED or bridge.sends != claim.sends
        if not moved and not error.unknown:
            end_bridge(bridge, error.code, now)
