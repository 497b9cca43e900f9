"""How a call over the bridge ends, whoever notices it."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from emergency.actions.callback import record_attempt
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Bridge, CallbackAttempt, Incident
from emergency.rules.bridge import (
    OUTCOME_OF_WORD,
    Stage,
    is_silent,
    outcome_needs_a_word,
)

logger = logging.getLogger(__name__)


def locked_bridge(token: str) -> Bridge:
    """The bridge with its incident and technician; incident and bridge are locked in
    this order, as everybody locks them. Raises Bridge.DoesNotExist."""
    while True:
        incident_id = Bridge.objects.values_list("incident", flat=True).get(token=token)
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        bridge = (
            Bridge.objects.select_for_update(no_key=True, of=("self",))
            .select_related("technician__staff")
            .get(token=token)
        )
        # Merging moves a bridge to the incident that goes on.
        if bridge.incident_id == incident.pk:
            bridge.incident = incident
            return bridge


def end_bridge(bridge: Bridge, code: str, now: datetime) -> None:
    """The bridge is over, once. ``code`` says why nothing came of it; where the
    customer was dialled and no outcome stands, the desk asks for it. The caller has
    locked it."""
    if bridge.ended_at is not None:
        return
    bridge.stage = Bridge.Stage.ENDED
    bridge.ended_at = now
    bridge.end_code = code
    bridge.lease_until = None
    bridge.save()
    if attempt_of(bridge) is None:
        asks = needs_a_word(bridge)
        enter(
            bridge.incident,
            "bridge_unsettled" if asks else "bridge_failed",
            now=now,
            technician=bridge.technician_id,
            error=code,
            talked=bridge.talked_seconds,
        )


def attempt_of(bridge: Bridge) -> CallbackAttempt | None:
    """What came of the bridge, if that stands."""
    return CallbackAttempt.objects.filter(bridge=bridge).first()


def needs_a_word(bridge: Bridge) -> bool:
    """Whether the technician has to say how the call to the customer ended."""
    return outcome_needs_a_word(
        dialled=bridge.pressed_at is not None,
        word=bridge.leg_status,
        settled=attempt_of(bridge) is not None,
    )


def settle_bridge(bridge: Bridge, outcome: str, now: datetime) -> bool:
    """The outcome of the bridge stands as an attempt; the first one counts. False when
    the incident is over and nothing was recorded."""
    try:
        record_attempt(
            incident_id=bridge.incident_id,
            staff=bridge.technician.staff,
            outcome=outcome,
            bridge=bridge,
            now=now,
        )
    except Refused:
        return False
    return True


def settle_by_the_word(bridge: Bridge, now: datetime) -> None:
    """Busy and no answer need nobody's word: they stand as attempts."""
    outcome = OUTCOME_OF_WORD.get(bridge.leg_status)
    if outcome is not None and bridge.answered_at is None:
        settle_bridge(bridge, outcome, now)


def end_silent_bridges(*, now: datetime) -> int:
    """Bridges of which the provider says nothing any more are over; how many."""
    ended = 0
    for token in Bridge.objects.live().values_list("token", flat=True):
        try:
            with transaction.atomic():
                bridge = locked_bridge(token)
                if bridge.ended_at is None and _has_fallen_silent(bridge, now):
                    end_bridge(bridge, "silence", now)
                    ended += 1
        except OperationalError:
            raise
        except Exception:
            # One bridge that cannot be judged must not keep the tick from the others.
            logger.exception("the silence of a bridge cannot be judged")
    return ended


def _has_fallen_silent(bridge: Bridge, now: datetime) -> bool:
    return is_silent(
        Stage(bridge.stage),
        talking=bridge.answered_at is not None,
        heard_at=bridge.heard_at,
        now=now,
    )
