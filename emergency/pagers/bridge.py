"""Calls over the bridge through Twilio: placing one, and asking what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from emergency.pagers.base import LONGEST_ID, LONGEST_WORD, Receipt
from emergency.pagers.twilio import asked, client, receipt_of, sent
from emergency.pagers.twiml import bridge_url
from emergency.pagers.twiml_of_the_bridge import ask_for_the_key

ROUTE = "voice:twilio"


@dataclass(frozen=True, kw_only=True)
class BridgeOrder:
    """One call to a technician who asked for it. Nothing of the customer is in it: the
    provider learns the number once the key was pressed."""

    bridge_id: int
    token: str
    address: str
    digit: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Leg:
    """The customer's leg as the provider tells it now. ``answered_at`` and ``seconds``
    are known once an answered leg is over."""

    provider_id: str
    status: str
    answered_at: datetime | None
    seconds: int | None


def place(order: BridgeOrder) -> Receipt:
    """The provider rings the technician. Raises PagerError."""
    return sent(
        lambda more: client().calls.create(
            to=order.address,
            from_=settings.TWILIO_FROM_NUMBER,
            twiml=ask_for_the_key(order.token, order.digit, order.language),
            timeout=settings.VOICE_RING_SECONDS,
            **more,
        ),
        {
            "status_callback": bridge_url(order.token, "status"),
            "status_callback_event": ["initiated", "ringing", "answered", "completed"],
            "status_callback_method": "POST",
        },
    )


def find(order: BridgeOrder, since: datetime) -> list[Receipt]:
    """Calls of ours to this technician since then. Raises PagerError."""
    calls = asked(
        lambda: client().calls.list(
            to=order.address,
            from_=settings.TWILIO_FROM_NUMBER,
            start_time_after=since,
            limit=20,
        )
    )
    return [receipt_of(call) for call in calls]


def look_up(provider_id: str) -> tuple[Receipt, Leg | None]:
    """The technician's call and the customer's leg of it, if there is one. Raises
    PagerError."""
    receipt = receipt_of(asked(lambda: client().calls(provider_id).fetch()))
    legs = asked(lambda: client().calls.list(parent_call_sid=provider_id, limit=2))
    return receipt, _leg(legs[0]) if legs else None


def _leg(call: Any) -> Leg:
    receipt = receipt_of(call)
    seconds = int(call.duration) if str(call.duration or "").isdecimal() else None
    over = receipt.status == "completed" and seconds is not None and call.end_time
    return Leg(
        provider_id=receipt.provider_id[:LONGEST_ID],
        status=receipt.status[:LONGEST_WORD],
        # The interface has no instant of the answer, but the end and the length.
        answered_at=call.end_time - timedelta(seconds=seconds or 0) if over else None,
        seconds=seconds if over else None,
    )
