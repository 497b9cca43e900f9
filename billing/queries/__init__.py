"""Reads for billing's pages: sums with their signs, and one whole document."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    Prefetch,
    QuerySet,
    Sum,
    Value,
    When,
)

from billing.models import Document, EInvoice, HandOver, Hold
from billing.rules.rounding import ZERO

_AMOUNT = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class Sums:
    """Totals of a list; credit notes count negative."""

    count: int
    net: Decimal
    vat_total: Decimal
    gross: Decimal


def signed(name: str) -> Case:
    """An amount column that is negative on credit notes."""
    return Case(
        When(kind=Document.Kind.CREDIT_NOTE, then=-F(name)),
        default=F(name),
        output_field=_AMOUNT,
    )


def with_signs(documents: QuerySet[Document]) -> QuerySet[Document]:
    there = Prefetch("hand_overs", HandOver.objects.defer("body"))
    return documents.prefetch_related(there).annotate(
        signed_net=signed("net"),
        signed_vat=signed("vat_total"),
        signed_gross=signed("gross"),
    )


def sums(documents: QuerySet[Document]) -> Sums:
    """What the whole list comes to, not only the part that is shown."""
    zero = Value(ZERO, output_field=_AMOUNT)
    found = documents.order_by().aggregate(
        count=Count("pk"),
        net_sum=Sum(signed("net"), default=zero),
        vat_sum=Sum(signed("vat_total"), default=zero),
        gross_sum=Sum(signed("gross"), default=zero),
    )
    return Sums(found["count"], found["net_sum"], found["vat_sum"], found["gross_sum"])


def open_holds() -> "Prefetch[str, QuerySet[Hold], str]":
    return Prefetch(
        "holds", Hold.objects.filter(released_at=None), to_attr="open_holds"
    )


def whole_document(pk: int) -> Document | None:
    """One document with everything its page shows, in a fixed number of queries."""
    return (
        with_signs(Document.objects.filter(pk=pk))
        .select_related("refers_to", "approved_by", "gathered_into")
        .prefetch_related(
            "lines__credited_by__document",
            "taxes",
            "holds__released_by",
            "steps__by",
            "transmissions__requested_by",
            Prefetch("members", Document.objects.order_by("supply_to", "pk")),
            "corrections",
            "hand_overs__events__staff",
            "exports__run",
            Prefetch("electronic_forms", EInvoice.objects.defer("content")),
        )
        .first()
    )
