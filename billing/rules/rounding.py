"""Seconds to minutes, minutes to money, money to cents: the only place that rounds.

Source: the price text of the product (an hourly rate, no stated increment) and the
readings A1, A15 and A16: started minutes, commercial half-up, seconds summed first.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MINUTE = timedelta(minutes=1)


def to_cent(amount: Decimal) -> Decimal:
    """The amount with two places, halves away from zero; never a negative zero."""
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return rounded or ZERO


def started_minutes(duration: timedelta, increment: int = 1) -> int:
    """Minutes in whole increments that have begun: 0:00 is 0, 0:01 is 1, 60:00 is 60;
    by quarters 0:01 is 15."""
    return -(-duration // (increment * MINUTE)) * increment


def minutes_at(minutes: int, hourly: Decimal) -> Decimal:
    """What so many minutes cost at a price per hour, rounded to the cent."""
    return to_cent(minutes * hourly / 60)


def vat_on(base: Decimal, rate: Decimal) -> Decimal:
    """The tax on a base at a rate in percent, rounded to the cent."""
    return to_cent(base * rate / 100)


def gross_of(net: Decimal, rate: Decimal) -> Decimal:
    """Net and its tax together."""
    return net + vat_on(net, rate)
