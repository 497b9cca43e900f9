"""By a signed request to another system of the operator.

Signed by HMAC-SHA256 over timestamp and body (`billing.rules.signing`); the key of
idempotency stays the same over all attempts, so that a repeated request is one
document.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from billing.carriers.base import Carried
from billing.exports.push import document_body, document_key
from billing.models import HandOver, Transmission
from billing.outbound import Unreachable, post
from billing.rules.signing import headers

logger = logging.getLogger(__name__)

# Refusals that end by themselves: not yet, too early, too often.
PASSING = frozenset({408, 409, 425, 429})


def to_customer_system(
    transmission: Transmission, *, now: datetime, connection: BaseEmailBackend | None
) -> Carried:
    """The issued document with its files is with the customer system."""
    document = transmission.document
    return _push(
        transmission,
        body=document_body(document),
        key=document_key(document),
        secret=settings.DOCUMENT_PUSH["SECRET"],
        now=now,
    )


def to_billing_system(
    transmission: Transmission, *, now: datetime, connection: BaseEmailBackend | None
) -> Carried:
    """The lines that were handed over are with the billing system, byte by byte as
    they were frozen."""
    hand_over = HandOver.objects.filter(document=transmission.document_id).first()
    if hand_over is None or hand_over.status == HandOver.Status.REFUSED:
        return Carried(problem="nothing handed over", permanent=True)
    return _push(
        transmission,
        body=bytes(hand_over.body),
        key=hand_over.key,
        secret=settings.HAND_OVER["SECRET"],
        now=now,
    )


def _push(
    transmission: Transmission, *, body: bytes, key: str, secret: str, now: datetime
) -> Carried:
    if not secret:
        return Carried(problem="no secret")
    signed = {**headers(secret, body, now), "Idempotency-Key": key}
    try:
        answer = post(transmission.address, body, signed)
    except Unreachable as error:
        return Carried(problem=str(error), message_id=key)
    except ValueError as error:
        # An address that no request can be made of.
        logger.warning("%s cannot be asked: %s", transmission.address, error)
        return Carried(problem="address", permanent=True, message_id=key)
    if answer.ok:
        return Carried(message_id=key, said=answer.json())
    return Carried(
        problem=f"HTTP {answer.status}",
        permanent=answer.status < 500 and answer.status not in PASSING,
        message_id=key,
    )
