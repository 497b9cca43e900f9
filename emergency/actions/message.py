"""Messages to customers: written with the decision, sent at least once.

The row holds the text exactly as it is sent. As with pages, no network call happens
inside a transaction: claim, provider, record.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from emergency import wake
from emergency.actions.identifiers import new_token
from emergency.actions.routes import order_of_routes, record_failure, record_success
from emergency.actions.timeline import enter
from emergency.models import Incident, Message, ProviderCallback
from emergency.pagers.base import LONGEST_CODE, PagerError, Receipt, TextOrder
from emergency.pagers.directory import ROUTES
from emergency.pagers.sentences.to_the_customer import customer_text
from emergency.queries.dialling import number_to_ring
from emergency.rules import delivery
from emergency.rules.breaker import another_route_helps
from emergency.rules.states import WAITING_STATES, State

logger = logging.getLogger(__name__)

# Longer than the time limits of two providers that are tried one after the other.
LEASE = timedelta(seconds=45)
RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(minutes=2)
MOST_SENDS = 12
# A text that comes hours later would not be true any more.
VALID = timedelta(hours=1)
MOST_TIMES = 5
STILL_TRUE = {
    Message.Purpose.ATTEMPTED.value: frozenset({State.UNREACHED}),
    Message.Purpose.MISSED.value: WAITING_STATES,
}


def tell_customer(*, incident: Incident, purpose: str, now: datetime) -> None:
    """A text to every number of the customer stands, in their language, and is sent
    after the commit. A text that cannot be written says so in the timeline and never
    hinders the decision that it tells of."""
    try:
        with transaction.atomic():
            _write(incident, purpose, now)
    except Exception as error:
        logger.exception("%s: the customer cannot be told", incident.reference)
        enter(
            incident,
            "message_failed",
            now=now,
            purpose=purpose,
            error=type(error).__name__,
        )


def overdue_messages(*, now: datetime, grace: timedelta, limit: int = 200) -> list[int]:
    """Ids of messages that should have been claimed ``grace`` ago."""
    due = Message.objects.due(now - grace)
    return list(due.values_list("pk", flat=True)[:limit])


def send_message(*, message_id: int, clock: Callable[[], datetime]) -> bool:
    """The text is with a provider, or its failure is recorded. False when it was not
    due (any more)."""
    order = _claim(message_id, clock())
    if order is None:
        return False
    refusal = PagerError("not_configured")
    for route in order_of_routes("sms", clock()):
        try:
            receipt = ROUTES[route].send(order)
        except PagerError as error:
            refusal = error
        except Exception:
            logger.exception("message %s could not be sent", message_id)
            refusal = PagerError("pager_broke", unknown=True)
        else:
            record_success(route=route, now=clock())
            _record_receipt(message_id, receipt, clock())
            return True
        failure = record_failure(route=route, code=refusal.code, now=clock())
        if not another_route_helps(failure):
            break
    _record_refusal(message_id, refusal, clock())
    return True


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
            _apply(message, word, code, now)


def _write(incident: Incident, purpose: str, now: datetime) -> None:
    times = [
        f"{timezone.localtime(at):%H:%M}"
        for at in incident.callback_attempts.values_list("at", flat=True)
    ]
    values = {
        "reference": incident.reference,
        "deadline": f"{timezone.localtime(incident.callback_deadline_at):%H:%M}",
        "times": ", ".join(times[-MOST_TIMES:]),
        "number": number_to_ring(now),
    }
    reports = {
        str(report.callback_number): report.language
        for report in incident.reports.order_by("-ordered_at", "-pk")
    }
    messages = Message.objects.bulk_create(
        [
            Message(
                incident=incident,
                kind=Message.Kind.SMS,
                purpose=purpose,
                address=number,
                language=language,
                text=customer_text(purpose, language, values),
                token=new_token(),
                due_at=now,
            )
            for number, language in reports.items()
        ]
    )
    enter(incident, "customer_told", now=now, purpose=purpose)
    wake.messages_after_commit([message.pk for message in messages])


def _claim(message_id: int, now: datetime) -> TextOrder | None:
    with transaction.atomic():
        message = (
            Message.objects.due(now)
            .filter(pk=message_id)
            .select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("incident")
            .first()
        )
        if message is None:
            return None
        if message.incident.status not in STILL_TRUE[message.purpose]:
            message.status = Message.Status.WITHDRAWN
            message.ended_at = now
            message.save(update_fields=["status", "ended_at"])
            return None
        message.status = Message.Status.CLAIMED
        message.lease_until = now + LEASE
        message.sends += 1
        message.save(update_fields=["status", "lease_until", "sends"])
        return TextOrder(
            token=message.token,
            address=message.address,
            text=message.text,
            started_at=now,
            valid_seconds=round(VALID.total_seconds()),
        )


def _record_receipt(message_id: int, receipt: Receipt, now: datetime) -> None:
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
        message.provider = receipt.provider
        message.provider_id = receipt.provider_id
        message.save(update_fields=["provider", "provider_id"])
        _apply(message, receipt.status, receipt.error_code, now)
        # A status nobody knows still means that it was taken.
        if message.status in {Message.Status.CLAIMED, Message.Status.QUEUED}:
            message.status = Message.Status.SENT
            message.sent_at = now
            message.lease_until = None
            message.save(update_fields=["status", "sent_at", "lease_until"])


def _record_refusal(message_id: int, error: PagerError, now: datetime) -> None:
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(no_key=True, of=("self",))
            .select_related("incident")
            .get(pk=message_id)
        )
        if message.status != Message.Status.CLAIMED:
            return
        if error.permanent or message.sends >= MOST_SENDS:
            _fail(message, error.code, now)
            return
        message.status = Message.Status.QUEUED
        message.error_code = error.code
        message.lease_until = None
        message.due_at = now + min(RETRY * message.sends, LONGEST_RETRY)
        message.save(update_fields=["status", "error_code", "lease_until", "due_at"])


def _apply(message: Message, word: str, code: str, now: datetime) -> None:
    if not delivery.supersedes(
        "sms",
        known=message.provider_status,
        known_sequence=-1,
        word=word,
        sequence=-1,
    ):
        return
    message.provider_status = word
    message.sent_at = message.sent_at or now
    message.lease_until = None
    verdict = delivery.verdict("sms", word, error_code=code)
    if verdict.fate is delivery.Fate.FAILED:
        message.save(update_fields=["provider_status", "sent_at"])
        _fail(message, verdict.error_code, now)
        return
    delivered = verdict.fate is delivery.Fate.DELIVERED
    message.status = Message.Status.DELIVERED if delivered else Message.Status.SENT
    message.ended_at = now if delivered else None
    message.save(
        update_fields=[
            *("provider_status", "sent_at", "lease_until", "status", "ended_at"),
        ]
    )


def _fail(message: Message, code: str, now: datetime) -> None:
    """It will not arrive: a landline, or a number that takes none. The desk says so."""
    message.status = Message.Status.FAILED
    message.error_code = code
    message.lease_until = None
    message.ended_at = now
    message.save(update_fields=["status", "error_code", "lease_until", "ended_at"])
    enter(
        message.incident,
        "message_failed",
        now=now,
        purpose=message.purpose,
        error=code,
    )
