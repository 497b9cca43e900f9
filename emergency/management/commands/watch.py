"""The second watcher: ticks, sends and asks when nobody else does."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)
from django.utils import timezone

from emergency.actions import (
    bridge_ask,
    bridge_send,
    delivery,
    escalate,
    message_send,
    message_status,
    send,
    sign_in,
)
from emergency.credentials import demand_credentials
from emergency.database.patience import patience
from emergency.models import Heartbeat
from emergency.outbound import report_heartbeat
from emergency.queries.health import is_behind

logger = logging.getLogger(__name__)

TICK_IS_LATE = timedelta(seconds=2)
SWEEP_IS_LATE = timedelta(seconds=45)
ENGINE_IS_BEHIND = timedelta(seconds=3)
HEARTBEAT_EVERY = timedelta(seconds=30)
SENDERS = 4
# One answer of the database may take so long before the watcher looks anew.
PATIENCE = 4.0
# A look is a handful of statements. What takes longer than this hangs.
LONGEST_LOOK = 20.0
MOST_STUCK = 3
EX_SOFTWARE = 70

Act = Callable[[datetime], None]


class Watcher:
    """What one process watches over. Nothing it starts makes it wait."""

    def __init__(self) -> None:
        self.senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self.reporter = ThreadPoolExecutor(1, thread_name_prefix="heartbeat")
        self.asker = ThreadPoolExecutor(1, thread_name_prefix="asker")
        self.sending: dict[tuple[str, int], Future[None]] = {}
        self.reporting: Future[bool] | None = None
        self.asking: Future[None] | None = None
        self.last_report: datetime | None = None

    def look(self, now: datetime) -> None:
        """Whatever is late is done here, and no trouble with one thing keeps another
        from being done, unless the database is away."""
        acts: list[Act] = [
            self.tick,
            self.send_late_pages,
            self.ask_about_silent_pages,
            self.beat,
            self.report,
        ]
        with patience(PATIENCE):
            close_old_connections()
            for act in acts:
                try:
                    act(now)
                except (OperationalError, InterfaceError) as error:
                    logger.warning("the database is away: %s", type(error).__name__)
                    connection.close()
                    return
                except Exception:
                    logger.exception("the watcher failed in %s", act.__name__)

    def tick(self, now: datetime) -> None:
        """A tick, unless there was one just now."""
        if _is_late("tick", TICK_IS_LATE, now):
            escalate.tick(now=now, by=f"watcher@{socket.gethostname()}")

    def send_late_pages(self, now: datetime) -> None:
        """Late pages are handed to the senders. A provider that hangs must not keep the
        next look waiting."""
        waits = escalate.what_waits(now)
        if waits.late_pages:
            late = escalate.overdue_pages(now=now, grace=escalate.NUDGE_AFTER)
            self._send("page", late, send_page)
        if waits.late_messages:
            untold = message_send.overdue_messages(now=now, grace=escalate.NUDGE_AFTER)
            self._send("message", untold, send_message)
        if waits.late_bridges:
            waiting = bridge_send.overdue_bridges(now=now, grace=escalate.NUDGE_AFTER)
            self._send("bridge", waiting, place_bridge)
        if waits.late_sign_ins:
            unanswered = sign_in.overdue_requests(now=now, grace=escalate.NUDGE_AFTER)
            self._send("sign-in request", unanswered, answer_sign_in)

    def ask_about_silent_pages(self, now: datetime) -> None:
        """Providers are asked about silent pages, unless a worker did so just now."""
        waits = self.asking is not None and not self.asking.done()
        if waits or not _is_late("sweep", SWEEP_IS_LATE, now):
            return
        self.asking = self.asker.submit(in_a_thread, "the sweep", sweep)

    def beat(self, now: datetime) -> None:
        """This watcher was alive."""
        escalate.beat(name="watcher", by=socket.gethostname(), now=now)

    def report(self, now: datetime) -> None:
        """The heartbeat goes out at most every half minute, and only while everything
        that should have happened has happened."""
        recently = self.last_report and abs(now - self.last_report) < HEARTBEAT_EVERY
        waits = self.reporting is not None and not self.reporting.done()
        if not settings.HEARTBEAT_URL or recently or waits:
            return
        if is_behind(now=now, grace=ENGINE_IS_BEHIND):
            return
        self.last_report = now
        self.reporting = self.reporter.submit(report_heartbeat, settings.HEARTBEAT_URL)

    def close(self) -> None:
        """Whatever is being sent is sent; what only waits is left to others."""
        for pool in (self.senders, self.reporter, self.asker):
            pool.shutdown(cancel_futures=True)

    def _send(self, what: str, late: Iterable[int], act: Callable[[int], None]) -> None:
        self.sending = {k: v for k, v in self.sending.items() if not v.done()}
        for key in late:
            if (what, key) not in self.sending:
                self.sending[what, key] = self.senders.submit(
                    in_a_thread, f"{what} {key}", act, key
                )


def _is_late(name: str, grace: timedelta, now: datetime) -> bool:
    """Whether the loop of this name is silent. A clock may jump either way."""
    last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return last is None or abs(now - last) > grace


def send_page(key: int) -> None:
    send.send_page(page_id=key, clock=timezone.now)


def send_message(key: int) -> None:
    message_send.send_message(message_id=key, clock=timezone.now)


def place_bridge(key: int) -> None:
    bridge_send.place_bridge(bridge_id=key, clock=timezone.now)


def answer_sign_in(key: int) -> None:
    sign_in.answer_request(request_id=key, clock=timezone.now)


def sweep() -> None:
    now = timezone.now()
    escalate.beat(name="sweep", by=f"watcher@{socket.gethostname()}", now=now)
    delivery.ask_about_silent_pages(now=now)
    message_status.ask_about_silent_messages(now=now)
    bridge_ask.ask_about_silent_bridges(now=now)


def in_a_thread(what: str, act: Callable[..., None], *args: Any) -> None:
    """``act`` with a connection of its own; whatever it raises is told and forgotten:
    the rows stand and the next look finds them."""
    try:
        act(*args)
    except (OperationalError, InterfaceError) as error:
        logger.warning("%s has to wait: %s", what, type(error).__name__)
    except Exception:
        logger.exception("%s failed", what)
    finally:
        connection.close()


class Looker:
    """A thread that looks when it is asked to, and can be left behind."""

    def __init__(self, look: Act) -> None:
        self._look = look
        self._asked: SimpleQueue[datetime | None] = SimpleQueue()
        self._done = threading.Event()
        threading.Thread(target=self._work, name="looker", daemon=True).start()

    def has_looked(self, now: datetime, *, within: float) -> bool:
        """Whether one look ended in time."""
        self._done.clear()
        self._asked.put(now)
        return self._done.wait(within)

    def leave(self) -> None:
        """It ends by itself after what it is doing, and so does its connection."""
        self._asked.put(None)

    def _work(self) -> None:
        try:
            while (now := self._asked.get()) is not None:
                self._look(now)
                self._done.set()
        finally:
            connection.close()


class Command(BaseCommand):
    help = "Take due decisions and send due pages whenever worker or beat do not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5)

    def handle(self, *args: Any, **options: Any) -> None:
        demand_credentials("the watcher")
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        watcher = Watcher()
        watch(watcher.look, stop=stop, interval=options["interval"])
        watcher.close()


def watch(
    look: Act,
    *,
    stop: threading.Event,
    interval: float,
    longest: float = LONGEST_LOOK,
) -> None:
    """Looks go on until ``stop``. One that hangs is left behind in its thread; with too
    many of those this process ends, for its supervisor to start another."""
    looker = Looker(look)
    stuck = 0
    while not stop.wait(interval):
        if looker.has_looked(timezone.now(), within=longest):
            continue
        stuck += 1
        logger.error("a look hangs for more than %s s; looking anew", longest)
        looker.leave()
        if stuck >= MOST_STUCK:
            # Threads that hang would keep an ordinary exit waiting.
            os._exit(EX_SOFTWARE)
        looker = Looker(look)
    looker.leave()
