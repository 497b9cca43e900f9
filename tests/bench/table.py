"""Numbers beside their floors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured number and the floor it is compared with."""

    name: str
    product: float
    floor: float
    unit: str = "ms"


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def compare(product: Sequence[float], floor: Sequence[float]) -> list[Row]:
    """Quantiles of both, side by side."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return [
        Row(name, quantile(product, share), quantile(floor, share))
        for name, share in shares.items()
    ]


def print_rows(title: str, rows: Sequence[Row]) -> None:
    print(f"\n{title}")
    print(f"  {'':<34}{'product':>12}{'floor':>12}{'ratio':>8}")
    for row in rows:
        ratio = row.product / row.floor if row.floor else math.inf
        figures = f"{row.product:>9.1f} {row.unit}{row.floor:>9.1f} {row.unit}"
        print(f"  {row.name:<34}{figures}{ratio:>8.2f}")
