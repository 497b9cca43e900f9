"""All measurements, in a process with Django ready; started by ``tests.bench``."""

import os
from pathlib import Path

from tests.bench import documents, latency, ticks
from tests.bench.table import print_rows


def main() -> None:
    """Prints one table: each number, its floor and the ratio of the two."""
    orders = int(os.environ["BENCH_INCIDENTS"])
    telephones = Path(os.environ["BENCH_TELEPHONES"])
    print_rows(
        f"From commit to request at the provider, {orders} orders",
        latency.measure(telephones / "requests.jsonl", orders),
    )
    print_rows("One tick, by open due rows", ticks.measure())
    print_rows(
        "One PDF, beside bare WeasyPrint on the same page",
        documents.measure(int(os.environ["BENCH_DOCUMENTS"])),
    )
