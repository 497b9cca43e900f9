"""What emergency asks of billing: the fee terms to show, and what a case would cost."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.computing import emergency_of, worked_line
from billing.fee_text import terms_of
from billing.models import BillingProfile, Issuer, RateCard
from billing.rules.rating import Outcome, Rating, rate
from billing.rules.rounding import ZERO
from billing.rules.tax import HOME_COUNTRY, Recipient
from billing.rules.work import Refused
from billing.wording import (
    doubt,
    line_explanation,
    line_title,
    required_text,
    why_nothing,
)
from emergency.billable import BillableWork
from emergency.terms import FeeTerms, PriceExplanation, PriceLine


def fee_terms(account_number: str | None, at: datetime, language: str) -> FeeTerms:
    """The terms in force at ``at``, gross at the issuer's rate, worded in ``language``.

    Every account has the same card so far. Raises RateCard.DoesNotExist or
    Issuer.DoesNotExist when nothing is in force.
    """
    card = RateCard.objects.in_force(at)
    vat_rate = Issuer.objects.on(timezone.localdate(at)).vat_rate
    return terms_of(card, vat_rate=vat_rate, language=language)


def price_explanation(work: BillableWork) -> PriceExplanation:
    """What billing would charge for this work now, in the active language.

    A case whose logged facts contradict each other has no lines; a reason says where.
    """
    currency = work.terms.currency
    try:
        rating = rate(
            emergency_of(work), _recipient(work), issuer_rate=work.terms.vat_rate
        )
    except Refused as refused:
        problem = _("The logged facts contradict each other: %(problem)s")
        return PriceExplanation(
            currency=currency,
            lines=(),
            net=ZERO,
            vat=ZERO,
            gross=ZERO,
            reasons=(problem % {"problem": refused},),
        )
    return PriceExplanation(
        currency=currency,
        lines=tuple(_explained(rating, currency)),
        net=rating.net,
        vat=rating.vat_total,
        gross=rating.gross,
        reasons=tuple(_reasons(rating)),
    )


def _explained(rating: Rating, currency: str) -> list[PriceLine]:
    lines = [worked_line(line) for line in rating.lines]
    return [
        PriceLine(
            text=f"{line_title(line.code)}: {line_explanation(line, currency)}",
            net=line.net,
        )
        for line in lines
    ]


def _reasons(rating: Rating) -> list[str]:
    if rating.outcome is Outcome.NONE:
        reasons = [_("Nothing is charged as things stand.")]
    else:
        reasons = []
    reasons += [why_nothing(code) for code in rating.reasons]
    reasons += [doubt(code) for code in (*rating.review, *rating.blocked_by)]
    if rating.required_text:
        reasons.append(required_text(rating.required_text))
    return reasons


def _recipient(work: BillableWork) -> Recipient:
    """The account's own facts, or a domestic consumer while nobody knows better."""
    profile = (
        BillingProfile.objects.filter(account_number=work.account_number).first()
        if work.account_number
        else None
    )
    if profile is None or not profile.country:
        return Recipient(
            country=HOME_COUNTRY,
            business=work.account_kind == "business",
            vat_id=None,
            vat_id_valid=False,
        )
    return profile.recipient
