"""The measurements, in a process with Django ready; started by ``tests.bench``."""

import os
import sys
from pathlib import Path

from django.utils import timezone

from emergency.actions.cancellation import cancel
from emergency.models import Incident, Staff
from tests.bench import (
    accounts,
    board,
    burst,
    deadlines,
    documents,
    drafts,
    exports,
    latency,
    maintenance,
    outage,
    ticks,
)
from tests.bench.table import print_rows
from tests.telephone import TelephoneNetwork

TELEPHONES = Path(os.environ["BENCH_TELEPHONES"])
LOG = TELEPHONES / "requests.jsonl"


def main() -> None:
    """Prints the tables of one part: each number, its floor, ratio and target."""
    {"quiet": quiet, "engine": engine, "outage": no_broker}[sys.argv[1]]()


def quiet() -> None:
    """What needs neither beat nor watcher."""
    print_rows("The desk's board; floor: with one incident", board.measure())
    print_rows("The maintenance check and its poller", maintenance.measure())
    print_rows("One decision, by rows that are due", ticks.measure())
    print_rows(
        "One PDF, beside bare WeasyPrint on the same page",
        documents.measure(_number("DOCUMENTS")),
    )
    if count := _number("ACCOUNTS"):
        print_rows(
            f"A list of {count} accounts and servers; floor: COPY of its bytes",
            accounts.measure(count),
        )
    if count := _number("EXPORTS"):
        print_rows(
            f"Exports of {count} invoices; floors: a bare COPY of the same rows,"
            f" and the memory for {exports.FEW}",
            exports.measure(count),
        )
    incidents = _number("DRAFTS")
    if incidents:
        print_rows(
            f"{incidents} ended incidents to drafts, in one run of collecting",
            drafts.measure(incidents),
        )


def engine() -> None:
    """What the whole engine does while it runs."""
    now = timezone.now()
    for incident in Incident.objects.filter(closed_at=None).exclude(
        reference__startswith="B-"
    ):
        cancel(incident_id=incident.pk, staff=Staff.objects.all()[0], now=now)
    orders, burst_of = _number("INCIDENTS"), _number("BURST")
    if orders:
        print_rows(
            f"From commit to first request at the provider, {orders} orders",
            latency.measure(LOG, orders),
        )
    if burst_of:
        network = TelephoneNetwork(os.environ["BENCH_NETWORK"], TELEPHONES)
        print_rows(
            f"{burst_of} orders at one instant, each answer of the provider"
            f" {burst.DELAY * 1000:.0f} ms late",
            burst.measure(network, LOG, burst_of),
        )
    sizes = [int(size) for size in os.environ["BENCH_OPEN"].split(",") if size]
    processes = {name: _number(name.upper()) for name in ("worker", "beat", "watcher")}
    print_rows("The engine, by open rows", deadlines.measure(sizes, processes))


def no_broker() -> None:
    """Nothing but the watcher moves pages."""
    orders = _number("OUTAGES")
    print_rows(
        f"The broker is gone: from commit to first request, {orders} orders",
        outage.measure(LOG, orders),
    )


def _number(name: str) -> int:
    return int(os.environ[f"BENCH_{name}"])
