"""Amounts as the customer reads them."""

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency, never broken over two lines."""
    text = formats.number_format(amount, 2, use_l10n=True, force_grouping=True)
    return f"{text}\N{NO-BREAK SPACE}{currency}"


def percent(rate: Decimal) -> str:
    """20.00 as 20 %, 7.70 as 7.70 % or 7,70 %."""
    places = 0 if rate == rate.to_integral_value() else 2
    text = formats.number_format(rate, places, use_l10n=True)
    return f"{text}\N{NO-BREAK SPACE}%"


def increment_words(minutes: int) -> str:
    """What is charged once it has begun, after "per"."""
    words = {15: _("started quarter of an hour"), 60: _("started hour")}
    return words.get(minutes, _("started minute"))
