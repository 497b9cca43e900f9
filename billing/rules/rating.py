"""From logged work to priced, taxed and explained lines.

Source: the price text of the product and the readings A1 to A22 of it, as far as they
are a choice by the rating policy that was accepted with the terms (``policy``):
``due`` says whether anything is charged, ``charges`` what, ``tax`` with which tax.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from billing.rules.charges import Code as Code
from billing.rules.charges import Line as Line
from billing.rules.charges import charges_of, sum_of
from billing.rules.due import Verdict, verdict_on
from billing.rules.rounding import ZERO
from billing.rules.tax import (
    Category,
    Recipient,
    TaxAmount,
    Treatment,
    tax_once_per_rate,
    treatment_of,
    vat_id_in_doubt,
    vat_id_missing,
)
from billing.rules.work import Emergency, check

# Raised when the arithmetic changes, so that an old document says how it was rated; the
# readings are those of the terms that stand with the document.
RATING_VERSION = "2026-2"

REVIEW_ORDER = (
    "cause_undetermined",
    "callback_missed",
    "callback_never_made",
    "customer_not_reached",
    "recipient_vat_id_invalid",
    "cancelled_before_callback",
    "maintenance_window",
    "maintenance_overrun",
    "into_free_hours",
    "disposition_not_an_emergency",
    "disposition_duplicate",
    "disposition_withdrawn",
    "disposition_prank",
)


class Outcome(StrEnum):
    INVOICE = "invoice"
    NONE = "none"
    BLOCKED = "blocked"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A complete answer: what kind of document, its lines, its tax and its doubts.
    ``treatments`` say how each line is taxed; ``reasons`` why an emergency is not
    charged."""

    outcome: Outcome
    lines: tuple[Line, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    taxes: tuple[TaxAmount, ...] = ()
    review: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    required_text: str | None = None

    @property
    def net(self) -> Decimal:
        return sum_of(self.lines)

    @property
    def vat_total(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat_total


def rate(emergency: Emergency, recipient: Recipient, *, issuer_rate: Decimal) -> Rating:
    """The document for one emergency. Raises Refused when its facts contradict."""
    return rate_together([(emergency, issuer_rate)], recipient)


def rate_together(
    emergencies: Sequence[tuple[Emergency, Decimal]], recipient: Recipient
) -> Rating:
    """One document for several emergencies, each with the issuer's rate that applies.

    Included minutes are never pooled; the tax is computed once per rate over all lines.
    """
    lines: list[Line] = []
    taxed: list[tuple[Decimal, Treatment]] = []
    review: set[str] = set()
    reasons: list[str] = []
    for emergency, issuer_rate in emergencies:
        check(emergency)
        verdict = verdict_on(emergency)
        review |= verdict.review
        charges, why = _charged(emergency, verdict)
        reasons += why
        treatment = treatment_of(recipient, issuer_rate=issuer_rate)
        lines += charges
        taxed += [(line.net, treatment) for line in charges]
    if not lines:
        return Rating(
            outcome=Outcome.NONE, review=_ordered(review), reasons=tuple(reasons)
        )
    assessed = _assess(tuple(lines), tax_once_per_rate(taxed), review, recipient)
    treatments = tuple(treatment for _, treatment in taxed)
    return replace(assessed, treatments=treatments, reasons=tuple(reasons))


def lines_due(emergency: Emergency) -> tuple[Line, ...]:
    """What is charged for it, the fee first; nothing where nothing is. Raises
    Refused when its facts contradict."""
    check(emergency)
    return _charged(emergency, verdict_on(emergency))[0]


def _charged(
    emergency: Emergency, verdict: Verdict
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines, or why there are none: not due, nothing left of it, or too little."""
    if not verdict.charged:
        return (), verdict.reasons
    lines = charges_of(emergency, waived=verdict.waived)
    if verdict.waived and not sum_of(lines):
        return (), (f"fee_waived_{verdict.waived}",)
    if sum_of(lines) < emergency.policy.least_amount:
        return (), ("below_least_amount",)
    return lines, ()


def _assess(
    lines: tuple[Line, ...],
    taxes: tuple[TaxAmount, ...],
    review: set[str],
    recipient: Recipient,
) -> Rating:
    if vat_id_in_doubt(recipient):
        review = review | {"recipient_vat_id_invalid"}
    gross = sum((tax.base + tax.amount for tax in taxes), ZERO)
    taxed = any(tax.treatment.category is Category.STANDARD for tax in taxes)
    blocked = vat_id_missing(recipient, gross=gross, taxed=taxed)
    return Rating(
        outcome=Outcome.BLOCKED if blocked else Outcome.INVOICE,
        lines=lines,
        taxes=taxes,
        review=_ordered(review),
        blocked_by=("recipient_vat_id_required",) if blocked else (),
        required_text=taxes[0].treatment.required_text,
    )


def _ordered(review: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(review, key=REVIEW_ORDER.index))
