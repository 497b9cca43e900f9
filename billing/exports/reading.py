"""Documents out of the database as exports see them, some hundred at a time.

Plain values and no model instances: those of a document and its lines refer to each
other, and a hundred thousand of them wait long for the garbage collector.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from billing.exports.selection import in_order
from billing.models import Document, DocumentLine, DocumentTax
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
    *("pk", "number", "kind", "issue_date", "due_date", "supply_from", "supply_to"),
    *("account_number", "account_name", "recipient", "currency", "net", "vat_total"),
    *("incident_reference", "refers_to__number", "file__sha256"),
)
_LINE = ("position", "code", "minutes", "unit_price", "net")
Found = dict[int, list[tuple[Any, ...]]]


def read(
    documents: QuerySet[Document], *, most: int | None = None
) -> Iterator[ExportedDocument]:
    """The documents in order, the first ``most`` of them, by a cursor of the server.
    Raises Problem for one whose tax rows do not come to its sums."""
    rows = in_order(documents).values(*_READ)[:most].iterator(chunk_size=CHUNK)
    while some := list(islice(rows, CHUNK)):
        ids = [row["pk"] for row in some]
        lines = _of(DocumentLine.objects.filter(document__in=ids), "position", _LINE)
        taxes = _of(
            DocumentTax.objects.filter(document__in=ids),
            "category",
            ("category", "rate", "base", "amount"),
        )
        for row in some:
            yield _exported(row, lines[row["pk"]], taxes[row["pk"]])


def _of(rows: QuerySet[Any], order: str, columns: tuple[str, ...]) -> Found:
    found: Found = defaultdict(list)
    ordered = rows.order_by("document", order, "pk")
    for document, *values in ordered.values_list("document", *columns):
        found[document].append(tuple(values))
    return found


def _exported(
    row: dict[str, Any],
    lines: Sequence[tuple[Any, ...]],
    taxes: Sequence[tuple[Any, ...]],
) -> ExportedDocument:
    recipient, kind = row["recipient"], row["kind"]
    exported = ExportedDocument(
        document_id=row["pk"],
        number=row["number"],
        kind=kind,
        issue_date=row["issue_date"],
        due_date=row["due_date"],
        supply_from=row["supply_from"],
        supply_to=row["supply_to"],
        account_number=row["account_number"],
        name=recipient.get("legal_name") or row["account_name"],
        vat_id=recipient.get("vat_id", ""),
        country=recipient.get("country", ""),
        currency=row["currency"],
        reference=row["incident_reference"],
        refers_to=row["refers_to__number"] or "",
        sha256=row["file__sha256"] or "",
        taxes=tuple(
            ExportedTax(
                category=Category(category),
                rate=rate,
                net=signed(base, kind),
                vat=signed(amount, kind),
            )
            for category, rate, base, amount in taxes
        ),
        lines=tuple(
            ExportedLine(
                position=position,
                code=code,
                minutes=minutes,
                unit_price=unit_price,
                net=signed(net, kind),
            )
            for position, code, minutes, unit_price, net in lines
        ),
    )
    sums = (signed(row["net"], kind), signed(row["vat_total"], kind))
    if (exported.net, exported.vat) != sums:
        raise Problem("sums_differ", exported.number)
    return exported
