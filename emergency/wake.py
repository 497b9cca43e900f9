"""Nudges for the worker after a commit.

Rows are the truth, so a lost nudge costs at most the watcher's interval. Nothing here
raises and nothing waits: a thread of its own talks to the broker, because a broker that
hangs would otherwise hold up the customer's order or the watcher's next page.
"""

import itertools
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

SEND_PAGE = "emergency.send_page"
CANCEL_RINGING = "emergency.cancel_ringing"
SEND_MESSAGE = "emergency.send_message"
PLACE_BRIDGE = "emergency.place_bridge"
ANSWER_SIGN_IN = "emergency.answer_sign_in"
RETRY_ONCE = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
MOST_WAITING = 10_000
# What goes AT_ONCE has a head start of so many seconds before what comes with it, which
# would be worked on beside it and make the telephone ring later. There is one such
# pause in a breath (seconds), so that a burst hardly notices.
HEAD_START, BREATH = 0.01, 0.05
# The broker's own words: what has a lower number is taken first.
AT_ONCE, IN_TURN = 0, 3

Nudge = tuple[str, tuple[object, ...], int]
# Priority, number and nudge: the first to be published stands first.
Waiting = queue.PriorityQueue[tuple[int, int, Nudge]]


class Messenger:
    """The thread of this process that talks to the broker; started when first used."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._rest = clock, rest
        self._lock = threading.Lock()
        self._process = 0
        self._numbers = itertools.count()
        self._waiting: Waiting = queue.PriorityQueue(MOST_WAITING)

    def take(self, nudge: Nudge) -> None:
        """The nudge will be tried once, before all that wait with a higher number for
        their priority; with too many waiting it is dropped."""
        with self._lock:
            if self._process != os.getpid():
                # A forked child inherits this object, but not the thread.
                self._process = os.getpid()
                self._waiting = queue.PriorityQueue(MOST_WAITING)
                threading.Thread(
                    target=self._work, args=(self._waiting,), name="wake", daemon=True
                ).start()
        try:
            self._waiting.put_nowait((nudge[2], next(self._numbers), nudge))
        except queue.Full:
            logger.warning("too many nudges wait for the broker, one was dropped")

    def _work(self, waiting: Waiting) -> None:
        rested = float("-inf")
        while True:
            nudge = waiting.get()[2]
            publish(*nudge)
            if nudge[2] == AT_ONCE and self._clock() - rested > BREATH:
                self._rest(HEAD_START)
                rested = self._clock()


def publish(task: str, arguments: tuple[object, ...], priority: int) -> bool:
    """The broker has the message, or the rows are left to the watcher (False)."""
    try:
        current_app.send_task(
            task, args=arguments, priority=priority, retry_policy=RETRY_ONCE
        )
    except Exception as error:  # noqa: BLE001 - whatever fails, the rows stand
        logger.warning("the broker did not take %s: %s", task, type(error).__name__)
        return False
    return True


def broker_trouble() -> str:
    """The name of what is wrong with the broker, or an empty string."""
    try:
        connection = redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1
        )
        with connection:
            connection.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return type(error).__name__
    return ""


_messenger = Messenger()


def nudge(
    task: str, arguments: Sequence[Sequence[object]], *, priority: int = IN_TURN
) -> None:
    """A worker hears of each of these soon, if the broker lives."""
    for args in arguments:
        _messenger.take((task, tuple(args), priority))


def pages_after_commit(page_ids: Sequence[int], *, priority: int = IN_TURN) -> None:
    """A worker is nudged for each page once the transaction stands. In a burst the
    pages that go ``AT_ONCE`` overtake all that wait."""
    if page_ids:
        transaction.on_commit(
            partial(
                nudge,
                SEND_PAGE,
                [(page_id,) for page_id in page_ids],
                priority=priority,
            ),
            robust=True,
        )


def messages_after_commit(message_ids: Sequence[int]) -> None:
    """As ``pages_after_commit``, for messages to customers."""
    if message_ids:
        transaction.on_commit(
            partial(nudge, SEND_MESSAGE, [(key,) for key in message_ids]),
            robust=True,
        )


def bridge_after_commit(bridge_id: int) -> None:
    """A worker is nudged to place this call, before all that can wait: somebody holds
    the telephone in the hand."""
    transaction.on_commit(
        partial(nudge, PLACE_BRIDGE, [(bridge_id,)], priority=AT_ONCE), robust=True
    )


def sign_in_after_commit(request_id: int) -> None:
    """A worker is nudged to answer this request for a sign-in link."""
    transaction.on_commit(partial(nudge, ANSWER_SIGN_IN, [(request_id,)]), robust=True)


def ringing_stops_after_commit(incident_id: int) -> None:
    """A worker is told to stop the telephones that ring for this incident."""
    transaction.on_commit(partial(nudge, CANCEL_RINGING, [(incident_id,)]), robust=True)
