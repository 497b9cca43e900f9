"""The second watcher: ticks and sends when nobody else does."""

import logging
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from emergency.actions import escalate, send
from emergency.models import Heartbeat
from emergency.outbound import report_heartbeat

logger = logging.getLogger(__name__)

TICK_IS_LATE = timedelta(seconds=2)
PAGE_IS_LATE = timedelta(seconds=1, milliseconds=500)
HEARTBEAT_EVERY = timedelta(seconds=30)
SENDERS = 4


class Command(BaseCommand):
    help = "Take due decisions and send due pages whenever worker or beat do not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5)

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.last_heartbeat = timezone.now() - HEARTBEAT_EVERY
        with ThreadPoolExecutor(SENDERS, thread_name_prefix="sender") as senders:
            while not stop.wait(options["interval"]):
                try:
                    self.look(timezone.now(), senders)
                except Error as error:
                    logger.warning("the database is away: %s", type(error).__name__)
                    connection.close()
                    stop.wait(0.5)

    def look(self, now: datetime, senders: ThreadPoolExecutor) -> None:
        """One look: whatever is late is done here."""
        close_old_connections()
        last = Heartbeat.objects.filter(name="tick").first()
        if last is None or now - last.at > TICK_IS_LATE:
            escalate.tick(now=now, by=f"watcher@{socket.gethostname()}")
        late = escalate.overdue_pages(now=now, grace=PAGE_IS_LATE)
        for done in [senders.submit(self.send, page_id) for page_id in late]:
            done.result()
        escalate.beat(name="watcher", by=socket.gethostname(), now=now)
        if settings.HEARTBEAT_URL and not late:
            self.report(now)

    def send(self, page_id: int) -> None:
        """One late page, in a thread of its own with a connection of its own."""
        try:
            send.send_page(page_id=page_id, clock=timezone.now)
        finally:
            connection.close()

    def report(self, now: datetime) -> None:
        """The heartbeat goes out at most every half minute."""
        if now - self.last_heartbeat >= HEARTBEAT_EVERY:
            self.last_heartbeat = now
            started = time.monotonic()
            report_heartbeat(settings.HEARTBEAT_URL)
            logger.debug("heartbeat took %.2f s", time.monotonic() - started)
