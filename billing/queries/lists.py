"""Documents by what accounting looks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from billing.models import Document, DocumentLine, Hold

ANY_HOLD = "any"
# What a row of a list shows; the JSON of the whole story stays in the database.
BIG = ("work", "terms", "issuer", "recipient", "blocked_by")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; an empty value narrows nothing. ``hold`` is the
    reason of an open hold, or ANY_HOLD. Amounts are gross."""

    status: str = ""
    kind: str = ""
    month: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    account: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    hold: str = ""
    text: str = ""


def listed(wanted: Filters | None = None) -> QuerySet[Document]:
    """The documents that fit, newest first. A day is that of issue, of a document that
    is not issued the day its draft was made. What is gathered into another document is
    counted there."""
    wanted = wanted or Filters()
    documents = Document.objects.filter(gathered_into__isnull=True)
    for condition in _conditions(wanted):
        documents = documents.filter(condition)
    return documents.order_by(F("issued_at").desc(nulls_first=True), "-pk")


def _conditions(wanted: Filters) -> Iterable[Q | Exists]:
    if wanted.status:
        yield Q(status=wanted.status)
    if wanted.kind:
        yield Q(kind=wanted.kind)
    if wanted.month is not None:
        year, month = wanted.month.year, wanted.month.month
        yield Q(issue_date__year=year, issue_date__month=month) | Q(
            issue_date=None, created_at__year=year, created_at__month=month
        )
    if wanted.first_day is not None:
        yield Q(issue_date__gte=wanted.first_day) | Q(
            issue_date=None, created_at__date__gte=wanted.first_day
        )
    if wanted.last_day is not None:
        yield Q(issue_date__lte=wanted.last_day) | Q(
            issue_date=None, created_at__date__lte=wanted.last_day
        )
    if wanted.account:
        yield Q(account_number=wanted.account)
    if wanted.least is not None:
        yield Q(gross__gte=wanted.least)
    if wanted.most is not None:
        yield Q(gross__lte=wanted.most)
    if wanted.hold:
        held = Hold.objects.filter(document=OuterRef("pk"), released_at=None)
        yield Exists(
            held if wanted.hold == ANY_HOLD else held.filter(reason=wanted.hold)
        )
    if wanted.text:
        of_one = DocumentLine.objects.filter(
            document=OuterRef("pk"), incident_reference__icontains=wanted.text
        )
        yield (
            Q(number__icontains=wanted.text)
            | Q(incident_reference__icontains=wanted.text)
            | Exists(of_one)
            | Q(account_number__icontains=wanted.text)
            | Q(account_name__icontains=wanted.text)
            | Q(recipient__legal_name__icontains=wanted.text)
        )


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
