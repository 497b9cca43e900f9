"""Nudge the document worker after the commit.

Rows are the truth: what a lost nudge leaves behind is found by the next sweep. Nothing
here raises or waits.
"""

import logging
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

COLLECT = "billing.collect"
RENDER_DOCUMENT = "billing.render_document"
RUN_BATCH = "billing.run_batch"
TRANSMIT_DUE = "billing.transmit_due"
MAKE_EXPORT = "billing.make_export"
TEND_PAYMENTS = "billing.tend_payments"
RETRY_ONCE = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


def after_commit(task: str, *args: int) -> None:
    """The task is with the broker after this transaction commits, or it is lost."""
    transaction.on_commit(partial(_send, task, args), robust=True)


def _send(task: str, args: tuple[int, ...]) -> None:
    try:
        current_app.send_task(task, args=args, retry_policy=RETRY_ONCE)
    except Exception as error:  # noqa: BLE001 - a nudge may be lost, never an action
        logger.warning("nothing was woken for %s: %s", task, type(error).__name__)
