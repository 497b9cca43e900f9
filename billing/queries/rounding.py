"""How the figures of a document came about, step by step, from what it keeps itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.models import Document


@dataclass(frozen=True, kw_only=True)
class Worked:
    """The charged entries of one kind: number and exact sum, and what is waived."""

    kind: str
    entries: int
    exact: timedelta
    waived: timedelta


@dataclass(frozen=True, kw_only=True)
class Taxed:
    """One tax: the exact product beside the cents that were charged."""

    rate: Decimal
    base: Decimal
    exact: Decimal
    amount: Decimal


def worked_by_kind(work: Mapping[str, Any]) -> list[Worked]:
    """The sums of time behind the lines, in the order in which the kinds appear."""
    charged: dict[str, list[timedelta]] = {}
    waived: dict[str, timedelta] = {}
    for entry in work.get("entries", []):
        length = datetime.fromisoformat(entry["ended_at"]) - datetime.fromisoformat(
            entry["started_at"]
        )
        charged.setdefault(entry["kind"], [])
        if entry["billable"]:
            charged[entry["kind"]].append(length)
        else:
            waived[entry["kind"]] = waived.get(entry["kind"], timedelta()) + length
    return [
        Worked(
            kind=kind,
            entries=len(lengths),
            exact=sum(lengths, timedelta()),
            waived=waived.get(kind, timedelta()),
        )
        for kind, lengths in charged.items()
    ]


def taxed(document: Document) -> list[Taxed]:
    """The taxes with a rate. Of a credit note only the sum over all credit notes is a
    product, so there is none to show."""
    if document.is_credit_note:
        return []
    return [
        Taxed(
            rate=tax.rate,
            base=tax.base,
            exact=tax.base * tax.rate / 100,
            amount=tax.amount,
        )
        for tax in document.taxes.all()
        if tax.rate
    ]
