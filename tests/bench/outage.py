"""From order to first request while the broker is gone: the watcher sends.

The floor is the watcher's interval: nobody can notice a page sooner than it looks.
"""

from pathlib import Path

from tests.bench.latency import order_to_request
from tests.bench.table import Row, quantile

INTERVAL = 500.0
LIMIT = 3000.0


def measure(log: Path, count: int) -> list[Row]:
    """Quantiles over ``count`` orders, in milliseconds. The broker is gone already."""
    taken = order_to_request(log, count, key="outage")
    return [
        Row("p50", quantile(taken, 0.5), INTERVAL, at_most=LIMIT),
        Row("max", max(taken), INTERVAL, at_most=LIMIT),
    ]
