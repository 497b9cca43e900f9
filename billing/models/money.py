"""Amounts in the database: Decimal with two places; the currency stands in the row."""

from typing import Any

from django.db import models

CURRENCY = "EUR"


def money_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """A column for an amount with two places."""
    return models.DecimalField(max_digits=12, decimal_places=2, **options)


def rate_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """A column for a tax rate in percent."""
    return models.DecimalField(max_digits=5, decimal_places=2, **options)
