"""Which documents an export holds."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Document, ExportEntry, ExportRun


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; empty: no limit."""

    format: str
    issued_from: date | None = None
    issued_to: date | None = None
    kind: str = ""
    account_number: str = ""
    only_new: bool = False


def selected(wanted: Wanted) -> QuerySet[Document]:
    """The issued documents that fit. Drafts are nobody's business but ours."""
    documents = Document.objects.filter(number__isnull=False)
    if wanted.issued_from:
        documents = documents.filter(issue_date__gte=wanted.issued_from)
    if wanted.issued_to:
        documents = documents.filter(issue_date__lte=wanted.issued_to)
    if wanted.kind:
        documents = documents.filter(kind=wanted.kind)
    if wanted.account_number:
        documents = documents.filter(account_number=wanted.account_number)
    if wanted.only_new:
        documents = documents.exclude(_exported_as(wanted.format))
    return documents


def repeated(documents: QuerySet[Document], export_format: str) -> QuerySet[Document]:
    """Those that an export of this format holds already."""
    return documents.filter(_exported_as(export_format))


def of_run(run: ExportRun) -> QuerySet[Document]:
    """The documents of an export, in the order of their issue."""
    return in_order(Document.objects.filter(exports__run=run))


def in_order(documents: QuerySet[Document]) -> QuerySet[Document]:
    """In the order of their issue, which is that of the numbers of each series."""
    return documents.order_by("issued_at", "pk")


def _exported_as(export_format: str) -> Exists:
    """An export of this format holds the document; one that failed holds nothing."""
    return Exists(
        ExportEntry.objects.filter(
            document=OuterRef("pk"), run__format=export_format
        ).exclude(run__status=ExportRun.Status.FAILED)
    )
