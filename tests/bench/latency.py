"""From the commit of an order to the first request that the provider receives.

The floor writes one row, nudges a task on commit, and that task makes one request.
Both take turns, so that whatever else the machine does troubles them alike.
"""

import json
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from emergency.actions.cancellation import cancel
from emergency.actions.report import MaintenanceCheck, OrderForm, order
from emergency.models import DueRow, Heartbeat, Incident, Page, Staff
from emergency.terms import offered_terms
from tests.bench.floor import FLOOR, QUEUE
from tests.bench.table import Row, compare
from tests.telephone import eventually

NUMBER = "+436641234567"


class Requests:
    """The provider's log, read as it grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read = 0

    def skip(self) -> None:
        """What was received so far belongs to earlier measurements."""
        self.read = self.path.stat().st_size if self.path.exists() else 0

    def new(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        with self.path.open("rb") as log:
            log.seek(self.read)
            lines = log.read().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith(b"\n")]


def measure(log: Path, count: int) -> list[Row]:
    """Quantiles over ``count`` orders and as many floors, in milliseconds."""
    requests = Requests(log)
    product: list[float] = []
    floor: list[float] = []
    for turn in range(-3, count):
        ordered = _milliseconds(requests, partial(place_order, f"bench {turn}"))
        _calm_down()
        nudged = _milliseconds(requests, _nudge_floor)
        # The first turns warm up connections and code.
        if turn >= 0:
            product.append(ordered)
            floor.append(nudged)
    return compare(product, floor, {"p50": 1.5, "p99": 2.0})


def order_to_request(log: Path, count: int, *, key: str) -> list[float]:
    """Milliseconds from commit to request, of ``count`` orders without a floor."""
    requests = Requests(log)
    taken = []
    for turn in range(count):
        order_it = partial(place_order, f"{key} {turn}")
        taken.append(_milliseconds(requests, order_it))
        _calm_down()
    return taken


def _milliseconds(requests: Requests, act: Callable[[], object]) -> float:
    committed: list[float] = []
    requests.skip()
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(time.time()))
        act()
    first = eventually(requests.new, why="the provider gets a request")[0]
    return (float(first["t"]) - committed[0]) * 1000


def _nudge_floor() -> None:
    Heartbeat.objects.update_or_create(
        name="bench", defaults={"at": timezone.now(), "by": "bench"}
    )
    transaction.on_commit(
        lambda: current_app.send_task(FLOOR, args=(NUMBER,), queue=QUEUE)
    )


def place_order(key: str) -> Incident:
    """A customer orders; ``key`` names the order."""
    now = timezone.now()
    return order(
        form=OrderForm(
            servers=(f"{key.replace(' ', '-')}.example",),
            problem_description="The shop is down.",
            reproduction_steps="",
            recent_changes="",
            callback_number=NUMBER,
            callback_number_typed=NUMBER,
            callback_extension="",
            reporter_name="",
            language="en",
        ),
        order_key=key,
        tracking_token=f"token of {key}",
        terms=offered_terms(account_number=None, at=now, language="en"),
        maintenance=MaintenanceCheck(result="none"),
        button_text="Order with obligation to pay",
        now=now,
    )


def _calm_down() -> None:
    """Every page of the order is out, every telephone is put down, and nothing more
    will come of it."""
    incident = Incident.objects.latest("pk")
    waiting = Page.objects.filter(incident=incident, status__in=["queued", "claimed"])
    eventually(lambda: not waiting.exists(), why="all pages are sent")
    now = timezone.now()
    # Nobody reports to the product how a call went, and a busy line would make the
    # next call wait.
    Page.objects.filter(incident=incident, status=Page.Status.SENT).update(
        status=Page.Status.DELIVERED, ended_at=now
    )
    cancel(incident_id=incident.pk, staff=Staff.objects.all()[0], now=now)


def rest(incidents: Iterable[int]) -> None:
    """Nothing more will come of these incidents."""
    now = timezone.now()
    DueRow.objects.filter(incident__in=incidents, done_at=None).update(done_at=now)
    pages = Page.objects.filter(incident__in=incidents)
    pages.filter(status__in=["queued", "claimed"]).update(
        status=Page.Status.WITHDRAWN, lease_until=None, ended_at=now
    )
    pages.filter(status=Page.Status.SENT).update(
        status=Page.Status.DELIVERED, ended_at=now
    )
