"""Amounts as the customer reads them."""

from decimal import Decimal

from django.utils import formats


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency, never broken over two lines."""
    text = formats.number_format(amount, 2, use_l10n=True, force_grouping=True)
    return f"{text}\N{NO-BREAK SPACE}{currency}"


def percent(rate: Decimal) -> str:
    """20.00 as 20 %, 7.70 as 7.70 % or 7,70 %."""
    places = 0 if rate == rate.to_integral_value() else 2
    text = formats.number_format(rate, places, use_l10n=True)
    return f"{text}\N{NO-BREAK SPACE}%"
