"""What the operator's billing system says of a document that was handed over."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string

from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.models import Document, DocumentStep, HandOver, HandOverEvent
from billing.rules.hand_over import (
    NUMBERED,
    TOLD,
    State,
    lasting_number,
    may_follow,
)
from emergency import billable

logger = logging.getLogger(__name__)

LONGEST_NUMBER = 40


@transaction.atomic
def record_answer(
    *,
    key: str,
    event_id: str,
    status: str,
    number: str,
    message: str,
    source: HandOverEvent.Source,
    now: datetime,
    staff_id: int | None = None,
) -> HandOver:
    """Number and status over there stand with the document, and emergency knows of it.

    The same event again changes nothing; older news is kept and changes nothing.
    Raises HandOver.DoesNotExist for a key that is not ours, BillingRefusal for an
    answer that cannot be right.
    """
    hand_over = HandOver.objects.select_for_update().get(key=key)
    if HandOverEvent.objects.filter(event_id=event_id).exists():
        return hand_over
    told, known = State(status), State(hand_over.status)
    lasting = lasting_number(hand_over.external_number, number.strip())
    if lasting is None:
        raise BillingRefusal("number_differs")
    if told in NUMBERED and not lasting:
        raise BillingRefusal("number_missing")
    applied = may_follow(known, told)
    HandOverEvent.objects.create(
        event_id=event_id,
        hand_over=hand_over,
        source=source,
        received_at=now,
        status=told,
        number=number.strip(),
        message=message[:300],
        applied=applied,
        staff_id=staff_id,
    )
    if applied:
        _apply(hand_over, told, lasting, message, staff_id, now)
    return hand_over


def _apply(
    hand_over: HandOver,
    told: State,
    number: str,
    message: str,
    staff_id: int | None,
    now: datetime,
) -> None:
    hand_over.status, hand_over.external_number = told, number
    hand_over.message, hand_over.answered_at = message[:300], now
    hand_over.save()
    document = Document.objects.select_for_update().get(pk=hand_over.document_id)
    note(
        document,
        DocumentStep.Code.HAND_OVER_ANSWERED,
        now=now,
        staff_id=staff_id,
        status=told.value,
        number=number,
    )
    for reference in document.references if told in NUMBERED else ():
        billable.record_document(
            reference=reference,
            kind=document.kind,
            number=number,
            gross=-document.gross if document.is_credit_note else document.gross,
            issued_at=now,
            url_name="",
            # Its PDF comes from the other system: there is nothing to announce here.
            announce=False,
        )
    if told is State.PAID and document.settled_at is None:
        document.settled_at = now
        document.save(update_fields=["settled_at"])
        if not document.is_credit_note:
            billable.record_settled(
                reference=document.incident_reference, settled_at=now
            )


def heard_at_once(*, key: str, said: dict[str, Any], now: datetime) -> None:
    """What the other system answered to the hand-over itself, if it says anything we
    understand: it may know the number already. Never raises."""
    status = str(said.get("status", ""))
    if status not in TOLD:
        return
    try:
        record_answer(
            key=key,
            event_id=f"answer-{get_random_string(20)}",
            status=status,
            number=str(said.get("number") or "")[:LONGEST_NUMBER],
            message=str(said.get("message") or ""),
            source=HandOverEvent.Source.ANSWER,
            now=now,
        )
    except (BillingRefusal, HandOver.DoesNotExist) as refusal:
        logger.warning("the answer to %s is not taken: %s", key, refusal)


def type_in(
    *, document_id: int, status: str, number: str, staff_id: int, now: datetime
) -> HandOver:
    """What somebody read in the other system stands with the document.

    Raises BillingRefusal, also where it would be a step backwards.
    """
    latest = HandOver.objects.filter(document_id=document_id).first()
    if latest is None:
        raise BillingRefusal("not_handed_over")
    if not may_follow(State(latest.status), State(status)):
        raise BillingRefusal("answer_too_old")
    return record_answer(
        key=latest.key,
        event_id=f"hand-{get_random_string(20)}",
        status=status,
        number=number,
        message="",
        source=HandOverEvent.Source.HAND,
        staff_id=staff_id,
        now=now,
    )
