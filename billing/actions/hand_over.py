"""Hand approved documents to the operator's own billing system, which issues them."""

import logging
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import get_random_string

from billing.actions.drafting import compute, open_holds, write, write_approved
from billing.actions.gathering import unapprove
from billing.actions.history import note
from billing.actions.refusal import RETURNS, BillingRefusal
from billing.actions.review import lock_document, requested
from billing.actions.transmit import send_again
from billing.documents.order_record import order_record_pdf
from billing.documents.renderer import RendererMissing
from billing.exports.hand_over import hand_over_body, hand_over_csv
from billing.models import (
    Document,
    DocumentStep,
    HandOver,
    HandOverBatch,
    Transmission,
)
from billing.queries import sums
from emergency import billable

logger = logging.getLogger(__name__)

# Whoever has the link may read the order record: it names what it opens.
RECORD_LINK = "billing.hand_over.order_record"
# After these the sweep tries again by itself; the others wait for a person.
PASSING = frozenset({"", "renderer_missing"})


def hand_over(*, document_id: int, now: datetime) -> Document:
    """The approved document is in the hands of the other system: its lines are frozen,
    what is handed over is kept byte by byte, and it is on its way.

    Handing over twice changes nothing. A document with a new hold goes back to being a
    draft; other reasons stand on it. Raises BillingRefusal.
    """
    if settings.BILLING_MODE != "hand_over":
        raise BillingRefusal("mode_issue")
    try:
        record = _order_record(document_id, now)
        with transaction.atomic():
            return _hand_over(document_id, record, now)
    except BillingRefusal as refusal:
        _remember_problem(document_id, refusal.code, now)
        raise
    except Exception as error:
        logger.exception("document %s cannot be handed over", document_id)
        _remember_problem(document_id, "hand_over_failed", now)
        raise BillingRefusal("hand_over_failed") from error


def hand_over_requested(*, now: datetime) -> int:
    """Every approved document that was asked for is handed over, or says why not."""
    if settings.BILLING_MODE != "hand_over":
        return 0
    done = 0
    for document_id in requested(PASSING):
        try:
            hand_over(document_id=document_id, now=now)
            done += 1
        except BillingRefusal as refusal:
            logger.info("document %s waits: %s", document_id, refusal.code)
    return done


def _order_record(document_id: int, now: datetime) -> bytes | None:
    """The record as bytes where the setting says so, for one emergency; made before
    any lock is taken."""
    if settings.HAND_OVER["ORDER_RECORD"] != "bytes":
        return None
    document = Document.objects.get(pk=document_id)
    if document.status != Document.Status.APPROVED or document.is_collective:
        return None
    try:
        with translation.override(document.language):
            record = billable.order_record(
                reference=document.incident_reference,
                language=document.language,
                now=now,
            )
            return order_record_pdf(record)
    except RendererMissing as error:
        raise BillingRefusal("renderer_missing") from error


def _hand_over(document_id: int, record: bytes | None, now: datetime) -> Document:
    document = lock_document(document_id)
    if document.is_handed_over:
        return document
    if document.status != Document.Status.APPROVED:
        raise BillingRefusal("not_approved")
    if document.is_taken_apart or document.gathered_into_id is not None:
        raise BillingRefusal("taken_apart")
    if document.refers_to is None:
        work = billable.freeze(reference=document.incident_reference, now=now)
        write_approved(document, compute(work, now=now), now=now)
        if open_holds(document):
            raise BillingRefusal("held")
    key = f"hand-over-{document.pk}-{get_random_string(12)}"
    body = hand_over_body(
        document,
        key=key,
        codes=settings.HAND_OVER["TAX_CODES"],
        record_links={} if record else _record_links(document),
        order_record=record,
    )
    HandOver.objects.create(
        document=document,
        key=key,
        body=body,
        sha256=sha256(body).hexdigest(),
        made_at=now,
        made_by_id=document.approved_by_id,
    )
    document.status = Document.Status.HANDED_OVER
    document.issue_problem = ""
    document.save()
    note(document, DocumentStep.Code.HANDED_OVER, now=now)
    if settings.HAND_OVER["URL"]:
        send_again(document_id=document.pk, kind=Transmission.Kind.HAND_OVER, now=now)
    return document


def _record_links(document: Document) -> dict[str, str]:
    return {
        reference: order_record_url(reference, document.language)
        for reference in document.references
    }


def order_record_url(reference: str, language: str) -> str:
    """An address that opens the order record without signing in, and nothing else."""
    said = {"reference": reference, "language": language}
    token = signing.dumps(said, salt=RECORD_LINK)
    return settings.PUBLIC_BASE_URL + reverse("billing:hand_over_record", args=[token])


@transaction.atomic
def _remember_problem(document_id: int, code: str, now: datetime) -> None:
    document = lock_document(document_id)
    if document.status != Document.Status.APPROVED:
        return
    if code in RETURNS:
        _return_to_draft(document, now, DocumentStep.Code.RETURNED, reason=code)
        return
    if document.issue_problem != code:
        document.issue_problem = code
        document.save(update_fields=["issue_problem"])
        note(document, DocumentStep.Code.ISSUE_REFUSED, now=now, reason=code)


def _return_to_draft(
    document: Document,
    now: datetime,
    code: DocumentStep.Code,
    *,
    staff_id: int | None = None,
    **values: str,
) -> None:
    unapprove(document, now, code, staff_id=staff_id, **values)
    work = billable.work(document.incident_reference)
    write(document, compute(work, now=now), now=now)


@transaction.atomic
def take_back(*, document_id: int, why: str, staff_id: int, now: datetime) -> Document:
    """What the billing system has refused is a draft again and can be put right; the
    hand-over stays as it was. Raises BillingRefusal."""
    document = lock_document(document_id)
    if not document.is_handed_over or document.refers_to is not None:
        raise BillingRefusal("not_handed_over")
    if document.hand_overs.exclude(status=HandOver.Status.REFUSED).exists():
        raise BillingRefusal("not_refused")
    if not why.strip():
        raise BillingRefusal("why_missing")
    open_ones = document.transmissions.filter(
        kind=Transmission.Kind.HAND_OVER, status=Transmission.Status.DUE
    )
    open_ones.update(
        status=Transmission.Status.FAILED, ended_at=now, problem="taken back"
    )
    _return_to_draft(
        document,
        now,
        DocumentStep.Code.TAKEN_BACK,
        staff_id=staff_id,
        why=why.strip()[:500],
    )
    return document


@transaction.atomic
def make_file(*, staff_id: int, now: datetime) -> HandOverBatch:
    """One CSV of everything handed over that no file holds yet; the file is kept.

    Raises BillingRefusal where nothing waits.
    """
    waiting = HandOver.objects.select_for_update().filter(
        batch=None, status__in=[HandOver.Status.WAITING, HandOver.Status.ACCEPTED]
    )
    chosen = list(waiting.order_by("pk"))
    if not chosen:
        raise BillingRefusal("nothing_to_export")
    content = hand_over_csv(bytes(one.body) for one in chosen)
    ids = [one.pk for one in chosen]
    batch = HandOverBatch.objects.create(
        made_at=now,
        made_by_id=staff_id,
        count=len(chosen),
        net=sums(Document.objects.filter(hand_overs__in=ids)).net,
        content=content,
        sha256=sha256(content).hexdigest(),
    )
    HandOver.objects.filter(pk__in=ids).update(batch=batch)
    billable.record_export(
        "invoices_handed_over",
        about=f"hand_over_file:{batch.pk}",
        staff_id=staff_id,
        now=now,
        documents=batch.count,
    )
    return batch
