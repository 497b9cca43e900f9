"""Tasks only wake what already stands in rows; each may be lost or come twice."""

from celery import shared_task
from django.utils import timezone

from billing.actions.answers import send_answers
from billing.actions.batch import go_on, run_open_batches
from billing.actions.collect import collect as collect_work
from billing.actions.exporting import make_export as make
from billing.actions.exporting import make_waiting
from billing.actions.issue import issue_document, issue_requested
from billing.actions.matching import book_exact_matches
from billing.actions.refusal import BillingRefusal
from billing.actions.reminders import plan_reminders
from billing.actions.send_reminders import send_reminders
from billing.actions.settling import settle_due
from billing.actions.transmit import send_due


@shared_task(name="billing.collect")
def collect() -> None:
    now = timezone.now()
    collect_work(now=now)
    settle_due(now=now)


@shared_task(name="billing.render_document")
def render_document(document_id: int) -> None:
    try:
        issue_document(document_id=document_id, now=timezone.now())
    except BillingRefusal:
        # The reason stands on the document; the sweep or a person goes on.
        return


@shared_task(name="billing.run_batch")
def run_batch(batch_id: int) -> None:
    go_on(batch_id=batch_id, now=timezone.now())


@shared_task(name="billing.transmit_due")
def transmit_due() -> None:
    now = timezone.now()
    issue_requested(now=now)
    run_open_batches(now=now)
    send_due(now=now)
    send_answers(now=now)
    make_waiting(now=now)


@shared_task(name="billing.make_export")
def make_export(run_id: int) -> None:
    make(run_id=run_id, now=timezone.now())


@shared_task(name="billing.tend_payments")
def tend_payments() -> None:
    now = timezone.now()
    book_exact_matches(now=now)
    plan_reminders(now=now)
    send_reminders(now=now)
