"""Bars stand where their figures say."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.plot import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, bars, top_of_scale

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
GROUPS = st.lists(st.lists(AMOUNTS, min_size=3, max_size=3), min_size=1, max_size=12)
ROOM = HEIGHT - BOTTOM - TOP


@pytest.mark.parametrize(
    ("largest", "top"),
    [("0", "1"), ("1", "1"), ("1.01", "2"), ("4", "5"), ("5.5", "10"), ("720", "1000")],
)
def test_the_scale_ends_at_a_round_value(largest, top):
    assert top_of_scale(Decimal(largest)) == Decimal(top)


def test_the_largest_bar_reaches_its_place_on_the_scale():
    plot = bars([(Decimal(1000), Decimal(250))])
    high, low = plot.bars
    assert (high.height, low.height) == (ROOM, round(ROOM / 4))
    assert high.y + high.height == low.y + low.height == plot.ground
    assert high.x + high.width == low.x
    assert [tick.value for tick in plot.ticks] == [0, 500, 1000]


def test_stacked_bars_stand_on_each_other():
    lower, upper = bars([(Decimal(3), Decimal(7))], stacked=True).bars
    assert upper.y + upper.height == lower.y
    assert lower.height + upper.height == ROOM
    assert lower.x == upper.x


def test_what_is_below_zero_counts_as_zero():
    (bar,) = bars([(Decimal(-5),)]).bars
    assert bar.height == 0


def test_nothing_to_draw_is_drawn_as_nothing():
    assert bars([]).bars == ()
    assert all(bar.height == 0 for bar in bars([(Decimal(0),)] * 12).bars)


@given(GROUPS, st.booleans())
def test_every_bar_stays_inside_the_picture_and_beside_its_neighbours(groups, stacked):
    plot = bars(groups, stacked=stacked)
    for bar in plot.bars:
        assert LEFT <= bar.x <= bar.x + bar.width <= WIDTH
        assert TOP <= bar.y <= bar.y + bar.height <= plot.ground
    columns = sorted({(bar.x, bar.width) for bar in plot.bars})
    for (x, width), (following, _width) in pairwise(columns):
        assert x + width <= following


@given(GROUPS)
def test_a_larger_figure_has_no_lower_bar(groups):
    found = sorted(bars(groups).bars, key=lambda bar: bar.value)
    heights = [bar.height for bar in found]
    assert heights == sorted(heights)
