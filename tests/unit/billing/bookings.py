"""A document and an accountant's settings for tests of exports."""

from datetime import date
from decimal import Decimal
from typing import Any

from billing.rules.bookkeeping import Bookkeeping, TaxCode
from billing.rules.exported import ExportedDocument, ExportedLine, ExportedTax
from billing.rules.tax import Category

TWENTY = (Category.STANDARD, Decimal("20.00"))


def tax(net: str = "203.33", vat: str = "40.67", **changes: Any) -> ExportedTax:
    facts: dict[str, Any] = {"category": Category.STANDARD, "rate": Decimal("20.00")}
    return ExportedTax(net=Decimal(net), vat=Decimal(vat), **{**facts, **changes})


def document(**changes: Any) -> ExportedDocument:
    """An invoice over 244.00 gross for work of one night."""
    facts: dict[str, Any] = {
        "document_id": 1,
        "number": "RE-2026-00001",
        "kind": "invoice",
        "issue_date": date(2026, 3, 4),
        "due_date": date(2026, 3, 18),
        "supply_from": date(2026, 3, 3),
        "supply_to": date(2026, 3, 4),
        "account_number": "K-1001",
        "name": "Bäckerei Sonne GmbH",
        "vat_id": "ATU12345675",
        "country": "AT",
        "currency": "EUR",
        "reference": "NF-7K2M",
        "refers_to": "",
        "sha256": "0" * 64,
        "taxes": (tax(),),
        "lines": (
            ExportedLine(
                position=1,
                code="emergency_response_fee",
                minutes=None,
                unit_price=Decimal("200.00"),
                net=Decimal("200.00"),
            ),
        ),
    }
    return ExportedDocument(**{**facts, **changes})


def credit_note(**changes: Any) -> ExportedDocument:
    """The invoice, taken back."""
    facts: dict[str, Any] = {
        "number": "RK-2026-00001",
        "kind": "credit_note",
        "due_date": None,
        "refers_to": "RE-2026-00001",
        "taxes": (tax("-203.33", "-40.67"),),
    }
    return document(**{**facts, **changes})


def books(**changes: Any) -> Bookkeeping:
    """Settings with which both booking formats can be written."""
    facts: dict[str, Any] = {
        "debtor_offset": 10_000,
        "datev_consultant": 29098,
        "datev_client": 55003,
        "tax_codes": {
            TWENTY: TaxCode(
                bmd_code="1", bmd_account="4000", datev_key="3", datev_account="4400"
            )
        },
    }
    return Bookkeeping(**{**facts, **changes})
