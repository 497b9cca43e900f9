"""Sending one message: claim, provider, record. At least once, never lost.

As with pages no network call happens inside a transaction. What an earlier request may
have left at a provider is looked up there before an SMS is sent again; a mail that is
sent again carries the same Message-ID.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.message_status import apply_word, fail
from emergency.actions.reconcile import text_left_behind
from emergency.actions.routes import order_of_routes, record_failure, record_success
from emergency.actions.tracking_link import address_of
from emergency.models import Message
from emergency.pagers.base import PagerError, Receipt, TextOrder
from emergency.pagers.directory import ROUTES
from emergency.pagers.sentences.to_the_customer import LINK
from emergency.queries.dialling import wrong_numbers
from emergency.rules.breaker import another_route_helps
from emergency.rules.customer_message import LONGEST_WAIT, is_still_true
from emergency.rules.states import State

logger = logging.getLogger(__name__)

# Longer than the time limits of two providers that are first asked and then tried, one
# after the other.
LEASE = timedelta(seconds=90)
RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(minutes=2)
MOST_SENDS = 12


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What to send, and since when an earlier request has been without an outcome."""

    order: TextOrder
    unanswered_since: datetime | None
    sends: int


def overdue_messages(*, now: datetime, grace: timedelta, limit: int = 200) -> list[int]:
    """Ids of messages that should have been claimed ``grace`` ago."""
    due = Message.objects.due(now - grace)
    return list(due.values_list("pk", flat=True)[:limit])


def send_message(*, message_id: int, clock: Callable[[], datetime]) -> bool:
    """The message is with a provider, or its failure is recorded. False when it was not
    due (any more)."""
    claim = _claim(message_id, clock())
    if claim is None:
        return False
    order = claim.order
    if claim.unanswered_since is not None:
        found = text_left_behind(order, claim.unanswered_since)
        if found is not None:
            _record_receipt(message_id, found, clock())
            return True
    refusal, unknown = PagerError("not_configured"), False
    for route in order_of_routes(order.way, clock()):
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
        unknown = unknown or refusal.unknown
        failure = record_failure(route=route, code=refusal.code, now=clock())
        if not another_route_helps(failure):
            break
    _record_refusal(message_id, claim.sends, refusal, unknown, clock())
    return True


def _claim(message_id: int, now: datetime) -> Claim | None:
    with transaction.atomic():
        message = (
            Message.objects.due(now)
            .filter(pk=message_id)
            .select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("incident", "report", "mail")
            .first()
        )
        if message is None:
            return None
        state = State(message.incident.status) if message.incident else None
        true = is_still_true(message.purpose, state, now - message.due_at)
        if not true or _goes_to_a_stranger(message):
            message.status = Message.Status.WITHDRAWN
            message.ended_at = now
            message.save(update_fields=["status", "ended_at"])
            return None
        unanswered_since = message.asked_at
        message.status = Message.Status.CLAIMED
        message.lease_until = now + LEASE
        message.sends += 1
        message.asked_at = message.asked_at or now
        message.save(update_fields=["status", "lease_until", "sends", "asked_at"])
        return Claim(
            order=_order(message, now),
            unanswered_since=unanswered_since,
            sends=message.sends,
        )


def _goes_to_a_stranger(message: Message) -> bool:
    """Whether a technician has found meanwhile that the number is somebody else's."""
    if message.incident is None or message.kind != Message.Kind.SMS:
        return False
    return message.address in wrong_numbers(message.incident)


def _order(message: Message, now: datetime) -> TextOrder:
    link = ""
    if message.report is not None and LINK in message.text:
        link = address_of(report=message.report, now=now)
    return TextOrder(
        token=message.token,
        way=message.kind,
        address=message.address,
        language=message.language,
        subject=message.subject,
        in_reply_to=message.mail.message_id if message.mail else "",
        text=message.text.replace(LINK, link).strip(),
        link=link,
        started_at=now,
        valid_seconds=round(LONGEST_WAIT.total_seconds()),
        # A message has one token however often it is sent.
        earlier_tokens=(message.token,),
    )


def _record_receipt(message_id: int, receipt: Receipt, now: datetime) -> None:
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
        message.provider = receipt.provider
        message.provider_id = receipt.provider_id
        message.asked_at = None
        message.save(update_fields=["provider", "provider_id", "asked_at"])
        apply_word(message, receipt.status, receipt.error_code, now)
        # A status nobody knows still means that it was taken.
        if message.status in {Message.Status.CLAIMED, Message.Status.QUEUED}:
            message.status = Message.Status.SENT
            message.sent_at = now
            message.lease_until = None
            message.save(update_fields=["status", "sent_at", "lease_until"])


def _record_refusal(
    message_id: int, sends: int, error: PagerError, unknown: bool, now: datetime
) -> None:
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(no_key=True, of=("self",))
            .select_related("incident")
            .get(pk=message_id)
        )
        if message.status != Message.Status.CLAIMED or message.sends != sends:
            return
        if not unknown:
            message.asked_at = None
        message.error_code = error.code
        if error.permanent or message.sends >= MOST_SENDS:
            fail(message, error.code, now)
            return
        message.status = Message.Status.QUEUED
        message.lease_until = None
        message.due_at = now + min(RETRY * message.sends, LONGEST_RETRY)
        message.save(
            update_fields=["status", "error_code", "lease_until", "due_at", "asked_at"]
        )
