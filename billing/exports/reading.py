"""Documents out of the database as exports see them, some hundred at a time."""

from collections.abc import Iterator

from django.db.models import QuerySet

from billing.exports.selection import in_order
from billing.models import Document
from billing.rules.bookkeeping import Problem
from billing.rules.exported import (
    ExportedDocument,
    ExportedLine,
    ExportedTax,
    signed,
)
from billing.rules.tax import Category

CHUNK = 500
# Terms and work are large, and no format asks for them.
_READ = (
    *("number", "kind", "issue_date", "due_date", "supply_from", "supply_to"),
    *("account_number", "account_name", "recipient", "currency", "net", "vat_total"),
    *("incident_reference", "refers_to__number", "file__sha256"),
)


def read(
    documents: QuerySet[Document], *, most: int | None = None
) -> Iterator[ExportedDocument]:
    """The documents in order, the first ``most`` of them, by a cursor of the server.
    Raises Problem for one whose tax rows do not come to its sums."""
    rows = (
        in_order(documents)
        .select_related("refers_to", "file")
        .prefetch_related("lines", "taxes")
        .only(*_READ)[:most]
    )
    for document in rows.iterator(chunk_size=CHUNK):
        yield _exported(document)


def _exported(document: Document) -> ExportedDocument:
    recipient, kind = document.recipient, document.kind
    if not (document.number and document.issue_date):
        raise Problem("not_issued", document.incident_reference)
    if not (document.supply_from and document.supply_to):
        raise Problem("not_issued", document.number)
    exported = ExportedDocument(
        document_id=document.pk,
        number=document.number,
        kind=kind,
        issue_date=document.issue_date,
        due_date=document.due_date,
        supply_from=document.supply_from,
        supply_to=document.supply_to,
        account_number=document.account_number,
        name=recipient.get("legal_name") or document.account_name,
        vat_id=recipient.get("vat_id", ""),
        country=recipient.get("country", ""),
        currency=document.currency,
        reference=document.incident_reference,
        refers_to=(document.refers_to.number or "") if document.refers_to else "",
        sha256=document.file.sha256,
        taxes=tuple(
            ExportedTax(
                category=Category(tax.category),
                rate=tax.rate,
                net=signed(tax.base, kind),
                vat=signed(tax.amount, kind),
            )
            for tax in document.taxes.all()
        ),
        lines=tuple(
            ExportedLine(
                position=line.position,
                code=line.code,
                minutes=line.minutes,
                unit_price=line.unit_price,
                net=signed(line.net, kind),
            )
            for line in document.lines.all()
        ),
    )
    sums = (signed(document.net, kind), signed(document.vat_total, kind))
    if (exported.net, exported.vat) != sums:
        raise Problem("sums_differ", document.number)
    return exported
