"""Send documents: an attempt is a row, a failed one is followed by another."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max, Q

from billing import wake
from billing.actions.hand_over_answer import heard_at_once
from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document
from billing.carriers.base import Carried
from billing.carriers.directory import CARRIERS
from billing.models import BillingProfile, Document, DocumentStep, Transmission

LEASE = timedelta(minutes=5)
# How long to wait after the first, second, … failed attempt; then a person must look.
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
Kind = Transmission.Kind


def send_due(
    *, now: datetime, connection: BaseEmailBackend | None = None, limit: int = 100
) -> int:
    """Every transmission that is due was tried once; how many were sent.

    Claim, send and record are three steps: nothing is sent inside a transaction, and a
    claim whose process died is taken up again when its lease ends.
    """
    sent = 0
    for _ in range(limit):
        transmission = _claim(now)
        if transmission is None:
            break
        carry = CARRIERS[transmission.kind]
        carried = carry(transmission, now=now, connection=connection)
        transmission.message_id = carried.message_id[:200]
        if carried.problem:
            _record_failure(transmission, carried, now)
        else:
            _record_sent(transmission, now)
            sent += 1
        if carried.said and transmission.kind == Kind.HAND_OVER:
            heard_at_once(key=carried.message_id, said=carried.said, now=now)
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


@transaction.atomic
def _record_sent(transmission: Transmission, now: datetime) -> None:
    document = lock_document(transmission.document_id)
    transmission.status = Transmission.Status.SENT
    transmission.ended_at = now
    transmission.save()
    if transmission.kind == Kind.HAND_OVER:
        note(document, DocumentStep.Code.HAND_OVER_SENT, now=now)
        return
    if document.status == Document.Status.ISSUED:
        document.status = Document.Status.TRANSMITTED
        document.transmitted_at = now
        document.save(update_fields=["status", "transmitted_at"])
    note(document, DocumentStep.Code.TRANSMITTED, now=now, kind=transmission.kind)


@transaction.atomic
def _record_failure(
    transmission: Transmission, carried: Carried, now: datetime
) -> None:
    document = lock_document(transmission.document_id)
    transmission.status = Transmission.Status.FAILED
    transmission.ended_at = now
    transmission.problem = carried.problem[:200]
    transmission.save()
    code = (
        DocumentStep.Code.HAND_OVER_FAILED
        if transmission.kind == Kind.HAND_OVER
        else DocumentStep.Code.TRANSMISSION_FAILED
    )
    note(document, code, now=now, problem=carried.problem, kind=transmission.kind)
    tries = _tries_in_a_row(transmission)
    if not carried.permanent and tries <= len(RETRIES):
        Transmission.objects.create(
            document=document,
            kind=transmission.kind,
            address=transmission.address,
            attempt=transmission.attempt + 1,
            first_attempt=transmission.first_attempt,
            due_at=now + RETRIES[tries - 1],
        )


def _tries_in_a_row(transmission: Transmission) -> int:
    """The place of this attempt in its row of retries."""
    return transmission.attempt - transmission.first_attempt + 1


def queue(*, document: Document, now: datetime) -> None:
    """The issued document will be sent: to the account's address for invoices, and to
    the operator's customer system where there is one."""
    address = document.recipient.get("invoice_email", "")
    if address:
        Transmission.objects.create(document=document, address=address, due_at=now)
    if settings.DOCUMENT_PUSH["URL"]:
        Transmission.objects.create(
            document=document,
            kind=Kind.PUSH,
            address=settings.DOCUMENT_PUSH["URL"],
            due_at=now,
        )
    wake.after_commit(wake.TRANSMIT_DUE)


@transaction.atomic
def send_again(
    *, document_id: int, now: datetime, kind: str = Kind.EMAIL
) -> Transmission:
    """One more attempt of this kind is due now, to the address of today.

    Raises BillingRefusal when there is no address or an attempt is already waiting.
    """
    document = lock_document(document_id)
    if kind == Kind.HAND_OVER and not document.is_handed_over:
        raise BillingRefusal("not_handed_over")
    if kind != Kind.HAND_OVER and not document.is_issued:
        raise BillingRefusal("not_issued")
    attempts = document.transmissions.filter(kind=kind)
    waiting = attempts.filter(status=Transmission.Status.DUE).first()
    if waiting is not None:
        waiting.due_at = min(waiting.due_at, now)
        waiting.save(update_fields=["due_at"])
        wake.after_commit(wake.TRANSMIT_DUE)
        return waiting
    if attempts.filter(status=Transmission.Status.SENDING).exists():
        raise BillingRefusal("transmission_open")
    address = _address(document, kind)
    if not address:
        by_mail = kind == Kind.EMAIL
        raise BillingRefusal("address_missing" if by_mail else "nowhere_to_send")
    latest = attempts.aggregate(latest=Max("attempt"))["latest"] or 0
    transmission = Transmission.objects.create(
        document=document,
        kind=kind,
        address=address,
        attempt=latest + 1,
        first_attempt=latest + 1,
        due_at=now,
    )
    wake.after_commit(wake.TRANSMIT_DUE)
    return transmission


def _address(document: Document, kind: str) -> str:
    """Where a document of this kind goes today; empty: nowhere."""
    if kind == Kind.PUSH:
        return str(settings.DOCUMENT_PUSH["URL"])
    if kind == Kind.HAND_OVER:
        return str(settings.HAND_OVER["URL"])
    profile = BillingProfile.objects.filter(
        account_number=document.account_number
    ).first()
    return profile.invoice_email if profile else ""
