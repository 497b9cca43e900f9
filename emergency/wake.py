"""Nudges for the worker after a commit.

Rows are the truth, so a lost nudge costs at most the watcher's interval. Nothing here
raises, and a broker that is down costs a fraction of a second.
"""

import logging
from collections.abc import Sequence
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

SEND_PAGE = "emergency.send_page"
RETRY_ONCE = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


def nudge(task: str, arguments: Sequence[Sequence[object]]) -> bool:
    """Every message is with the broker, or the rest is left to the watcher (False)."""
    for args in arguments:
        try:
            current_app.send_task(task, args=tuple(args), retry_policy=RETRY_ONCE)
        except Exception as error:  # noqa: BLE001 - whatever fails, the rows stand
            logger.warning("the broker did not take %s: %s", task, type(error).__name__)
            return False
    return True


def pages_after_commit(page_ids: Sequence[int]) -> None:
    """A worker is nudged for each page once the transaction stands."""
    if page_ids:
        transaction.on_commit(
            partial(nudge, SEND_PAGE, [(page_id,) for page_id in page_ids]),
            robust=True,
        )
