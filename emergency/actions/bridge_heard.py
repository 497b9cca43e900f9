"""What is heard of a call over the bridge: keys of the technician, words of the
provider. Each is taken in once, in whatever order it comes, and never goes back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.db import transaction

from emergency.actions.bridge_end import (
    attempt_of,
    end_bridge,
    locked_bridge,
    settle_bridge,
    settle_by_the_word,
)
from emergency.actions.delivery import KEPT
from emergency.actions.timeline import enter
from emergency.models import Bridge, CallbackAttempt, ProviderCallback
from emergency.pagers.base import LONGEST_ID
from emergency.rules import delivery
from emergency.rules.bridge import OUTCOME_OF_KEY, answered

KEPT_OF_A_LEG = (*KEPT, "DialCallStatus", "DialCallDuration", "DialBridged")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What to say in the call. ``code``: dial | ask | again | a sentence's."""

    code: str
    bridge: Bridge


def hear_status(*, token: str, values: Mapping[str, str], now: datetime) -> None:
    """The technician's own call has moved on; its end is the end of the bridge. Raises
    Bridge.DoesNotExist."""
    with transaction.atomic():
        bridge = locked_bridge(token)
        if store(bridge, "status", values, now):
            move_call(
                bridge,
                provider_id=values.get("CallSid", ""),
                word=values.get("CallStatus", ""),
                sequence=_whole(values.get("SequenceNumber", "")),
                now=now,
            )


def hear_key(*, token: str, values: Mapping[str, str], now: datetime) -> Heard:
    """The right key dials the customer, in one call only; told again, it says the same
    again. Any other changes nothing. Raises Bridge.DoesNotExist."""
    with transaction.atomic():
        bridge = locked_bridge(token)
        store(bridge, "key", values, now)
        sid = values.get("CallSid", "")[:LONGEST_ID]
        if bridge.ended_at is not None or not bridge.incident.is_open:
            return Heard(code="over", bridge=bridge)
        if bridge.pressed_at is not None and bridge.provider_id != sid:
            return Heard(code="in_another_call", bridge=bridge)
        if values.get("Digits", "") != bridge.digit:
            return Heard(code="again", bridge=bridge)
        if bridge.pressed_at is None:
            bridge.pressed_at = now
            bridge.heard_at = now
            bridge.provider_id = sid
            bridge.stage = Bridge.Stage.DIALLING
            bridge.lease_until = None
            bridge.asked_at = None
            bridge.incident.active_at = now
            bridge.save()
            bridge.incident.save(update_fields=["active_at"])
            enter(
                bridge.incident,
                "bridge_dials",
                now=now,
                staff=bridge.technician.staff,
            )
        elif bridge.stage != Bridge.Stage.DIALLING:
            return Heard(code="ask", bridge=bridge)
        return Heard(code="dial", bridge=bridge)


def hear_leg(*, token: str, values: Mapping[str, str], now: datetime) -> None:
    """The customer's leg has moved on. Raises Bridge.DoesNotExist."""
    with transaction.atomic():
        bridge = locked_bridge(token)
        if not store(bridge, "leg", values, now):
            return
        word = values.get("CallStatus", "")
        said = _instant(values.get("Timestamp", ""))
        seconds = _whole(values.get("CallDuration", ""))
        if word == "completed" and said is not None and seconds >= 0:
            said -= timedelta(seconds=seconds)
        move_leg(
            bridge,
            leg_id=values.get("CallSid", ""),
            word=word,
            sequence=_whole(values.get("SequenceNumber", "")),
            answered_at=said,
            seconds=seconds if word == "completed" else -1,
            now=now,
        )


def hear_done(*, token: str, values: Mapping[str, str], now: datetime) -> Heard:
    """The customer's leg is over, and the provider asks how to go on. Busy and no
    answer are noted; after a connection the technician is asked. Raises
    Bridge.DoesNotExist."""
    with transaction.atomic():
        bridge = locked_bridge(token)
        if store(bridge, "done", values, now) and bridge.pressed_at is not None:
            word = values.get("DialCallStatus", "")
            connected = word == "completed" and values.get("DialBridged") != "false"
            seconds = _whole(values.get("DialCallDuration", ""))
            move_leg(
                bridge,
                leg_id=values.get("DialCallSid", ""),
                word=word if word != "answered" else "completed",
                sequence=-1,
                answered_at=now - timedelta(seconds=max(seconds, 0))
                if connected
                else None,
                seconds=seconds if connected else -1,
                now=now,
            )
        attempt = attempt_of(bridge)
        if attempt is not None:
            return Heard(code=attempt.outcome, bridge=bridge)
        if bridge.leg_status == "failed":
            return Heard(code="not_placed", bridge=bridge)
        if bridge.stage == Bridge.Stage.DIALLING:
            bridge.stage = Bridge.Stage.ASKING
            bridge.heard_at = now
            bridge.save(update_fields=["stage", "heard_at"])
        return Heard(code="ask", bridge=bridge)


def hear_outcome(*, token: str, values: Mapping[str, str], now: datetime) -> Heard:
    """The key says how the call ended; the first such key counts. Raises
    Bridge.DoesNotExist."""
    with transaction.atomic():
        bridge = locked_bridge(token)
        store(bridge, "outcome", values, now)
        theirs = values.get("CallSid", "")[:LONGEST_ID] == bridge.provider_id
        if bridge.pressed_at is None or not theirs:
            return Heard(code="over", bridge=bridge)
        attempt = attempt_of(bridge)
        if attempt is not None:
            return Heard(code=attempt.outcome, bridge=bridge)
        outcome = OUTCOME_OF_KEY.get(values.get("Digits", ""))
        if outcome is None:
            return Heard(code="again", bridge=bridge)
        if not settle_bridge(bridge, outcome, now):
            return Heard(code="over", bridge=bridge)
        return Heard(code=outcome, bridge=bridge)


def store(bridge: Bridge, what: str, values: Mapping[str, str], now: datetime) -> bool:
    """What the provider said stands, once and without anything that names a person.
    False when it has been said before."""
    kept = {k: values[k].replace("\0", "") for k in KEPT_OF_A_LEG if k in values}
    if what in {"key", "outcome"}:
        # A digit says little; the same one may well be pressed twice.
        kept["asked"] = values.get("asked", "")
    said = {**kept, "call": values.get("CallSid", "")}
    fingerprint = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return ProviderCallback.objects.get_or_create(
        bridge=bridge,
        kind=what,
        fingerprint=fingerprint,
        defaults={"received_at": now, "values": kept},
    )[1]


def move_call(
    bridge: Bridge, *, provider_id: str, word: str, sequence: int, now: datetime
) -> None:
    """The technician's call, forward and never back. Another call than the one that
    counts says nothing."""
    sid = provider_id[:LONGEST_ID]
    if bridge.ended_at is not None or (bridge.provider_id not in {"", sid}):
        return
    known = delivery.known_word("voice", word)
    if not delivery.supersedes(
        "voice",
        known=bridge.provider_status,
        known_sequence=bridge.sequence,
        word=known,
        sequence=sequence,
    ):
        return
    bridge.provider_id = sid
    bridge.provider_status = known
    bridge.sequence = max(bridge.sequence, sequence)
    bridge.heard_at = now
    bridge.asked_at = None
    if bridge.stage in {Bridge.Stage.QUEUED, Bridge.Stage.CLAIMED}:
        bridge.stage = Bridge.Stage.SENT
        bridge.lease_until = None
    bridge.save()
    if not delivery.is_final("voice", known):
        return
    if bridge.pressed_at is None:
        why = "no_key_pressed" if known == "completed" else known
        end_bridge(bridge, why, now)
    else:
        settle_by_the_word(bridge, now)
        end_bridge(bridge, "not_placed" if bridge.leg_status == "failed" else "", now)


def move_leg(
    bridge: Bridge,
    *,
    leg_id: str,
    word: str,
    sequence: int,
    answered_at: datetime | None,
    seconds: int,
    now: datetime,
) -> None:
    """The customer's leg, forward and never back. A late report of an answer still adds
    the proof to a leg that is known to have ended; only one leg counts."""
    sid = leg_id[:LONGEST_ID]
    if bridge.pressed_at is None or bridge.leg_id not in {"", sid}:
        return
    known = delivery.known_word("voice", word)
    picked_up = known == "in-progress" or (known == "completed" and seconds >= 0)
    if picked_up and (bridge.answered_at is None or known == "in-progress"):
        found = answered(said=answered_at, heard_at=now, dialled_at=bridge.pressed_at)
        if bridge.answered_at is None or found.at < bridge.answered_at:
            bridge.answered_at = found.at
        if known == "in-progress":
            bridge.provider_answered_at = found.said
    if seconds >= 0 and bridge.talked_seconds is None:
        bridge.talked_seconds = seconds
    if delivery.supersedes(
        "voice",
        known=bridge.leg_status,
        known_sequence=bridge.leg_sequence,
        word=known,
        sequence=sequence,
    ):
        bridge.leg_status = known
        bridge.leg_sequence = max(bridge.leg_sequence, sequence)
    bridge.leg_id = sid
    if bridge.ended_at is None:
        bridge.heard_at = now
    bridge.save()
    if bridge.answered_at is not None:
        # What was declared before the proof came is proven by now.
        CallbackAttempt.objects.filter(bridge=bridge).update(
            proof=CallbackAttempt.Proof.BRIDGE
        )
    settle_by_the_word(bridge, now)


def _whole(text: str) -> int:
    """A whole number as the provider writes it; -1 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _instant(text: str) -> datetime | None:
    """RFC 2822, as in callbacks; None for anything else."""
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
