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
COLOURS = ("#0b5560", "#7a4a00", "#1d6238", "#7c8884", "#a31621", "#16201e")
MOST_NAMES = 12
# The square beside a name.
KEY = plot.Bar(group=0, series=0, x=1, y=1, width=12, height=12, value=Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Series:
    """One kind of bar: its filling by ``number`` (colour and pattern say the same), its
    name, and its colour on paper."""

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
    styles: Sequence[int] = (),
) -> dict[str, Any]:
    """Groups of bars. ``label`` is the id of the heading that names the drawing, and
    ``description`` says in a sentence what it shows; the figures stand in a table
    beside it. ``names`` are those of the groups; of many only some are written.
    ``styles`` are the fillings of the series, where their own numbers would mislead."""
    drawn = plot.bars(groups, stacked=stacked)
    every = ceil(len(names) / MOST_NAMES) or 1
    return {
        "plot": drawn,
        "key": (KEY,),
        "series": [
            Series(
                number=style,
                name=name,
                colour=COLOURS[style],
                bars=tuple(b for b in drawn.bars if b.series == number and b.height),
            )
            for number, (name, style) in enumerate(
                zip(legend, styles or range(len(legend)), strict=True)
            )
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
