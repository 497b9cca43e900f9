"""Send the reminders that are due: an attempt is a row, a failed one gets another."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from billing.actions.history import note
from billing.actions.reminders import doubted, remindable, reminders_are_on
from billing.actions.review import lock_document
from billing.actions.transmit import LEASE
from billing.documents.mail import compose_reminder
from billing.models import DocumentStep, Reminder
from billing.open_items import current_rules

logger = logging.getLogger(__name__)

RETRIES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def send_reminders(
    *, now: datetime, connection: BaseEmailBackend | None = None, limit: int = 200
) -> int:
    """Every reminder that is due was tried once; how many went out.

    Claim, send and record are three steps. What is paid, held or objected to meanwhile
    is dropped instead.
    """
    if not reminders_are_on(current_rules(), now):
        return 0
    sent = 0
    for _ in range(limit):
        reminder = _claim(now)
        if reminder is None:
            break
        if reminder.status == Reminder.Status.DROPPED:
            continue
        problem, permanent = _send(reminder, connection)
        if problem:
            _record_failure(reminder, problem, permanent, now)
        else:
            _record_sent(reminder, now)
            sent += 1
    return sent


@transaction.atomic
def _claim(now: datetime) -> Reminder | None:
    """The next one, being sent, or dropped because it would be wrong by now."""
    due = Q(status=Reminder.Status.DUE, due_at__lte=now) | Q(
        status=Reminder.Status.SENDING, lease_until__lt=now
    )
    reminder = (
        Reminder.objects.select_for_update(skip_locked=True)
        .filter(due)
        .order_by("due_at", "pk")
        .first()
    )
    if reminder is None:
        return None
    still = remindable(doubted()).filter(
        pk=reminder.document_id, balance=reminder.amount
    )
    if still.exists():
        reminder.status = Reminder.Status.SENDING
        reminder.lease_until = now + LEASE
    else:
        reminder.status, reminder.ended_at = Reminder.Status.DROPPED, now
    reminder.save(update_fields=["status", "lease_until", "ended_at"])
    return reminder


def _send(reminder: Reminder, connection: BaseEmailBackend | None) -> tuple[str, bool]:
    """The problem in one word, empty when it is gone; and whether it is permanent."""
    try:
        message = compose_reminder(reminder, connection)
        reminder.message_id = str(message.extra_headers["Message-ID"])
        if message.send() != 1:
            return "not accepted", False
    except SMTPRecipientsRefused:
        return "SMTPRecipientsRefused", True
    except Exception as error:  # noqa: BLE001 - whatever a mail backend raises
        logger.warning("reminder %s was not sent: %s", reminder.pk, error)
        return type(error).__name__, False
    return "", False


@transaction.atomic
def _record_sent(reminder: Reminder, now: datetime) -> None:
    document = lock_document(reminder.document_id)
    reminder.status, reminder.ended_at = Reminder.Status.SENT, now
    reminder.save()
    note(document, DocumentStep.Code.REMINDED, now=now, number=str(reminder.level))


@transaction.atomic
def _record_failure(
    reminder: Reminder, problem: str, permanent: bool, now: datetime
) -> None:
    reminder.status, reminder.ended_at = Reminder.Status.FAILED, now
    reminder.problem = problem[:200]
    reminder.save()
    if not permanent and reminder.attempt <= len(RETRIES):
        Reminder.objects.create(
            document_id=reminder.document_id,
            level=reminder.level,
            attempt=reminder.attempt + 1,
            language=reminder.language,
            address=reminder.address,
            subject=reminder.subject,
            body=reminder.body,
            amount=reminder.amount,
            due_at=now + RETRIES[reminder.attempt - 1],
        )
