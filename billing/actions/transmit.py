"""Send issued documents: an attempt is a row, a failed one is followed by another."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from billing import wake
from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document
from billing.documents.mail import compose
from billing.models import BillingProfile, Document, DocumentStep, Transmission
from billing.rules.daytime import read_hours

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
        problem, permanent = _send(transmission, connection, now)
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
    if daytime(now) != now:
        # Only what a person asked for goes out now.
        due &= Q(requested_by__isnull=False)
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
    transmission: Transmission, connection: BaseEmailBackend | None, now: datetime
) -> tuple[str, bool]:
    """The problem in one word, empty when it is gone; and whether it is permanent."""
    try:
        message = compose(transmission, connection, now=now)
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
    if not permanent and _tries(transmission) <= len(RETRIES):
        Transmission.objects.create(
            document=document,
            address=transmission.address,
            attempt=transmission.attempt + 1,
            requested_by_id=transmission.requested_by_id,
            due_at=daytime(now + RETRIES[_tries(transmission) - 1]),
        )


def _tries(transmission: Transmission) -> int:
    """How often this was tried since a person last asked for it, or since the issue."""
    earlier = Transmission.objects.filter(
        document=transmission.document, attempt__lte=transmission.attempt
    ).order_by("-attempt")
    same = takewhile(
        lambda one: (
            (one.address, one.requested_by_id)
            == (transmission.address, transmission.requested_by_id)
            and (one.pk == transmission.pk or one.status == Transmission.Status.FAILED)
        ),
        earlier,
    )
    return len(list(same))


def daytime(now: datetime) -> datetime:
    """This instant, or the next morning where customers get e-mail only by day."""
    try:
        hours = read_hours(settings.INVOICE_MAIL_HOURS)
    except ValueError:
        # A system check says so; an invoice by night is better than none.
        return now
    if hours is None or hours.contain(timezone.localtime(now)):
        return now
    return hours.next(timezone.localtime(now))


@transaction.atomic
def send_again(
    *, document_id: int, staff_id: int, now: datetime, address: str = ""
) -> Transmission:
    """One more attempt is due now, by day and by night: to this address, or to the one
    that the account has today. The account's own address stays as it is.

    Raises BillingRefusal when there is no address or an attempt is already waiting.
    """
    document = lock_document(document_id)
    if not document.is_issued:
        raise BillingRefusal("not_issued")
    attempts = document.transmissions
    to = address.strip() or _address_today(document)
    if not to:
        raise BillingRefusal("address_missing")
    try:
        validate_email(to)
    except ValidationError:
        raise BillingRefusal("address_invalid", field="address") from None
    if attempts.filter(status=Transmission.Status.SENDING).exists():
        raise BillingRefusal("transmission_open")
    latest = attempts.aggregate(latest=Max("attempt"))["latest"] or 0
    transmission, _made = Transmission.objects.get_or_create(
        document=document,
        status=Transmission.Status.DUE,
        defaults={"attempt": latest + 1, "due_at": now},
    )
    transmission.address, transmission.requested_by_id = to, staff_id
    transmission.due_at = min(transmission.due_at, now)
    transmission.save()
    note(document, DocumentStep.Code.SEND_REQUESTED, now=now, staff_id=staff_id)
    wake.after_commit(wake.TRANSMIT_DUE)
    return transmission


def _address_today(document: Document) -> str:
    profile = BillingProfile.objects.filter(
        account_number=document.account_number
    ).first()
    return profile.invoice_email if profile else ""


@transaction.atomic
def note_bounce(
    *, transmission_id: int, staff_id: int | None, why: str, now: datetime
) -> Transmission:
    """The e-mail of this attempt came back, as a person saw or as our mailbox got it
    (``staff_id`` None). The document waits for accounting unless another attempt
    arrived. Noting it twice changes nothing. Raises BillingRefusal.
    """
    document = lock_document(
        Transmission.objects.values_list("document_id", flat=True).get(
            pk=transmission_id
        )
    )
    transmission = document.transmissions.get(pk=transmission_id)
    if transmission.status == Transmission.Status.BOUNCED:
        return transmission
    if transmission.status != Transmission.Status.SENT:
        raise BillingRefusal("not_sent")
    transmission.status = Transmission.Status.BOUNCED
    transmission.problem = why.strip()[:200]
    transmission.save(update_fields=["status", "problem"])
    sent = document.transmissions.filter(status=Transmission.Status.SENT)
    if document.status == Document.Status.TRANSMITTED and not sent.exists():
        document.status = Document.Status.ISSUED
        document.transmitted_at = None
        document.save(update_fields=["status", "transmitted_at"])
    note(
        document,
        DocumentStep.Code.BOUNCED,
        now=now,
        staff_id=staff_id,
        problem=transmission.problem,
    )
    return transmission


def mail_returned(*, message_ids: Sequence[str], now: datetime) -> int:
    """Attempts whose e-mail came back to the mailbox of the emergency address are
    bounced; how many. Named by the setting ``MAIL_RETURNED``."""
    came_back = Transmission.objects.filter(
        message_id__in=[one for one in message_ids if one],
        status=Transmission.Status.SENT,
    )
    ids = list(came_back.values_list("pk", flat=True))
    for transmission_id in ids:
        note_bounce(transmission_id=transmission_id, staff_id=None, why="", now=now)
    return len(ids)
