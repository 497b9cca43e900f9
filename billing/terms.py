"""What emergency asks of billing: the fee terms to show, and what a case would cost."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.agreements import agreed
from billing.computing import emergency_of, worked_line
from billing.models import BillingProfile, Contract, RateCard, VatRate
from billing.rules.allowance import Place
from billing.rules.rating import Outcome, Rating, rate
from billing.rules.rounding import ZERO, gross_of
from billing.rules.tax import HOME_COUNTRY, Recipient
from billing.rules.work import Refused
from billing.wording import (
    doubt,
    line_explanation,
    line_title,
    money,
    required_text,
)
from emergency.billable import BillableWork
from emergency.terms import Agreement, FeeTerms, PriceExplanation, PriceLine

# Raised whenever a sentence below changes its meaning.
WORDING = 1


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
    card, named = RateCard.objects.in_force(at), ""
    if contract is not None:
        card, named = contract.rate_card or card, f"contract-{contract.pk}/"
    callback_within = card.callback_within
    if contract is not None and contract.callback_within is not None:
        callback_within = contract.callback_within
    vat_rate = VatRate.objects.on(day)
    with translation.override(language):
        return FeeTerms(
            version=f"{named}card-{card.pk}/vat-{vat_rate}/wording-{WORDING}",
            language=language,
            currency=card.currency,
            initial_fee_net=card.initial_fee,
            initial_fee_gross=gross_of(card.initial_fee, vat_rate),
            included_minutes=card.included_minutes,
            support_hourly_net=card.support_hourly,
            support_hourly_gross=gross_of(card.support_hourly, vat_rate),
            application_analysis_hourly_net=card.application_analysis_hourly,
            application_analysis_hourly_gross=gross_of(
                card.application_analysis_hourly, vat_rate
            ),
            vat_rate=vat_rate,
            callback_within=callback_within,
            covered=_covered(card, callback_within),
            not_covered=_not_covered(card, vat_rate),
            price_sentence=_price_sentence(card, vat_rate),
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


def _prices(net: Decimal, card: RateCard, vat_rate: Decimal) -> dict[str, str]:
    return {
        "net": money(net, card.currency),
        "gross": money(gross_of(net, vat_rate), card.currency),
    }


def _minutes(count: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}


def _length(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    if seconds % 60 == 0:
        return _minutes(seconds // 60)
    return ngettext("%(count)s second", "%(count)s seconds", seconds) % {
        "count": seconds
    }


def _covered(card: RateCard, callback_within: timedelta) -> tuple[str, ...]:
    return (
        _("Up to %(minutes)s of technical support by the technician on call.")
        % {"minutes": _minutes(card.included_minutes)},
        _("A technician calls you back within %(time)s, day and night.")
        % {"time": _length(callback_within)},
        _("You hear how the network and your server are doing."),
        _("If the application is not the cause, we start to repair at once."),
    )


def _not_covered(card: RateCard, vat_rate: Decimal) -> tuple[str, ...]:
    return (
        _(
            "Support beyond the included time: %(net)s per hour plus VAT "
            "(%(gross)s with VAT), charged per started minute."
        )
        % _prices(card.support_hourly, card, vat_rate),
        _(
            "Analysis and correction of problems in the application: %(net)s per hour "
            "plus VAT (%(gross)s with VAT) from the first minute, charged per started "
            "minute."
        )
        % _prices(card.application_analysis_hourly, card, vat_rate),
    )


def _price_sentence(card: RateCard, vat_rate: Decimal) -> str:
    return _(
        "The initial fee is %(net)s plus VAT (%(gross)s with VAT), at any time and on "
        "any day. If the infrastructure was the cause, you pay only this fee."
    ) % _prices(card.initial_fee, card, vat_rate)


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
        lines=tuple(_explained(rating, agreement.place, currency)),
        net=rating.net,
        vat=rating.vat_total,
        gross=rating.gross,
        reasons=tuple(_reasons(rating)),
    )


def _explained(rating: Rating, place: Place | None, currency: str) -> list[PriceLine]:
    lines = [worked_line(line, place) for line in rating.lines]
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
