"""Send answers to objections: claim, send, record, and try again later."""

import logging
from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from billing.actions.history import note
from billing.actions.review import lock_document
from billing.actions.transmit import LEASE, RETRIES
from billing.documents.mail import compose_answer
from billing.models import DocumentStep, Hold, ObjectionAnswer

logger = logging.getLogger(__name__)


def send_answers(
    *, now: datetime, connection: BaseEmailBackend | None = None, limit: int = 100
) -> int:
    """Every answer that is due was tried once; how many were sent.

    No mail is sent inside a transaction, and a claim whose process died is taken up
    again when its lease ends.
    """
    sent = 0
    for _ in range(limit):
        answer = _claim(now)
        if answer is None:
            break
        problem, permanent = _send(answer, connection)
        _record(answer, problem, permanent, now)
        sent += not problem
    return sent


@transaction.atomic
def _claim(now: datetime) -> ObjectionAnswer | None:
    due = Q(status=ObjectionAnswer.Status.DUE, due_at__lte=now) | Q(
        status=ObjectionAnswer.Status.SENDING, lease_until__lt=now
    )
    answer = (
        ObjectionAnswer.objects.select_for_update(skip_locked=True)
        .filter(due)
        .order_by("due_at", "pk")
        .first()
    )
    if answer is not None:
        answer.status = ObjectionAnswer.Status.SENDING
        answer.lease_until = now + LEASE
        answer.attempts += 1
        answer.save(update_fields=["status", "lease_until", "attempts"])
    return answer


def _send(
    answer: ObjectionAnswer, connection: BaseEmailBackend | None
) -> tuple[str, bool]:
    """The problem in one word, empty when it is gone; and whether it is permanent."""
    try:
        if compose_answer(answer, connection).send() != 1:
            return "not accepted", False
    except SMTPRecipientsRefused:
        return "SMTPRecipientsRefused", True
    except Exception as error:  # noqa: BLE001 - whatever a mail backend raises
        logger.warning("answer %s was not sent: %s", answer.pk, error)
        return type(error).__name__, False
    return "", False


@transaction.atomic
def _record(
    answer: ObjectionAnswer, problem: str, permanent: bool, now: datetime
) -> None:
    """What became of the attempt stands on the row. An answer that will not arrive has
    answered nothing: the objection waits for a person once more."""
    answer.problem = problem[:200]
    if problem and not permanent and answer.attempts <= len(RETRIES):
        answer.status = ObjectionAnswer.Status.DUE
        answer.due_at = now + RETRIES[answer.attempts - 1]
    else:
        failed, sent = ObjectionAnswer.Status.FAILED, ObjectionAnswer.Status.SENT
        answer.status = failed if problem else sent
        answer.ended_at = now
        if problem:
            _hold_again(answer.document_id, problem, now)
    answer.save(update_fields=["problem", "status", "due_at", "ended_at"])


def _hold_again(document_id: int, problem: str, now: datetime) -> None:
    document = lock_document(document_id)
    reason = Hold.Reason.CUSTOMER_OBJECTS
    note(document, DocumentStep.Code.TRANSMISSION_FAILED, now=now, problem=problem)
    opened = document.holds.filter(reason=reason, released_at__isnull=False).update(
        released_at=None, released_by=None, why=""
    )
    if opened:
        note(document, DocumentStep.Code.HELD, now=now, reason=reason)
