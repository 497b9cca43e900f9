"""The provider is asked what became of calls over the bridge: callbacks can be lost."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from emergency.actions.bridge_end import locked_bridge
from emergency.actions.bridge_heard import move_call, move_leg
from emergency.models import Bridge
from emergency.pagers import bridge as provider
from emergency.pagers.base import PagerError, Receipt
from emergency.pagers.bridge import Leg
from emergency.rules.delivery import FINAL_WORDS

logger = logging.getLogger(__name__)

# How long without a word until the provider is asked, and how long after the end it is
# asked for the proof.
ASK_AFTER = timedelta(seconds=30)
ASK_UNTIL = timedelta(minutes=5)


def ask_about_silent_bridges(*, now: datetime) -> int:
    """The provider is asked about bridges whose callbacks may be lost, and for the
    proof of those that ended without one; how many it answered for."""
    unproven = Q(ended_at__gt=now - ASK_UNTIL, pressed_at__isnull=False) & ~Q(
        leg_status__in=FINAL_WORDS["voice"]
    )
    waiting = (
        Bridge.objects.filter(Q(ended_at__isnull=True) | unproven)
        .filter(heard_at__lte=now - ASK_AFTER)
        .exclude(provider_id="")
    )
    answers = 0
    for bridge in waiting:
        try:
            receipt, leg = provider.look_up(bridge.provider_id)
        except PagerError as error:
            logger.warning("a bridge cannot be asked about: %s", error.code)
            if not error.answered:
                break
            continue
        _take_in(bridge.token, receipt, leg, now)
        answers += 1
    return answers


def _take_in(token: str, receipt: Receipt, leg: Leg | None, now: datetime) -> None:
    with transaction.atomic():
        bridge = locked_bridge(token)
        if leg is not None:
            move_leg(
                bridge,
                leg_id=leg.provider_id,
                word=leg.status,
                sequence=-1,
                answered_at=leg.answered_at,
                seconds=-1 if leg.seconds is None else leg.seconds,
                now=now,
            )
        move_call(
            bridge,
            provider_id=receipt.provider_id,
            word=receipt.status,
            sequence=-1,
            now=now,
        )
        # It is alive, or its end stands by now: nobody need ask again at once.
        bridge.heard_at = now
        bridge.save(update_fields=["heard_at"])
