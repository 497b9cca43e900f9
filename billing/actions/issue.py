"""Issue a document: number, frozen facts and files in one transaction, or nothing."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from billing.actions.collect import tell_emergency
from billing.actions.drafting import compute, open_holds, write, write_approved
from billing.actions.einvoice import electronic_forms
from billing.actions.gathering import return_to_draft, settle_gathered, unapprove
from billing.actions.history import note
from billing.actions.numbers import take_number
from billing.actions.refusal import RETURNS, BillingRefusal
from billing.actions.review import lock_document, requested
from billing.actions.settling import refresh, set_off
from billing.actions.transmit import queue
from billing.documents.pdf import render_pdf
from billing.documents.renderer import RendererMissing, load_renderer
from billing.models import (
    Document,
    DocumentFile,
    DocumentStep,
    EInvoice,
    Issuer,
)
from billing.rules.einvoice import Format
from emergency import billable

logger = logging.getLogger(__name__)

# After these the sweep tries again by itself; the others wait for a person.
PASSING = frozenset({"", "renderer_missing", "series_busy", "date_before_last_number"})


def issue_document(*, document_id: int, now: datetime) -> Document:
    """The approved document has its number, its bytes and its place in the series.

    Issuing twice gives back the issued document. When it cannot be issued nothing is
    numbered, the reason stands on the document, and BillingRefusal is raised; a
    document with a new hold goes back to being a draft. Where documents are handed
    over, nothing is issued.
    """
    if settings.BILLING_MODE != "issue":
        raise BillingRefusal("mode_hand_over")
    try:
        _need_renderer()
        with transaction.atomic():
            return _issue(document_id, now)
    except BillingRefusal as refusal:
        _remember_problem(document_id, refusal.code, now)
        raise
    except OperationalError as error:
        # Another document held the counter for too long, or the database is away.
        logger.warning("document %s waits: %s", document_id, error)
        _remember_problem(document_id, "series_busy", now)
        raise BillingRefusal("series_busy") from error
    except Exception as error:
        logger.exception("document %s cannot be issued", document_id)
        _remember_problem(document_id, "issue_failed", now)
        raise BillingRefusal("issue_failed") from error


def issue_requested(*, now: datetime) -> int:
    """Every document whose issue was asked for is issued, or says why not; how many.
    None where documents are handed over."""
    if settings.BILLING_MODE != "issue":
        return 0
    issued = 0
    for document_id in requested(PASSING):
        try:
            issue_document(document_id=document_id, now=now)
            issued += 1
        except BillingRefusal as refusal:
            logger.info("document %s waits: %s", document_id, refusal.code)
            if refusal.code == "renderer_missing":
                break
    return issued


def _need_renderer() -> None:
    """Loading takes seconds: it happens before any lock is taken."""
    try:
        load_renderer()
    except RendererMissing as error:
        raise BillingRefusal("renderer_missing") from error


def _issue(document_id: int, now: datetime) -> Document:
    document = lock_document(document_id)
    if document.is_issued:
        return document
    if document.status != Document.Status.APPROVED:
        raise BillingRefusal("not_approved")
    if document.gathered_into_id is not None:
        raise BillingRefusal("gathered")
    day = timezone.localdate(now)
    if document.refers_to is None:
        _settle_invoice(document, now)
    else:
        # A correction shows the parties as the corrected document does.
        document.issuer = document.refers_to.issuer
        document.recipient = document.refers_to.recipient
    document.issued_at, document.issue_date = now, day
    document.issue_problem = ""
    document.number = take_number(kind=document.kind, day=day)
    _write_files(document, now)
    document.status = Document.Status.ISSUED
    document.save()
    note(document, DocumentStep.Code.ISSUED, now=now, number=document.number)
    tell_emergency(document)
    queue(document=document, now=now)
    if document.is_credit_note:
        set_off(credit_note_id=document.pk, now=now)
        document.refresh_from_db(fields=["status", "settled_at"])
    elif not document.gross:
        # Nothing is open of an invoice over nothing.
        refresh(document, now=now)
    return document


def _write_files(document: Document, now: datetime) -> None:
    """The document as XML and as PDF, from what it says and from nothing else."""
    forms = electronic_forms(document)
    EInvoice.objects.bulk_create(
        EInvoice(
            document=document,
            kind=form,
            content=content,
            sha256=sha256(content).hexdigest(),
            created_at=now,
        )
        for form, content in forms.items()
    )
    content = render_pdf(document, forms.get(Format.FACTUR_X))
    DocumentFile.objects.create(
        document=document,
        content=content,
        sha256=sha256(content).hexdigest(),
        created_at=now,
    )


def _settle_invoice(document: Document, now: datetime) -> None:
    """Recipient, tax and issuer are those of the day of issue."""
    day = timezone.localdate(now)
    issuer = Issuer.objects.on(day)
    if issuer.missing:
        raise BillingRefusal("issuer_incomplete")
    if document.is_collective:
        settle_gathered(document, now=now)
    else:
        work = billable.freeze(reference=document.incident_reference, now=now)
        write_approved(document, compute(work, now=now), now=now)
    if open_holds(document):
        raise BillingRefusal("held")
    document.issuer = issuer.snapshot()
    document.due_date = day + timedelta(days=issuer.payment_days)


@transaction.atomic
def _remember_problem(document_id: int, code: str, now: datetime) -> None:
    document = lock_document(document_id)
    if document.is_issued or document.status == Document.Status.DRAFT:
        return
    if code in RETURNS:
        _return_to_draft(document, now, code)
        return
    if document.issue_problem == code:
        return
    document.issue_problem = code
    document.save(update_fields=["issue_problem"])
    note(document, DocumentStep.Code.ISSUE_REFUSED, now=now, reason=code)


def _return_to_draft(document: Document, now: datetime, code: str) -> None:
    """What changed since the approval needs a person; the new holds are written."""
    if document.is_collective:
        return_to_draft(document, now=now)
        return
    unapprove(document, now, reason=code)
    work = billable.work(document.incident_reference)
    write(document, compute(work, now=now), now=now)
