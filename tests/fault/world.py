"""A world with one clock: processes that work and die, telephones, people.

Time is a number here. Whatever is to happen stands in one heap, the engine looks as
often as its own rows ask for it, and nothing waits. Processes act one after the other,
each with the clock of its own node, unless the trouble is that two act at once.
"""

import heapq
import itertools
import os
import pickle
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest import mock

import requests
from celery import current_app
from django.db import Error, connections
from django.db.models import Min
from django.test.utils import override_settings
from django.utils import timezone

from emergency.actions.delivery import ask_about_silent_pages
from emergency.actions.escalate import overdue_pages, tick
from emergency.actions.message_send import overdue_messages, send_message
from emergency.actions.send import send_page
from emergency.models import DueRow, Heartbeat, Message, Page
from tests.fault.boundaries import cut, killed_at, watched
from tests.fault.exchange import Exchange
from tests.fault.gateway import SECOND_ROUTE
from tests.fault.troubles import Trap, Troubles

TICK_IS_LATE = timedelta(seconds=2)
PAGE_IS_LATE = timedelta(seconds=1, milliseconds=500)
SWEEP_EVERY = timedelta(seconds=15)
SENDING = ("emergency.send_page", "emergency.send_message")
# How soon an engine that could not finish looks again.
PATIENCE = (1, 2, 5, 15)


class Killed(BaseException):
    """This process is dead. Nothing it still does has any effect."""


@dataclass
class World:
    """One night."""

    now: datetime
    dice: random.Random
    troubles: Troubles = field(init=False)
    exchange: Exchange = field(init=False)
    offset: timedelta = timedelta()
    idle_looks: int = 0
    next_look: datetime = field(init=False)
    swept_at: datetime | None = None
    _heap: list[Any] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _lock: Any = field(default_factory=threading.RLock)
    _journal: int = 0

    def __post_init__(self) -> None:
        self.next_look = self.now
        self.troubles = Troubles(dice=self.dice, clock=lambda: self.now)
        self.exchange = Exchange(world=self, troubles=self.troubles, phones=None)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """The product lives in this world."""
        current_app.loader.import_default_modules()

        def send(adapter: object, request: Any, **options: Any) -> requests.Response:
            return self._send(request)

        with ExitStack() as stack:
            for name, instead in (
                ("django.utils.timezone.now", lambda: self.now + self.offset),
                ("emergency.wake.nudge", self.nudge),
                ("requests.adapters.HTTPAdapter.send", send),
            ):
                stack.enter_context(mock.patch(name, instead))
            stack.enter_context(override_settings(SMS_GATEWAY=SECOND_ROUTE))
            yield

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """``act`` happens in so many seconds."""
        at = self.now + timedelta(seconds=seconds)
        heapq.heappush(self._heap, (at, next(self._numbers), act))

    def live(self, until: datetime) -> None:
        """Everything happens that is to happen until then."""
        while True:
            coming = self._heap[0][0] if self._heap else until
            at = min(coming, self.next_look)
            if at >= until:
                break
            self.now = max(self.now, at)
            while self._heap and self._heap[0][0] <= self.now:
                heapq.heappop(self._heap)[2]()
            before = self.exchange.asked, len(self._heap)
            if self.next_look <= self.now:
                self.look()
                idle = before == (self.exchange.asked, len(self._heap))
                self.idle_looks = self.idle_looks + 1 if idle else 0
            self.next_look = self._next_look()
        self.now = max(self.now, until)

    # The engine's processes.

    def look(self) -> None:
        """Beat, worker and watcher do what they do every second."""
        if self._worker_lives():
            self._as_node("worker", "tick", lambda: tick(now=timezone.now(), by="w"))
            if self.swept_at is None or self.now - self.swept_at >= SWEEP_EVERY:
                self.swept_at = self.now
                self._as_node(
                    "worker",
                    "sweep",
                    lambda: ask_about_silent_pages(now=timezone.now()),
                )
        if not self.troubles.meets("watcher_gone"):
            self._as_node("watcher", "tick", self._watch_ticks)
            for page in self._as_node("watcher", "look", self._late_pages) or ():
                self._as_node("watcher", "send", partial(_send_page, page))
            for text in self._as_node("watcher", "look", self._late_texts) or ():
                self._as_node("watcher", "send", partial(_send_message, text))

    def nudge(self, task: str, arguments: Any, **_: Any) -> None:
        """In place of the broker: a worker hears of it in a moment, or never."""
        for args in arguments:
            meets = self.troubles.meets
            if meets("redis_emptied") or meets("redis_stopped"):
                continue
            self.later(0.02, partial(self._deliver, task, args))

    def _deliver(self, task: str, args: Any) -> None:
        if self._worker_lives():
            work = "send" if task in SENDING else task
            self._as_node("worker", work, lambda: current_app.tasks[task](*args))

    def _worker_lives(self) -> bool:
        meets = self.troubles.meets
        return not meets("worker_gone") and not meets("redis_stopped")

    def _watch_ticks(self) -> None:
        now = timezone.now()
        last = Heartbeat.objects.filter(name="tick").first()
        if last is None or abs(now - last.at) > TICK_IS_LATE:
            tick(now=now, by="watcher")

    def _late_pages(self) -> list[int]:
        return overdue_pages(now=timezone.now(), grace=PAGE_IS_LATE)

    def _late_texts(self) -> list[int]:
        return overdue_messages(now=timezone.now(), grace=PAGE_IS_LATE)

    def _next_look(self) -> datetime:
        rows = DueRow.objects.filter(done_at__isnull=True)
        waiting = Page.objects.filter(status=Page.Status.QUEUED)
        held = Page.objects.filter(status=Page.Status.CLAIMED)
        untold = Message.objects.filter(status=Message.Status.QUEUED)
        telling = Message.objects.filter(status=Message.Status.CLAIMED)
        sent = Page.objects.filter(status=Page.Status.SENT, kind="voice")
        instants = [
            rows.aggregate(at=Min("due_at"))["at"],
            waiting.aggregate(at=Min("due_at"))["at"],
            held.aggregate(at=Min("lease_until"))["at"],
            untold.aggregate(at=Min("due_at"))["at"],
            telling.aggregate(at=Min("lease_until"))["at"],
            self.now + SWEEP_EVERY if sent.exists() else None,
        ]
        upcoming: list[datetime] = [at for at in instants if at is not None]
        if not upcoming:
            return self.now + timedelta(minutes=10)
        slow = timedelta() if self._worker_lives() else PAGE_IS_LATE
        step = PATIENCE[min(self.idle_looks, len(PATIENCE) - 1)]
        at = max(min(upcoming) + slow, self.now + timedelta(seconds=step))
        # The tick comes at whole seconds.
        return at.replace(microsecond=0) + timedelta(seconds=bool(at.microsecond))

    # Processes and their deaths.

    def reach_web(self, act: Callable[[], Any], *, repeat: bool = True) -> Any:
        """A web process does ``act``; None when it dies. Who asked asks again once,
        after a moment, where that is their way (``repeat``)."""
        answer = self._as_node("web", "web", act)
        if answer is None and repeat:
            self.later(2, lambda: self._as_node("web", "web", act))
        return answer

    def process(self, work: str, act: Callable[[], Any]) -> Any:
        """One process does ``act``, unless it dies. None when it did not end well."""
        trap = self.troubles.trap_for(work)
        try:
            if trap is None:
                return act()
            return self._into(trap, act)
        except Error:
            # The database is away: rows are as they were, somebody else tries again.
            return None
        finally:
            connection = connections["default"]
            if connection.connection is not None and not connection.is_usable():
                # Whoever died in the middle of leaving a transaction left it for good.
                connection.in_atomic_block = connection.closed_in_transaction = False
                connection.close()

    def _as_node(self, node: str, work: str, act: Callable[[], Any]) -> Any:
        self.offset = self.troubles.offset(node)
        try:
            if node != "web" and self.troubles.meets("two_of_each"):
                return self._twice(act)
            return self.process(work, act)
        finally:
            self.offset = timedelta()

    def _twice(self, act: Callable[[], Any]) -> Any:
        """Two processes do it at the same moment."""
        together, answers = threading.Barrier(2), []

        def run() -> None:
            together.wait(10)
            try:
                answers.append(act())
            except Error:
                answers.append(None)
            finally:
                connections.close_all()

        pair = [threading.Thread(target=run) for _ in range(2)]
        for one in pair:
            one.start()
        for one in pair:
            one.join()
        return next((answer for answer in answers if answer is not None), None)

    def _into(self, trap: Trap, act: Callable[[], Any]) -> Any:
        if trap.by == "signal":
            return self._really_killed(trap, act)
        passed, dead = 0, False

        def meet(name: str) -> None:
            nonlocal passed, dead
            if dead:
                raise Killed(name)
            if passed == trap.boundary:
                self.troubles.died(trap)
                cut(by_server=trap.by == "cut")
                if trap.by == "abandon":
                    dead = True
                    raise Killed(name)
            passed += 1

        try:
            with watched(meet):
                return act()
        except Killed:
            return None
        except Exception:
            if not dead:
                raise
            return None
        finally:
            if dead:
                with suppress(Error):
                    connections["default"].close()
            elif passed <= trap.boundary:
                # It ended before: the next one meets what is left.
                trap.boundary -= passed
                self.troubles.traps.append(trap)

    def _really_killed(self, trap: Trap, act: Callable[[], Any]) -> Any:
        """A forked process dies by SIGKILL. What it asked the exchange reaches ours."""
        reading, writing = os.pipe()

        def child() -> None:
            self._journal = writing
            act()

        name = killed_at(trap.boundary, child)
        os.close(writing)
        with os.fdopen(reading, "rb") as journal:
            while True:
                try:
                    request = pickle.load(journal)
                except EOFError:
                    break
                with suppress(requests.RequestException):
                    self.exchange.answer(request)
        if name is None:
            trap.boundary //= 2
            self.troubles.traps.append(trap)
            return True
        self.troubles.died(trap)
        return None

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        if self._journal:
            plain = requests.PreparedRequest()
            plain.method, plain.url = request.method, request.url
            plain.body = request.body
            os.write(self._journal, pickle.dumps(plain))
        with self._lock:
            return self.exchange.answer(request)


def _send_page(page_id: int) -> bool:
    return send_page(page_id=page_id, clock=timezone.now)


def _send_message(message_id: int) -> bool:
    return send_message(message_id=message_id, clock=timezone.now)
