"""Numbers beside their floors and targets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured number and the floor it is compared with.

    A target is a number of its own (``at_most``) or a multiple of the floor
    (``ratio_at_most``; ``ratio_at_least`` where more is better).
    """

    name: str
    product: float
    floor: float
    unit: str = "ms"
    at_most: float | None = None
    ratio_at_most: float | None = None
    ratio_at_least: float | None = None

    @property
    def ratio(self) -> float:
        return self.product / self.floor if self.floor else math.nan

    @property
    def verdict(self) -> str:
        """The target and whether it is met; empty where there is none."""
        if self.ratio_at_most is not None:
            met = self.ratio <= self.ratio_at_most
            target = f"<= {self.ratio_at_most:g}x"
        elif self.ratio_at_least is not None:
            met = self.ratio >= self.ratio_at_least
            target = f">= {self.ratio_at_least:g}x"
        elif self.at_most is not None:
            met = self.product <= self.at_most
            target = f"<= {self.at_most:g} {self.unit}"
        else:
            return ""
        return f"{target:<12}{'met' if met else 'MISSED'}"


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def compare(
    product: Sequence[float],
    floor: Sequence[float],
    targets: dict[str, float] | None = None,
) -> list[Row]:
    """Quantiles of both, side by side; ``targets`` are multiples of the floor."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return [
        Row(
            name,
            quantile(product, share),
            quantile(floor, share),
            ratio_at_most=(targets or {}).get(name),
        )
        for name, share in shares.items()
    ]


def print_rows(title: str, rows: Sequence[Row]) -> None:
    print(f"\n{title}")
    print(f"  {'':<40}{'product':>14}{'floor':>14}{'ratio':>8}  target")
    for row in rows:
        floor = f"{row.floor:.1f} {row.unit}" if row.floor else "-"
        figures = f"{f'{row.product:.1f} {row.unit}':>14}{floor:>14}"
        ratio = f"{row.ratio:>8.2f}" if row.floor else f"{'-':>8}"
        print(f"  {row.name:<40}{figures}{ratio}  {row.verdict}".rstrip(), flush=True)
