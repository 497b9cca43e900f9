"""From logged work to priced, taxed and explained lines.

Source: the price text of the product and the readings A1 to A22 of it: started minutes
once per emergency and kind, included minutes for support only, infrastructure pays the
initial fee only, waived entries do not exist, a late callback is reviewed, and one that
never came is not charged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from billing.rules.rounding import ZERO, minutes_at, started_minutes
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
from billing.rules.work import Cause, Disposition, Emergency, Kind, check

# Raised when a reading changes, so that an old document says how it was rated.
RATING_VERSION = "2026-1"
FREE_CANCELLATION = timedelta(minutes=2)
ATTEMPTS_THAT_COUNT = 3

NEVER_BILLED = frozenset({Disposition.DRILL, Disposition.DUPLICATE})

REVIEW_ORDER = (
    "cause_undetermined",
    "callback_missed",
    "callback_never_made",
    "customer_not_reached",
    "recipient_vat_id_invalid",
    "cancelled_before_callback",
    "disposition_not_an_emergency",
    "disposition_withdrawn",
    "disposition_prank",
)


class Outcome(StrEnum):
    INVOICE = "invoice"
    NONE = "none"
    BLOCKED = "blocked"
    CREDIT_NOTE = "credit_note"


class Code(StrEnum):
    FEE = "emergency_response_fee"
    SUPPORT = "support_beyond_included"
    ANALYSIS = "application_analysis"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One priced line. ``minutes`` None: one piece at ``unit_price``, else per hour.

    ``worked`` and ``included_minutes`` are the explanation: what was logged of this
    kind and what of it the fee covers. ``not_charged`` is logged work that costs
    nothing because the cause was the infrastructure.
    """

    code: Code
    minutes: int | None
    unit_price: Decimal
    net: Decimal
    worked: timedelta = timedelta()
    included_minutes: int = 0
    not_charged: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A complete answer: what kind of document, its lines, its tax and its doubts."""

    outcome: Outcome
    lines: tuple[Line, ...] = ()
    taxes: tuple[TaxAmount, ...] = ()
    review: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    required_text: str | None = None

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), ZERO)

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
    for emergency, issuer_rate in emergencies:
        check(emergency)
        due, doubts = fee_due(emergency)
        review |= doubts
        if not due:
            continue
        treatment = treatment_of(recipient, issuer_rate=issuer_rate)
        charges = charges_of(emergency)
        lines += charges
        taxed += [(line.net, treatment) for line in charges]
    if not lines:
        return Rating(outcome=Outcome.NONE, review=_ordered(review))
    return _assess(tuple(lines), tax_once_per_rate(taxed), review, recipient)


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


def fee_due(emergency: Emergency) -> tuple[bool, set[str]]:
    """Whether anything is charged at all, and what a person must look at first."""
    if emergency.disposition in NEVER_BILLED:
        return False, set()
    cancelled = _cancelled_before_callback(emergency)
    if cancelled and _cancelled_free_of_charge(emergency):
        return False, set()
    doubts: set[str] = set()
    if emergency.disposition is not None:
        doubts.add(f"disposition_{emergency.disposition}")
    if emergency.cause is Cause.UNDETERMINED:
        doubts.add("cause_undetermined")
    if cancelled:
        doubts.add("cancelled_before_callback")
    if emergency.callback_reached_at is not None:
        late = emergency.callback_reached_at > emergency.callback_deadline_at
        # Whoever was called in vain, and rang back later, was not called too late.
        if late and not emergency.attempted_in_time:
            doubts.add("callback_missed")
        return True, doubts
    if cancelled and _cancelled_in_time(emergency):
        return True, doubts
    if _tried_often_enough(emergency):
        return True, doubts | {"customer_not_reached"}
    if not any(entry.billable and entry.duration for entry in emergency.entries):
        return False, {"callback_never_made"}
    return True, doubts | {"callback_never_made"}


def _cancelled_before_callback(emergency: Emergency) -> bool:
    cancelled, reached = emergency.cancelled_at, emergency.callback_reached_at
    return cancelled is not None and (reached is None or cancelled < reached)


def _cancelled_free_of_charge(emergency: Emergency) -> bool:
    """Free until the later of a short window and the take-over by a technician. What
    the customer was told then stands."""
    cancelled, taken = emergency.cancelled_at, emergency.taken_over_at
    if cancelled is None:
        return False
    if emergency.cancelled_free is not None:
        return emergency.cancelled_free
    return (
        taken is None
        or cancelled <= taken
        or cancelled <= emergency.triggered_at + FREE_CANCELLATION
    )


def _cancelled_in_time(emergency: Emergency) -> bool:
    """Cancelled while the promise could still be kept; later it was broken first."""
    cancelled = emergency.cancelled_at
    return cancelled is not None and cancelled <= emergency.callback_deadline_at


def _tried_often_enough(emergency: Emergency) -> bool:
    if emergency.attempted_in_time:
        return True
    in_time = [
        attempt
        for attempt in emergency.callback_attempts
        if attempt <= emergency.callback_deadline_at
    ]
    return len(in_time) >= ATTEMPTS_THAT_COUNT


def charges_of(emergency: Emergency) -> list[Line]:
    """The priced lines of an emergency whose fee is due, in document order."""
    terms = emergency.terms
    support = emergency.worked(Kind.SUPPORT)
    analysis = emergency.worked(Kind.APPLICATION_ANALYSIS)
    included = timedelta(minutes=terms.included_minutes)
    infrastructure = emergency.cause is Cause.INFRASTRUCTURE
    beyond = max(support - included, timedelta())
    lines = [
        Line(
            code=Code.FEE,
            minutes=None,
            unit_price=terms.initial_fee,
            net=terms.initial_fee,
            worked=support,
            included_minutes=terms.included_minutes,
            not_charged=beyond + analysis if infrastructure else timedelta(),
        )
    ]
    if infrastructure:
        return lines
    if beyond:
        lines.append(
            _timed(
                Code.SUPPORT,
                beyond,
                terms.support_hourly,
                support,
                terms.included_minutes,
            )
        )
    if analysis:
        lines.append(
            _timed(
                Code.ANALYSIS, analysis, terms.application_analysis_hourly, analysis, 0
            )
        )
    return lines


def _timed(
    code: Code, charged: timedelta, hourly: Decimal, worked: timedelta, included: int
) -> Line:
    minutes = started_minutes(charged)
    return Line(
        code=code,
        minutes=minutes,
        unit_price=hourly,
        net=minutes_at(minutes, hourly),
        worked=worked,
        included_minutes=included,
    )


def _ordered(review: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(review, key=REVIEW_ORDER.index))
