"""Approved lines for the operator's own billing system: as JSON, and as CSV.

Quantity times price is the net amount of a line; on a credit note quantities and
amounts are negative, since the other system adds lines up.
"""

import base64
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import translation

from billing import line_words, wording
from billing.models import Document, DocumentLine
from billing.rules.export_text import shielded
from billing.rules.exported import signed
from billing.rules.hand_over import tax_code

VERSION = 1
COLUMNS = (
    *("key", "kind", "reference", "refers_to", "account_number"),
    *("external_account_number", "account_name", "position", "text", "explanation"),
    *("quantity", "unit", "price", "per", "net", "currency"),
    *("tax_category", "tax_rate", "tax_code", "supply_from", "supply_to"),
    "order_record",
)


def hand_over_body(
    document: Document,
    *,
    key: str,
    codes: Mapping[str, str],
    record_links: Mapping[str, str],
    order_record: bytes | None,
) -> bytes:
    """Everything that the other system needs for its own invoice, worded in the
    language of the account. Each line says its emergency and where the record of its
    order is (``record_links``)."""
    tax = document.taxes.get()
    original = document.refers_to
    with translation.override(document.language):
        lines = [_line(document, line, record_links) for line in document.lines.all()]
        required = wording.required_text(document.required_text)
    said: dict[str, Any] = {
        "version": VERSION,
        "key": key,
        "kind": document.kind,
        "reference": document.incident_reference,
        "refers_to": number_of(original) if original else None,
        "account_number": document.account_number,
        "external_account_number": document.recipient.get("external_number", ""),
        "account_name": document.account_name,
        "vat_id": document.recipient.get("vat_id", ""),
        "language": document.language,
        "currency": document.currency,
        "supply_from": document.supply_from.isoformat() if document.supply_from else "",
        "supply_to": document.supply_to.isoformat() if document.supply_to else "",
        "lines": lines,
        "tax_category": tax.category,
        "tax_rate": None if tax.rate is None else str(tax.rate),
        "tax_code": tax_code(codes, tax.category, tax.rate),
        "required_text": required,
        "net": str(signed(document.net, document.kind)),
        "vat": str(signed(document.vat_total, document.kind)),
        "gross": str(signed(document.gross, document.kind)),
        "order_record": {"url": record_links.get(document.incident_reference, "")},
    }
    if order_record is not None:
        content = base64.b64encode(order_record).decode()
        said["order_record"] = {"content_base64": content}
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def number_of(document: Document) -> str:
    """Under which number the customer knows this document, ours or the other's."""
    if document.number:
        return document.number
    told = document.hand_overs.exclude(external_number="").first()
    return told.external_number if told else ""


def _line(
    document: Document, line: DocumentLine, record_links: Mapping[str, str]
) -> dict[str, Any]:
    quantity = 1 if line.minutes is None else line.minutes
    reference = line.incident_reference or document.incident_reference
    return {
        "position": line.position,
        "reference": reference,
        "order_record_url": record_links.get(reference, ""),
        "text": line_words.line_title(line.code),
        "explanation": line_words.line_explanation(line, document.currency),
        "quantity": -quantity if document.is_credit_note else quantity,
        "unit": "piece" if line.minutes is None else "minute",
        "price": str(line.unit_price),
        "per": 1 if line.minutes is None else 60,
        "net": str(signed(line.net, document.kind)),
    }


def hand_over_csv(bodies: Iterable[bytes]) -> bytes:
    """One row per line: UTF-8 with a mark, semicolons, a point in numbers."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for body in bodies:
        writer.writerows(_rows(json.loads(body)))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rows(said: dict[str, Any]) -> Iterator[list[str]]:
    # What was handed over before lines had a link of their own says it once.
    record = said["order_record"].get("url", "")
    for line in said["lines"]:
        record = line.get("order_record_url", record)
        values = {**said, **line, "order_record": record}
        yield [_cell(name, values[name]) for name in COLUMNS]


NUMBERS = frozenset({"position", "quantity", "price", "per", "net", "tax_rate"})


def _cell(name: str, value: Any) -> str:
    text = "" if value is None else str(value)
    return text if name in NUMBERS else shielded(text)
