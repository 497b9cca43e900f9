"""Send documents: an attempt is a row, a failed one is followed by another."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from billing import wake
from billing.actions.delivered import arrived
from billing.actions.hand_over_answer import heard_at_once
from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document
from billing.carriers.base import Carried
from billing.carriers.directory import CARRIERS
from billing.models import BillingProfile, Document, DocumentStep, Transmission
from billing.rules.daytime import read_hours

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
    if daytime(now) != now:
        # Only what a person asked for goes out now, and what no person is woken by.
        due &= Q(requested_by__isnull=False) | ~Q(kind=Kind.EMAIL)
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
    arrived(document, now=now, kind=transmission.kind)


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
            requested_by_id=transmission.requested_by_id,
            due_at=_open_hours(transmission.kind, now + RETRIES[tries - 1]),
        )


def _tries_in_a_row(transmission: Transmission) -> int:
    """How often this was tried since a person last asked for it, or since the issue."""
    return transmission.attempt - transmission.first_attempt + 1


def _open_hours(kind: str, now: datetime) -> datetime:
    """People get e-mail by day; systems take requests at any time."""
    return daytime(now) if kind == Kind.EMAIL else now


def queue(*, document: Document, now: datetime) -> None:
    """The issued document will be sent: to the account's address for invoices, and to
    the operator's customer system where there is one."""
    address = document.recipient.get("invoice_email", "")
    if address:
        Transmission.objects.create(
            document=document, address=address, due_at=daytime(now)
        )
    if settings.DOCUMENT_PUSH["URL"]:
        Transmission.objects.create(
            document=document,
            kind=Kind.PUSH,
            address=settings.DOCUMENT_PUSH["URL"],
            due_at=now,
        )
    wake.after_commit(wake.TRANSMIT_DUE)


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
    *,
    document_id: int,
    now: datetime,
    kind: str = Kind.EMAIL,
    staff_id: int | None = None,
    address: str = "",
) -> Transmission:
    """One more attempt of this kind is due now, by day and by night: an e-mail to this
    address, or to the one that the account has today; a request to the system that is
    set up. The account's own address stays as it is.

    Raises BillingRefusal when there is no address or an attempt is already waiting.
    """
    document = lock_document(document_id)
    if kind == Kind.HAND_OVER and not document.is_handed_over:
        raise BillingRefusal("not_handed_over")
    if kind != Kind.HAND_OVER and not document.is_issued:
        raise BillingRefusal("not_issued")
    to = address.strip() if kind == Kind.EMAIL else ""
    to = to or _address_today(document, kind)
    if not to:
        by_mail = kind == Kind.EMAIL
        raise BillingRefusal("address_missing" if by_mail else "nowhere_to_send")
    _check_address(kind, to)
    attempts = document.transmissions.filter(kind=kind)
    if attempts.filter(status=Transmission.Status.SENDING).exists():
        raise BillingRefusal("transmission_open")
    latest = attempts.aggregate(latest=Max("attempt"))["latest"] or 0
    transmission, _made = Transmission.objects.get_or_create(
        document=document,
        kind=kind,
        status=Transmission.Status.DUE,
        defaults={"attempt": latest + 1, "due_at": now},
    )
    transmission.address, transmission.requested_by_id = to, staff_id
    transmission.first_attempt = transmission.attempt
    transmission.due_at = min(transmission.due_at, now)
    transmission.save()
    if staff_id is not None:
        note(
            document,
            DocumentStep.Code.SEND_REQUESTED,
            now=now,
            staff_id=staff_id,
            kind=kind,
        )
    wake.after_commit(wake.TRANSMIT_DUE)
    return transmission


def _check_address(kind: str, address: str) -> None:
    if kind != Kind.EMAIL:
        return
    try:
        validate_email(address)
    except ValidationError:
        raise BillingRefusal("address_invalid", field="address") from None


def _address_today(document: Document, kind: str) -> str:
    """Where a document of this kind goes today; empty: nowhere."""
    if kind == Kind.PUSH:
        return str(settings.DOCUMENT_PUSH["URL"])
    if kind == Kind.HAND_OVER:
        return str(settings.HAND_OVER["URL"])
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
    mailed = transmission.kind == Kind.EMAIL
    if transmission.status != Transmission.Status.SENT or not mailed:
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
        kind=Kind.EMAIL,
        message_id__in=[one for one in message_ids if one],
        status=Transmission.Status.SENT,
    )
    ids = list(came_back.values_list("pk", flat=True))
    for transmission_id in ids:
        note_bounce(transmission_id=transmission_id, staff_id=None, why="", now=now)
    return len(ids)
