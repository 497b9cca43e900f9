"""Send issued documents: an attempt is a row, a failed one is followed by another."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max, Q

from billing import wake
from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document
from billing.documents.mail import compose
from billing.models import BillingProfile, Document, DocumentStep, Transmission

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# How long to wait after the first, second, … failed attempt; then a person must look.
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)


def send_due(
    *, now: datetime, connection: BaseEmailBackend | None = None, limit: int = 100
) -> int:
    """Every transmission that is due was tried once; how many were sent.

    Claim, send and record are three steps: no mail is sent inside a transaction, and a
    claim whose process died is taken up again when its lease ends.
    """
    sent = 0
    for _ in range(limit):
        transmission = _claim(now)
        if transmission is None:
            break
        problem, permanent = _send(transmission, connection)
        if problem:
            _record_failure(transmission, problem, permanent, now)
        else:
            _record_sent(transmission, now)
            sent += 1
    return sent


@transaction.atomic
def _claim(now: datetime) -> Transmission | None:
    due = Q(status=Transmission.Status.DUE, due_at__lte=now) | Q(
        status=Transmission.Status.SENDING, lease_until__lt=now
    )
    transmission = (
        Transmission.objects.select_for_update(skip_locked=True)
        .filter(due)
        .order_by("due_at", "pk")
        .first()
    )
    if transmission is not None:
        transmission.status = Transmission.Status.SENDING
        transmission.lease_until = now + LEASE
        transmission.save(update_fields=["status", "lease_until"])
    return transmission


def _send(
    transmission: Transmission, connection: BaseEmailBackend | None
) -> tuple[str, bool]:
    """The problem in one word, empty when it is gone; and whether it is permanent."""
    try:
        message = compose(transmission, connection)
        transmission.message_id = str(message.extra_headers["Message-ID"])
        if message.send() != 1:
            return "not accepted", False
    except SMTPRecipientsRefused:
        return "SMTPRecipientsRefused", True
    except Exception as error:  # noqa: BLE001 - whatever a mail backend raises
        logger.warning("document %s was not sent: %s", transmission.document_id, error)
        return type(error).__name__, False
    return "", False


@transaction.atomic
def _record_sent(transmission: Transmission, now: datetime) -> None:
    document = lock_document(transmission.document_id)
    transmission.status = Transmission.Status.SENT
    transmission.ended_at = now
    transmission.save()
    if document.transmitted_at is None:
        # What is paid before it is sent stays settled.
        if document.status == Document.Status.ISSUED:
            document.status = Document.Status.TRANSMITTED
        document.transmitted_at = now
        document.save(update_fields=["status", "transmitted_at"])
    note(document, DocumentStep.Code.TRANSMITTED, now=now)


@transaction.atomic
def _record_failure(
    transmission: Transmission, problem: str, permanent: bool, now: datetime
) -> None:
    document = lock_document(transmission.document_id)
    transmission.status = Transmission.Status.FAILED
    transmission.ended_at = now
    transmission.problem = problem[:200]
    transmission.save()
    note(document, DocumentStep.Code.TRANSMISSION_FAILED, now=now, problem=problem)
    if not permanent and transmission.attempt <= len(RETRIES):
        Transmission.objects.create(
            document=document,
            address=transmission.address,
            attempt=transmission.attempt + 1,
            due_at=now + RETRIES[transmission.attempt - 1],
        )


@transaction.atomic
def send_again(*, document_id: int, now: datetime) -> Transmission:
    """One more attempt is due now, to the address the account has today.

    Raises BillingRefusal when there is no address or an attempt is already waiting.
    """
    document = lock_document(document_id)
    if not document.is_issued:
        raise BillingRefusal("not_issued")
    attempts = document.transmissions
    waiting = attempts.filter(status=Transmission.Status.DUE).first()
    if waiting is not None:
        waiting.due_at = min(waiting.due_at, now)
        waiting.save(update_fields=["due_at"])
        wake.after_commit(wake.TRANSMIT_DUE)
        return waiting
    if attempts.filter(status=Transmission.Status.SENDING).exists():
        raise BillingRefusal("transmission_open")
    profile = BillingProfile.objects.filter(
        account_number=document.account_number
    ).first()
    if profile is None or not profile.invoice_email:
        raise BillingRefusal("address_missing")
    latest = attempts.aggregate(latest=Max("attempt"))["latest"] or 0
    transmission = Transmission.objects.create(
        document=document,
        address=profile.invoice_email,
        attempt=latest + 1,
        due_at=now,
    )
    wake.after_commit(wake.TRANSMIT_DUE)
    return transmission
