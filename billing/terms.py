"""What emergency asks of billing: the fee terms to show, and what a case would cost."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.computing import emergency_of, worked_line
from billing.models import BillingProfile, Issuer, RateCard
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
from emergency.terms import FeeTerms, PriceExplanation, PriceLine

# Raised whenever a sentence below changes its meaning.
WORDING = 1


def fee_terms(account_number: str | None, at: datetime, language: str) -> FeeTerms:
    """The terms in force at ``at``, gross at the issuer's rate, worded in ``language``.

    Every account has the same card so far. Raises RateCard.DoesNotExist or
    Issuer.DoesNotExist when nothing is in force.
    """
    card = RateCard.objects.in_force(at)
    vat_rate = Issuer.objects.on(timezone.localdate(at)).vat_rate
    with translation.override(language):
        return FeeTerms(
            version=f"card-{card.pk}/vat-{vat_rate}/wording-{WORDING}",
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
            callback_within=card.callback_within,
            covered=_covered(card),
            not_covered=_not_covered(card, vat_rate),
            price_sentence=_price_sentence(card, vat_rate),
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


def _covered(card: RateCard) -> tuple[str, ...]:
    return (
        _("Up to %(minutes)s of technical support by the technician on call.")
        % {"minutes": _minutes(card.included_minutes)},
        _("A technician calls you back within %(time)s, day and night.")
        % {"time": _length(card.callback_within)},
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
