"""The second watcher: ticks and sends when nobody else does."""

import logging
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
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

from emergency.actions import escalate, send
from emergency.models import Heartbeat
from emergency.outbound import report_heartbeat

logger = logging.getLogger(__name__)

TICK_IS_LATE = timedelta(seconds=2)
PAGE_IS_LATE = timedelta(seconds=1, milliseconds=500)
ENGINE_IS_BEHIND = timedelta(seconds=3)
HEARTBEAT_EVERY = timedelta(seconds=30)
SENDERS = 4

Act = Callable[[datetime], None]


class Watcher:
    """What one process watches over. Nothing it starts makes it wait."""

    def __init__(self) -> None:
        self.senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self.reporter = ThreadPoolExecutor(1, thread_name_prefix="heartbeat")
        self.sending: dict[int, Future[None]] = {}
        self.reporting: Future[bool] | None = None
        self.last_report: datetime | None = None

    def look(self, now: datetime) -> None:
        """Whatever is late is done here, and no trouble with one thing keeps another
        from being done, unless the database is away."""
        close_old_connections()
        acts: list[Act] = [self.tick, self.send_late_pages, self.beat, self.report]
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
        """A tick, unless there was one just now. A clock may jump either way."""
        last = Heartbeat.objects.filter(name="tick").first()
        if last is None or abs(now - last.at) > TICK_IS_LATE:
            escalate.tick(now=now, by=f"watcher@{socket.gethostname()}")

    def send_late_pages(self, now: datetime) -> None:
        """Late pages are handed to the senders. A provider that hangs must not keep the
        next look waiting."""
        self.sending = {k: v for k, v in self.sending.items() if not v.done()}
        for page_id in escalate.overdue_pages(now=now, grace=PAGE_IS_LATE):
            if page_id not in self.sending:
                self.sending[page_id] = self.senders.submit(send_late_page, page_id)

    def beat(self, now: datetime) -> None:
        """This watcher was alive."""
        escalate.beat(name="watcher", by=socket.gethostname(), now=now)

    def report(self, now: datetime) -> None:
        """The heartbeat goes out at most every half minute, and only while pages and
        decisions are in time."""
        recently = self.last_report and abs(now - self.last_report) < HEARTBEAT_EVERY
        waits = self.reporting is not None and not self.reporting.done()
        if not settings.HEARTBEAT_URL or recently or waits:
            return
        if escalate.is_behind(now=now, grace=ENGINE_IS_BEHIND):
            return
        self.last_report = now
        self.reporting = self.reporter.submit(report_heartbeat, settings.HEARTBEAT_URL)

    def close(self) -> None:
        """Whatever is being sent is sent; what only waits is left to others."""
        self.senders.shutdown(cancel_futures=True)
        self.reporter.shutdown(cancel_futures=True)


def send_late_page(page_id: int) -> None:
    """One late page, in a thread of its own with a connection of its own."""
    try:
        send.send_page(page_id=page_id, clock=timezone.now)
    except (OperationalError, InterfaceError) as error:
        logger.warning("page %s has to wait: %s", page_id, type(error).__name__)
    except Exception:
        logger.exception("page %s could not be sent", page_id)
    finally:
        connection.close()


class Command(BaseCommand):
    help = "Take due decisions and send due pages whenever worker or beat do not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5)

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        watcher = Watcher()
        while not stop.wait(options["interval"]):
            watcher.look(timezone.now())
        watcher.close()
