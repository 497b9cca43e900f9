"""How long open amounts have been due."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.rules.rounding import ZERO


class Age(StrEnum):
    """Days since the due date. What is due today is zero days old."""

    NOT_DUE = "not_due"
    TO_30 = "to_30"
    TO_60 = "to_60"
    TO_90 = "to_90"
    OVER_90 = "over_90"


def age(due: date | None, today: date) -> Age:
    """The column of an amount; without a due date (credit notes) it is not due."""
    days = -1 if due is None else (today - due).days
    if days < 0:
        return Age.NOT_DUE
    limits = ((30, Age.TO_30), (60, Age.TO_60), (90, Age.TO_90))
    return next((column for last, column in limits if days <= last), Age.OVER_90)


def aged(
    amounts: Iterable[tuple[date | None, Decimal]], today: date
) -> dict[Age, Decimal]:
    """The sum of each column; together they are the sum of all amounts."""
    columns = dict.fromkeys(Age, ZERO)
    for due, amount in amounts:
        columns[age(due, today)] += amount
    return columns
