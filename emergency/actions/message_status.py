"""What became of a message: the provider's word, told or asked for."""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.timeline import enter
from emergency.models import Message, ProviderCallback
from emergency.pagers.base import LONGEST_CODE, PagerError
from emergency.pagers.directory import ROUTES, route_of
from emergency.rules import delivery

logger = logging.getLogger(__name__)

ASK_AFTER = timedelta(seconds=45)
ASK_UNTIL = timedelta(minutes=15)


def record_message_status(
    *, token: str, values: Mapping[str, str], now: datetime
) -> None:
    """The provider's word is stored once and moves the message forward, never back.

    Raises Message.DoesNotExist for a token nobody gave out.
    """
    word = values.get("MessageStatus", "")
    code = values.get("ErrorCode", "")[:LONGEST_CODE]
    kept = {"MessageStatus": word, "ErrorCode": code}
    fingerprint = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).get(token=token)
        told = ProviderCallback.objects.get_or_create(
            message=message,
            kind="status",
            fingerprint=fingerprint,
            defaults={"received_at": now, "values": kept},
        )[1]
        if told:
            apply_word(message, word, code, now)


def ask_about_silent_messages(*, now: datetime, limit: int = 50) -> int:
    """Providers are asked about texts whose callbacks may be lost; how many
    answered."""
    silent = (
        Message.objects.filter(
            kind=Message.Kind.SMS,
            status=Message.Status.SENT,
            sent_at__lte=now - ASK_AFTER,
            sent_at__gt=now - ASK_UNTIL,
        )
        .exclude(provider_id="")
        .order_by("sent_at", "pk")[:limit]
    )
    answered = 0
    deaf: set[str] = set()
    for message in silent:
        route = route_of(message.kind, message.provider)
        if route in deaf or route not in ROUTES:
            continue
        try:
            receipt = ROUTES[route].look_up(message.provider_id)
        except PagerError as error:
            logger.warning("%s cannot be asked: %s", route, error.code)
            if not error.answered:
                deaf.add(route)
            continue
        if receipt is None:
            continue
        with transaction.atomic():
            locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
            apply_word(locked, receipt.status, receipt.error_code, now)
        answered += 1
    return answered


def apply_word(message: Message, word: str, code: str, now: datetime) -> None:
    """The provider's word moves the message forward, never back. The caller has locked
    the row."""
    if not delivery.supersedes(
        message.kind,
        known=message.provider_status,
        known_sequence=-1,
        word=word,
        sequence=-1,
    ):
        return
    message.provider_status = word
    message.sent_at = message.sent_at or now
    message.lease_until = None
    message.asked_at = None
    verdict = delivery.verdict(message.kind, word, error_code=code)
    if verdict.fate is delivery.Fate.FAILED:
        message.save(update_fields=["provider_status", "sent_at", "asked_at"])
        fail(message, verdict.error_code, now)
        return
    delivered = verdict.fate is delivery.Fate.DELIVERED
    message.status = Message.Status.DELIVERED if delivered else Message.Status.SENT
    message.ended_at = now if delivered else None
    message.save(
        update_fields=[
            *("provider_status", "sent_at", "lease_until", "asked_at"),
            *("status", "ended_at"),
        ]
    )


def fail(message: Message, code: str, now: datetime) -> None:
    """It will not arrive, as at a landline or a number that takes none. The desk says
    so."""
    message.status = Message.Status.FAILED
    message.error_code = code
    message.lease_until = None
    message.asked_at = None
    message.ended_at = now
    message.save(
        update_fields=["status", "error_code", "lease_until", "asked_at", "ended_at"]
    )
    if message.incident is not None:
        enter(
            message.incident,
            "message_failed",
            now=now,
            purpose=message.purpose,
            error=code,
        )
