"""Give out document numbers: consecutive, unique, in the order of their dates."""

from datetime import date

from django.db.models import F

from billing.actions.refusal import BillingRefusal
from billing.models import NumberSeries
from billing.rules.numbering import Number


def take_number(*, kind: str, day: date) -> str:
    """The next number of this kind; it exists only if the transaction commits.

    Call it late in a transaction: all counters of the kind stay locked until its end,
    so that nobody can give out a number with an earlier date meanwhile. Raises
    BillingRefusal when a later date already has a number.
    """
    NumberSeries.objects.get_or_create(kind=kind, year=day.year)
    counters = list(
        NumberSeries.objects.select_for_update().filter(kind=kind).order_by("year")
    )
    if any(c.last_date is not None and c.last_date > day for c in counters):
        raise BillingRefusal("date_before_last_number")
    series = NumberSeries.objects.filter(kind=kind, year=day.year)
    series.update(last=F("last") + 1, last_date=day)
    return str(Number(kind, day.year, series.get().last))
