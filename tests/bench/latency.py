"""From the commit of an order to the first request that the provider receives.

The floor writes one row, nudges a task on commit, and that task makes one request.
Both take turns, so that whatever else the machine does troubles them alike.
"""

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from emergency.actions.closing import cancel
from emergency.actions.report import MaintenanceCheck, OrderForm, order
from emergency.models import Heartbeat, Incident, Page, Staff
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
        ordered = _milliseconds(requests, partial(_order, turn))
        _calm_down()
        nudged = _milliseconds(requests, _nudge_floor)
        # The first turns warm up connections and code.
        if turn >= 0:
            product.append(ordered)
            floor.append(nudged)
    return compare(product, floor)


def _milliseconds(requests: Requests, act: Callable[[], None]) -> float:
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


def _order(turn: int) -> None:
    now = timezone.now()
    order(
        form=OrderForm(
            server_name=f"bench-{turn}.example",
            problem_description="The shop is down.",
            reproduction_steps="",
            recent_changes="",
            callback_number=NUMBER,
            callback_number_typed=NUMBER,
            callback_extension="",
            reporter_name="",
            language="en",
        ),
        order_key=f"bench {turn}",
        tracking_token=f"token of bench {turn}",
        terms=offered_terms(account_number=None, at=now, language="en"),
        maintenance=MaintenanceCheck(result="none"),
        button_text="Order with obligation to pay",
        now=now,
    )


def _calm_down() -> None:
    """Every page of the order is out, and nothing more will come of it."""
    incident = Incident.objects.latest("pk")
    waiting = Page.objects.filter(incident=incident, status__in=["queued", "claimed"])
    eventually(lambda: not waiting.exists(), why="all pages are sent")
    cancel(incident_id=incident.pk, staff=Staff.objects.all()[0], now=timezone.now())
