"""Approve or issue many documents: rows say what is asked and what became of it."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from billing import wake
from billing.actions.finish import finish
from billing.actions.gathering import is_gathered_later
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, request_issue
from billing.documents.renderer import RendererMissing, load_renderer
from billing.models import Batch, BatchItem, Document

logger = logging.getLogger(__name__)

LARGEST = 2_000
# What a batch may begin with, by what it is to do.
FITTING = {
    Batch.Act.APPROVE: (Document.Status.DRAFT,),
    Batch.Act.ISSUE: (Document.Status.APPROVED,),
    Batch.Act.APPROVE_AND_ISSUE: (Document.Status.DRAFT, Document.Status.APPROVED),
}
# A task works off so many, then asks for the next task: the time that issued documents
# carry is then never older than one task.
SLICE = 20
# An item with which this many workers have died is given up.
TRIES = 3


@transaction.atomic
def start_batch(
    *, document_ids: Iterable[int], act: str, staff_id: int, now: datetime
) -> Batch:
    """The batch waits for the document worker; who asked and when stands with it.

    The same wish while the same documents wait is the batch that waits already. Raises
    BillingRefusal for no document, too many, or ones that are not there.
    """
    wanted = sorted(set(document_ids))
    if not wanted:
        raise BillingRefusal("nothing_chosen")
    if len(wanted) > LARGEST:
        raise BillingRefusal("too_many_chosen", most=str(LARGEST))
    found = Document.objects.filter(pk__in=wanted).order_by("created_at", "pk")
    documents = list(
        found.only("pk", "incident_reference", "gathers_month", "account_number")
    )
    if len(documents) != len(wanted):
        raise BillingRefusal("changed")
    waiting = _same_waiting(wanted, act, staff_id)
    if waiting is not None:
        return waiting
    batch = Batch.objects.create(
        act=act,
        hands_over=settings.BILLING_MODE == "hand_over",
        created_at=now,
        created_by_id=staff_id,
    )
    BatchItem.objects.bulk_create(
        BatchItem(
            batch=batch,
            position=position,
            document=document,
            reference=_name(document),
        )
        for position, document in enumerate(documents, start=1)
    )
    wake.after_commit(wake.RUN_BATCH, batch.pk)
    return batch


def _name(document: Document) -> str:
    """The emergency; of a collective invoice the month and the account."""
    if document.gathers_month is None:
        return document.incident_reference
    return f"{document.gathers_month:%Y-%m} {document.account_number}"[:40]


def _same_waiting(wanted: list[int], act: str, staff_id: int) -> Batch | None:
    """A button pressed twice is one wish."""
    for batch in Batch.objects.filter(
        act=act, created_by_id=staff_id, finished_at=None
    ):
        asked = batch.items.exclude(document=None)
        if sorted(asked.values_list("document_id", flat=True)) == wanted:
            return batch
    return None


def go_on(*, batch_id: int, now: datetime) -> None:
    """A slice of the batch is done, and the next one is asked for."""
    if run_batch(batch_id=batch_id, now=now, most=SLICE):
        wake.after_commit(wake.RUN_BATCH, batch_id)


def run_open_batches(*, now: datetime) -> None:
    """Every batch whose nudge was lost goes on by a slice."""
    for batch_id in list(
        Batch.objects.filter(finished_at=None)
        .order_by("created_at", "pk")
        .values_list("pk", flat=True)
    ):
        run_batch(batch_id=batch_id, now=now, most=SLICE)


def run_batch(*, batch_id: int, now: datetime, most: int = LARGEST) -> bool:
    """Up to so many waiting documents of the batch are done or say why not; True when
    some wait that nobody works on.

    A document and what became of it are one transaction: running again, or twice at
    once, does nothing twice. One that fails stops no other.
    """
    with suppress(RendererMissing):
        # Loading takes seconds, in which no transaction may stand open.
        load_renderer()
    for _ in range(most):
        item_id = _next(batch_id)
        if item_id is None:
            _finish(batch_id, now)
            return False
        _work(item_id, now)
    return not _finish(batch_id, now)


@transaction.atomic
def _next(batch_id: int) -> int | None:
    """The item to begin with, among those that nobody works on. That somebody began is
    written before the work, so that one that ends its worker comes last and then not at
    all."""
    waiting = BatchItem.objects.filter(
        batch_id=batch_id, status=BatchItem.Status.WAITING
    ).order_by("attempts", "position")
    item = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if item is not None:
        BatchItem.objects.filter(pk=item.pk).update(attempts=F("attempts") + 1)
        return item.pk
    return None


@transaction.atomic
def _work(item_id: int, now: datetime) -> None:
    item = (
        BatchItem.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("batch")
        .filter(pk=item_id, status=BatchItem.Status.WAITING)
        .first()
    )
    if item is None:
        return
    problem = "batch_failed" if item.attempts > TRIES else _done(item, now)
    item.status = BatchItem.Status.REFUSED if problem else BatchItem.Status.DONE
    item.problem, item.done_at = problem, now
    item.save(update_fields=["status", "problem", "done_at"])


def _done(item: BatchItem, now: datetime) -> str:
    """The document is as the batch wants it; otherwise the code of what is wrong. What
    waits for the invoice of its month is only approved."""
    if item.document_id is None:
        return "document_gone"
    act, who = item.batch.act, item.batch.created_by_id
    try:
        with transaction.atomic():
            if act != Batch.Act.ISSUE:
                approved = approve(document_id=item.document_id, staff_id=who, now=now)
                if act == Batch.Act.APPROVE or is_gathered_later(approved):
                    return ""
        request_issue(document_id=item.document_id, staff_id=who, now=now, nudge=False)
        finish(document_id=item.document_id, now=now)
    except BillingRefusal as refusal:
        return refusal.code
    except Exception:
        logger.exception("document %s of batch %s", item.document_id, item.batch_id)
        return "batch_failed"
    return ""


@transaction.atomic
def _finish(batch_id: int, now: datetime) -> bool:
    """Whether nothing of the batch waits any more; then its end is written once."""
    batch = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        return True
    if batch.items.filter(status=BatchItem.Status.WAITING).exists():
        return False
    if batch.finished_at is None:
        batch.finished_at = now
        batch.save(update_fields=["finished_at"])
    return True
