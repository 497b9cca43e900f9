"""Bars of a chart from figures: where each one stands and how high it is.

Coordinates are whole units of a view box, so that the same figures give the same
picture. Words and colours are the page's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 720, 220
LEFT, BOTTOM, TOP = 70, 26, 12
GAP = 8
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """One bar: ``x``, ``y``, ``width``, ``height`` in the view box, and its series."""

    group: int
    series: int
    x: int
    y: int
    width: int
    height: int
    value: Decimal


@dataclass(frozen=True)
class Tick:
    """A value of the scale and the height at which its line stands."""

    y: int
    value: Decimal


@dataclass(frozen=True)
class Group:
    """The middle of a group of bars, where its name stands."""

    number: int
    x: int


@dataclass(frozen=True)
class Plot:
    """Everything to draw; ``ground`` is the height of zero."""

    width: int
    height: int
    left: int
    ground: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    groups: tuple[Group, ...]


def top_of_scale(largest: Decimal) -> Decimal:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not below the largest value."""
    top = Decimal(1)
    while True:
        for step in STEPS:
            if top * step >= largest:
                return top * step
        top *= 10


def bars(groups: Sequence[Sequence[Decimal]], *, stacked: bool = False) -> Plot:
    """Groups of bars from zero upwards, beside each other or on top of each other.
    Values below zero count as zero."""
    heights = [[max(value, Decimal(0)) for value in group] for group in groups]
    largest = max(
        (
            sum(g, Decimal(0)) if stacked else max(g, default=Decimal(0))
            for g in heights
        ),
        default=Decimal(0),
    )
    top = top_of_scale(largest)
    ground = HEIGHT - BOTTOM
    room = ground - TOP
    slot = (WIDTH - LEFT) // max(len(heights), 1)
    drawn: list[Bar] = []
    for number, group in enumerate(heights):
        count = 1 if stacked else max(len(group), 1)
        width = (slot - GAP) // count
        below = Decimal(0)
        for series, value in enumerate(group):
            foot, head = (_up(part, top, room) for part in (below, below + value))
            drawn.append(
                Bar(
                    group=number,
                    series=series,
                    x=LEFT + number * slot + (0 if stacked else series * width),
                    y=ground - head,
                    width=width,
                    height=head - foot,
                    value=value,
                )
            )
            below = below + value if stacked else below
    return Plot(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        ground=ground,
        bars=tuple(drawn),
        ticks=tuple(
            Tick(ground - _up(part, top, room), part)
            for part in (Decimal(0), top / 2, top)
        ),
        groups=tuple(
            Group(number, LEFT + number * slot + (slot - GAP) // 2)
            for number in range(len(heights))
        ),
    )


def _up(value: Decimal, top: Decimal, room: int) -> int:
    return round(value * room / top)
