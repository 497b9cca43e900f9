"""Bars on a page: ``{% bars groups names=months legend=words label="money" %}``.

Billing's pages and papers draw with it, too; what a template loads needs no import.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django import template

from emergency.rules import plot

register = template.Library()

# On paper, where no stylesheet of ours reaches into a drawing; pages have their own.
COLOURS = ("#0b5560", "#7a4a00", "#1d6238", "#7c8884", "#a31621")
MOST_NAMES = 12
# The square beside a name.
KEY = plot.Bar(group=0, series=0, x=1, y=1, width=12, height=12, value=Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Series:
    """One kind of bar: its name, how it is filled (colour and pattern say the same),
    and its colour on paper."""

    number: int
    name: str
    colour: str
    bars: tuple[plot.Bar, ...]


@register.inclusion_tag("_plot.html")
def bars(
    groups: Sequence[Sequence[Decimal]],
    *,
    names: Sequence[str],
    legend: Sequence[str],
    label: str,
    unit: str = "",
    description: str = "",
    stacked: bool = False,
) -> dict[str, Any]:
    """Groups of bars. ``label`` is the id of the heading that names the drawing, and
    ``description`` says in a sentence what it shows; the figures stand in a table
    beside it. ``names`` are those of the groups; of many only some are written."""
    drawn = plot.bars(groups, stacked=stacked)
    every = ceil(len(names) / MOST_NAMES) or 1
    return {
        "plot": drawn,
        "key": (KEY,),
        "series": [
            Series(
                number=number,
                name=name,
                colour=COLOURS[number],
                bars=tuple(b for b in drawn.bars if b.series == number and b.height),
            )
            for number, name in enumerate(legend)
        ],
        "named": [
            (group, names[group.number])
            for group in drawn.groups
            if group.number % every == 0
        ],
        "label": label,
        "unit": unit,
        "description": description,
    }
