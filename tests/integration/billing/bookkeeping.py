"""Issued documents without a renderer, and an accountant's settings for them."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from billing.actions.export_settings import save_export_settings
from billing.actions.exporting import make_export, request_export
from billing.exports.handing_out import stream
from billing.exports.selection import Wanted
from billing.models import (
    Document,
    DocumentFile,
    DocumentLine,
    DocumentTax,
    EInvoice,
    ExportRun,
    ExportSettings,
)
from billing.rules.bookkeeping import TaxCode
from billing.rules.tax import Category

NOW = datetime(2026, 4, 1, 7, 30, tzinfo=UTC)
DAY = date(2026, 3, 4)
TAX_CODES = {
    (Category.STANDARD, Decimal("20.00")): TaxCode(
        bmd_code="1", bmd_account="4000", datev_key="3", datev_account="4400"
    ),
    (Category.REVERSE_CHARGE, None): TaxCode(
        bmd_code="77", bmd_account="4010", datev_key="", datev_account="4336"
    ),
    (Category.OUTSIDE_SCOPE, None): TaxCode(
        bmd_code="51", bmd_account="4020", datev_key="", datev_account="4338"
    ),
}
VALUES: dict[str, Any] = {
    "debtor_offset": 10_000,
    "datev_consultant": 29098,
    "datev_client": 55003,
    "datev_initials": "WD",
    "datev_chart": "03",
}


def settled_settings(**changes: Any) -> ExportSettings:
    """Settings with which every format can be made."""
    values = {**VALUES, **changes}
    return save_export_settings(
        values=values, tax_codes=TAX_CODES, staff_id=None, now=NOW
    )


def a_document(number: str, day: date = DAY, **changes: Any) -> Document:
    """An issued invoice over 203.33 net, 244.00 gross, with two lines and its bytes."""
    vat = Decimal(changes.pop("vat", "40.67"))
    category = changes.pop("category", "S")
    rate = changes.pop("rate", Decimal("20.00"))
    recipient = {"legal_name": changes.pop("name", "Bäckerei Sonne GmbH")}
    recipient |= {"vat_id": changes.pop("vat_id", "ATU12345675"), "country": "AT"}
    nets = changes.pop("nets", (Decimal("200.00"), Decimal("3.33")))
    forms: dict[str, bytes] = changes.pop("forms", {})
    net = sum(nets, Decimal(0))
    issued_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    facts: dict[str, Any] = {
        "status": "issued",
        "incident_reference": f"NF-{number}",
        "account_number": "K-1001",
        "account_name": "Bäckerei Sonne",
        "supply_from": day - timedelta(days=1),
        "supply_to": day,
        "due_date": day + timedelta(days=14),
        "net": net,
        "vat_total": vat,
        "gross": net + vat,
        "recipient": recipient,
        "created_at": issued_at,
        "computed_at": issued_at,
        "approved_at": issued_at,
    }
    content = changes.pop("content", b"%PDF of " + number.encode())
    document = Document.objects.create(**{**facts, **changes, "status": "approved"})
    for position, amount in enumerate(nets, start=1):
        DocumentLine.objects.create(
            document=document,
            position=position,
            code="emergency_response_fee" if position == 1 else "support",
            minutes=None if position == 1 else 1,
            unit_price=Decimal("200.00"),
            net=amount,
        )
    DocumentTax.objects.create(
        document=document, category=category, rate=rate, base=net, amount=vat
    )
    DocumentFile.objects.create(
        document=document,
        content=content,
        sha256=sha256(content).hexdigest(),
        created_at=issued_at,
    )
    EInvoice.objects.bulk_create(
        EInvoice(
            document=document,
            kind=kind,
            content=xml,
            sha256=sha256(xml).hexdigest(),
            created_at=issued_at,
        )
        for kind, xml in forms.items()
    )
    document.number, document.status = number, "issued"
    document.issued_at, document.issue_date = issued_at, day
    document.save()
    return document


def a_credit_note(number: str, of: Document, day: date = DAY) -> Document:
    """A credit note for the whole invoice; its amounts are stored positive."""
    return a_document(number, day, kind="credit_note", refers_to=of, due_date=None)


def a_run(export_format: str, *, now: datetime = NOW, **wanted: Any) -> ExportRun:
    """An export whose file is made."""
    run = request_export(
        wanted=Wanted(format=export_format, **wanted), staff_id=None, now=now
    )
    make_export(run_id=run.pk, now=now)
    run.refresh_from_db()
    return run


def bytes_of(run: ExportRun) -> bytes:
    """The file as it is handed out."""
    return b"".join(stream(run))


def rows_of(run: ExportRun, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """The rows of a CSV file by the names of their columns."""
    text = bytes_of(run).decode(encoding)
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))
