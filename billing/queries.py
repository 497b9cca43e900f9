"""Reads for billing's pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import TruncMonth

from billing.models import Document, EInvoice, Hold, Transmission
from billing.rules.rounding import ZERO

OVER = (Transmission.Status.FAILED, Transmission.Status.BOUNCED)
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
    return documents.annotate(
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


def _open_holds() -> "Prefetch[str, QuerySet[Hold], str]":
    return Prefetch(
        "holds", Hold.objects.filter(released_at=None), to_attr="open_holds"
    )


@dataclass(frozen=True)
class ToDo:
    """What waits for accounting, the most urgent part first."""

    held: list[Document]
    ready: list[Document]
    approved: list[Document]
    unsent: list[Document]
    in_total: Sums


def to_do() -> ToDo:
    """What is held (drafts, and invoices that somebody objects to), drafts to approve,
    approved documents, and what did not arrive."""
    held = Hold.objects.filter(document=OuterRef("pk"), released_at=None)
    waiting = (
        with_signs(
            Document.objects.filter(
                Q(number__isnull=True, gathered_into__isnull=True) | Exists(held)
            )
        )
        .annotate(is_held=Exists(held))
        .prefetch_related(_open_holds())
        .order_by("created_at", "pk")
    )
    documents = list(waiting)
    drafts = [d for d in documents if d.status == Document.Status.DRAFT]
    return ToDo(
        held=[d for d in documents if d.is_held and (d in drafts or d.is_issued)],
        ready=[d for d in drafts if not d.is_held],
        approved=[d for d in documents if d.status == Document.Status.APPROVED],
        unsent=list(unsent()),
        in_total=sums(
            Document.objects.filter(number__isnull=True, gathered_into__isnull=True)
        ),
    )


def unsent() -> QuerySet[Document]:
    """Issued documents whose sending has failed, or whose e-mail came back, and that
    nobody tries again."""
    attempts = Transmission.objects.filter(document=OuterRef("pk"))
    over = attempts.filter(status__in=OVER)
    alive = attempts.exclude(status__in=OVER)
    return with_signs(
        Document.objects.filter(Exists(over) & ~Exists(alive)).order_by("-issued_at")
    )


def listed(*, status: str = "", month: date | None = None) -> QuerySet[Document]:
    """Documents of a status and a month (of issue, else of the draft), newest first.
    What is gathered into another document is counted there."""
    documents = Document.objects.filter(gathered_into__isnull=True)
    if status:
        documents = documents.filter(status=status)
    if month is not None:
        in_month = Q(issue_date__year=month.year, issue_date__month=month.month)
        drafted = Q(issue_date=None) & Q(
            created_at__year=month.year, created_at__month=month.month
        )
        documents = documents.filter(in_month | drafted)
    return documents.order_by(F("issued_at").desc(nulls_first=True), "-pk")


def months() -> list[date]:
    """The months in which something was issued, newest first."""
    found: Iterable[date] = (
        Document.objects.filter(issue_date__isnull=False)
        .annotate(month=TruncMonth("issue_date"))
        .values_list("month", flat=True)
        .distinct()
        .order_by("-month")
    )
    return list(found)


def of_account(account_number: str) -> QuerySet[Document]:
    return with_signs(listed().filter(account_number=account_number)).prefetch_related(
        _open_holds()
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
            "members",
            "corrections",
            "exports__run",
            Prefetch("electronic_forms", EInvoice.objects.defer("content")),
        )
        .first()
    )
