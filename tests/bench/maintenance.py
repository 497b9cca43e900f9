"""The maintenance check of a form, and one round of the poller.

The check answers for 50 pages and 5,000 windows; its floor is the least that a database
can be asked: one empty query. A round reads 50 pages on loopback and stores what they
say; its floor fetches the same pages one after the other, with nothing around it.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from status.actions import polling, sources
from status.actions.components import set_components
from status.models import Source, Window, WindowStatus
from status.queries import verdict
from status.rules.matching import Component
from status.sources.http import Request, fetch
from tests.bench.table import Row, quantile

PAGES, WINDOWS, PARTS = 50, 5_000, 40
CHECKS, ROUNDS = 300, 5
# What a form may spend on the check.
CHECK_AT_MOST = 10.0
HOUR = timedelta(hours=1)


def measure() -> list[Row]:
    """Milliseconds of a check, and of a round."""
    with transaction.atomic():
        Source.objects.all().delete()
        now = timezone.now()
        _fill(now)
        rows = _checks(now)
        transaction.set_rollback(True)
    return [*rows, *_rounds()]


def _fill(now: datetime) -> None:
    """Pages as a large hoster might watch: some work runs, most of it is ahead."""
    pages = Source.objects.bulk_create(
        Source(
            name=f"Page {number}",
            url=f"https://status-{number}.example.com/api/v2/summary.json",
            next_fetch_at=now + HOUR,
            fetched_at=now,
        )
        for number in range(PAGES)
    )
    for number, page in enumerate(pages):
        set_components(
            page, [Component(**_part(number, part)) for part in range(PARTS)]
        )
        page.save()
    Window.objects.bulk_create(
        Window(
            source=pages[number % PAGES],
            external_id=f"window-{number}",
            name="Replacement of switches",
            **_times(number, now),
            components=[_part(number % PAGES, number % PARTS)],
        )
        for number in range(WINDOWS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE status_window, status_source, status_componentform")


def _times(number: int, now: datetime) -> dict[str, Any]:
    """One window of fifty runs; of the others a tenth is over, the rest is ahead."""
    if number % 50 == 0:
        return {
            "state": WindowStatus.RUNNING,
            "starts_at": now - HOUR,
            "ends_at": now + HOUR,
        }
    away = timedelta(hours=5 + number % 700)
    starts = now - away if number % 10 == 1 else now + away
    return {
        "state": WindowStatus.SCHEDULED,
        "starts_at": starts,
        "ends_at": starts + HOUR,
    }


def _part(page: int, part: int) -> dict[str, Any]:
    return {
        "id": f"part-{page}-{part}",
        "name": f"web-{page}-{part}.example.net",
        "group": "Hosting",
        "in_maintenance": False,
    }


def _checks(now: datetime) -> list[Row]:
    product: list[float] = []
    floor: list[float] = []
    for turn in range(-20, CHECKS):
        names = [f"web-{turn % PAGES}-{turn % PARTS}.example.net"]
        began = time.perf_counter()
        verdict(names=names, now=now)
        between = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if turn >= 0:
            product.append((between - began) * 1000)
            floor.append((time.perf_counter() - between) * 1000)
    title = f"check, {PAGES} pages, {WINDOWS} windows"
    return [
        Row(
            f"{title}, {name}",
            quantile(product, share),
            quantile(floor, share),
            at_most=CHECK_AT_MOST,
        )
        for name, share in (("p50", 0.5), ("p99", 0.99))
    ]


def _rounds() -> list[Row]:
    """The median round, beside the same pages fetched one after the other."""
    taken: list[float] = []
    bare: list[float] = []
    before = set(Source.objects.values_list("pk", flat=True))
    with _pages() as base:
        now = timezone.now()
        urls = [f"{base}/{number}" for number in range(PAGES)]
        Source.objects.filter(pk__in=before).update(next_fetch_at=now + 10 * HOUR)
        for url in urls:
            sources.add_source(name=url, url=url, allow_host="127.0.0.1", now=now)
        for turn in range(ROUNDS):
            at = now + turn * timedelta(minutes=6)
            began = time.perf_counter()
            assert polling.refresh_due(now=at) == PAGES
            between = time.perf_counter()
            for url in urls:
                fetch(Request(url=url, allow_host="127.0.0.1"))
            taken.append((between - began) * 1000)
            bare.append((time.perf_counter() - between) * 1000)
    ours = Source.objects.exclude(pk__in=before)
    assert not ours.exclude(last_error="").exists()
    ours.delete()
    Source.objects.update(next_fetch_at=timezone.now())
    return [
        Row(
            f"one round of {PAGES} pages, median",
            quantile(taken, 0.5),
            quantile(bare, 0.5),
        )
    ]


@contextmanager
def _pages() -> Iterator[str]:
    """A server whose every path is a page with a window ahead."""
    starts = timezone.now() + timedelta(days=9)
    body = json.dumps(
        {
            "page": {"id": "bench"},
            "components": [{**_part(0, part), "group": False} for part in range(PARTS)],
            "scheduled_maintenances": [
                {
                    "id": "w",
                    "name": "Replacement of switches",
                    "status": "scheduled",
                    "scheduled_for": starts.isoformat(),
                    "scheduled_until": (starts + HOUR).isoformat(),
                }
            ],
        }
    ).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
