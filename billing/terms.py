"""What emergency asks of billing: the fee terms to show, and what a case would cost."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.agreements import Agreed, agreed
from billing.computing import emergency_of, worked_line
from billing.fee_text import terms_of
from billing.line_words import line_explanation, line_title
from billing.models import BillingProfile, Contract, RateCard, VatRate
from billing.rules.rating import Outcome, Rating, rate
from billing.rules.rounding import ZERO
from billing.rules.tax import HOME_COUNTRY, Recipient
from billing.rules.work import Refused
from billing.wording import doubt, required_text, why_nothing
from emergency.billable import BillableWork
from emergency.terms import Agreement, FeeTerms, PriceExplanation, PriceLine


def fee_terms(account_number: str | None, at: datetime, language: str) -> FeeTerms:
    """The terms in force at ``at``, gross at the issuer's rate, worded in ``language``.

    With an account number those of its contract: for accounts whose caller is
    confirmed, never for a page that anybody may open. Raises RateCard.DoesNotExist or
    VatRate.DoesNotExist when nothing is in force.
    """
    day = timezone.localdate(at)
    contract = (
        Contract.objects.in_force(account_number, day) if account_number else None
    )
    card, named, promise = RateCard.objects.in_force(at), "", None
    if contract is not None:
        card, named = contract.rate_card or card, f"contract-{contract.pk}/"
        promise = contract.callback_within
    return terms_of(
        card,
        vat_rate=VatRate.objects.on(day),
        language=language,
        callback_within=promise,
        agreed_in=named,
    )


def account_agreement(account_number: str, at: datetime) -> Agreement | None:
    """What the contract of this account says to whoever speaks with it; None: nothing
    that others do not have."""
    contract = Contract.objects.in_force(account_number, timezone.localdate(at))
    if contract is None:
        return None
    return Agreement(
        callback_within=contract.callback_within, may_order=tuple(contract.may_order)
    )


def price_explanation(work: BillableWork) -> PriceExplanation:
    """What billing would charge for this work now, in the active language.

    A case whose logged facts contradict each other has no lines; a reason says where.
    """
    agreement = agreed(work)
    terms = agreement.work.terms
    currency = terms.currency
    try:
        rating = rate(
            emergency_of(agreement.work), _recipient(work), issuer_rate=terms.vat_rate
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
        lines=tuple(_explained(rating, agreement, currency)),
        net=rating.net,
        vat=rating.vat_total,
        gross=rating.gross,
        reasons=tuple(_reasons(rating)),
    )


def _explained(rating: Rating, agreement: Agreed, currency: str) -> list[PriceLine]:
    lines = [
        worked_line(line, agreement.place, spared=agreement.spared)
        for line in rating.lines
    ]
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
