"""A year by months: money, causes, and how soon customers were called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Q,
    Sum,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, ExtractMonth, ExtractYear

from billing.models import Document, HandOverEvent
from billing.queries.handed_over import day_there
from billing.rules.hand_over import NUMBERED
from billing.rules.rounding import ZERO

CAUSES = ("infrastructure", "application", "other", "undetermined")
# What is gathered has its month's day and no number; it counts with its collective
# invoice.
INVOICE = Q(kind=Document.Kind.INVOICE, gathered_into__isnull=True)
CREDIT = Q(kind=Document.Kind.CREDIT_NOTE)
# Cause and callback are those of one emergency: a collective invoice is the sum of the
# documents that it gathers.
EMERGENCY = Q(kind=Document.Kind.INVOICE, gathers_month__isnull=True)


class Median(Aggregate):
    """The middle value; between two of them their mean."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Median"


@dataclass(frozen=True, kw_only=True)
class Month:
    """The figures of one month by the day of issue; amounts are net, what is credited
    is positive. ``by_cause`` is what was invoiced, in the order of CAUSES.

    The callback is that of the invoiced emergencies: minutes from the order until the
    customer was reached, rounded up as the customer would count them. None: nobody was
    reached.
    """

    day: date
    invoices: int = 0
    invoiced: Decimal = ZERO
    credit_notes: int = 0
    credited: Decimal = ZERO
    vat: Decimal = ZERO
    by_cause: tuple[Decimal, ...] = (ZERO,) * len(CAUSES)
    reached: int = 0
    in_time: int = 0
    median_minutes: int | None = None
    longest_minutes: int | None = None

    @property
    def balance(self) -> Decimal:
        return self.invoiced - self.credited

    @property
    def labelled(self) -> list[tuple[str, Decimal]]:
        """Each cause with what was invoiced for it."""
        return list(zip(CAUSES, self.by_cause, strict=True))


@dataclass(frozen=True, kw_only=True)
class Year:
    """Twelve months and their sums. ``there``: the operator's own billing system has
    invoiced some of it."""

    year: int
    months: tuple[Month, ...]
    there: bool = False

    @property
    def total(self) -> Month:
        """The sums; a median of medians would be none, so there is none here."""
        longest = [m.longest_minutes for m in self.months if m.longest_minutes]
        return Month(
            day=date(self.year, 1, 1),
            invoices=sum(m.invoices for m in self.months),
            invoiced=_sum(m.invoiced for m in self.months),
            credit_notes=sum(m.credit_notes for m in self.months),
            credited=_sum(m.credited for m in self.months),
            vat=_sum(m.vat for m in self.months),
            by_cause=tuple(
                _sum(month.by_cause[position] for month in self.months)
                for position in range(len(CAUSES))
            ),
            reached=sum(m.reached for m in self.months),
            in_time=sum(m.in_time for m in self.months),
            longest_minutes=max(longest) if longest else None,
        )


def year_of_figures(year: int) -> Year:
    """The year from what was issued, here or by the billing system, in one query;
    months without anything are there, too."""
    rows = list(_by_month(year))
    found = {row["month"]: _month(year, row) for row in rows}
    empty = (Month(day=date(year, number, 1)) for number in range(1, 13))
    return Year(
        year=year,
        months=tuple(found.get(one.day.month, one) for one in empty),
        there=any(row["there"] for row in rows),
    )


def years() -> list[int]:
    """The years in which something was issued, newest first."""
    issued = Document.objects.filter(issue_date__isnull=False)
    told = HandOverEvent.objects.filter(status__in=list(NUMBERED), applied=True)
    found = issued.annotate(year=ExtractYear("issue_date")).values_list("year")
    there = told.annotate(year=ExtractYear("received_at")).values_list("year")
    both: set[tuple[int]] = {*found.distinct().order_by(), *there.distinct().order_by()}
    return sorted((year for (year,) in both), reverse=True)


def _by_month(year: int) -> Iterable[Mapping[str, Any]]:
    cause = {
        f"cause_{name}": _amount("net", EMERGENCY & Q(work__cause=name))
        for name in CAUSES
    }
    waited = F("waited")
    called = EMERGENCY & Q(waited__isnull=False)
    return (
        Document.objects.annotate(
            issued_on=Coalesce("issue_date", "gathered_into__issue_date", day_there())
        )
        .filter(issued_on__year=year)
        .annotate(
            month=ExtractMonth("issued_on"),
            waited=ExpressionWrapper(
                _instant("callback_reached_at") - _instant("triggered_at"),
                output_field=DurationField(),
            ),
            promised=ExpressionWrapper(
                _instant("callback_deadline_at") - _instant("triggered_at"),
                output_field=DurationField(),
            ),
        )
        .order_by()
        .values("month")
        .annotate(
            invoices=Count("pk", filter=INVOICE),
            invoiced=_amount("net", INVOICE),
            credit_notes=Count("pk", filter=CREDIT),
            credited=_amount("net", CREDIT),
            vat_invoiced=_amount("vat_total", INVOICE),
            vat_credited=_amount("vat_total", CREDIT),
            reached=Count("pk", filter=called),
            in_time=Count("pk", filter=called & Q(waited__lte=F("promised"))),
            median=Median(waited, filter=EMERGENCY, output_field=DurationField()),
            longest=Max(waited, filter=EMERGENCY),
            there=Count("pk", filter=Q(status=Document.Status.HANDED_OVER)),
            **cause,
        )
    )


def _amount(name: str, which: Q) -> Coalesce:
    return Coalesce(Sum(name, filter=which), Value(ZERO))


def _instant(name: str) -> Cast:
    """An instant in the frozen facts; none where it is empty there."""
    return Cast(KT(f"work__{name}"), output_field=DateTimeField())


def _month(year: int, row: Mapping[str, Any]) -> Month:
    return Month(
        day=date(year, row["month"], 1),
        invoices=row["invoices"],
        invoiced=row["invoiced"],
        credit_notes=row["credit_notes"],
        credited=row["credited"],
        vat=row["vat_invoiced"] - row["vat_credited"],
        by_cause=tuple(row[f"cause_{name}"] for name in CAUSES),
        reached=row["reached"],
        in_time=row["in_time"],
        median_minutes=_minutes(row["median"]),
        longest_minutes=_minutes(row["longest"]),
    )


def _minutes(length: Any) -> int | None:
    return None if length is None else -(-int(length.total_seconds()) // 60)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
