"""What emergency asks of billing: the fee terms to show, and what a case would cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.computing import emergency_of, worked_line
from billing.models import BillingProfile, Issuer, RateCard
from billing.rules.rating import Rating, rate
from billing.rules.rounding import gross_of
from billing.rules.tax import HOME_COUNTRY, Recipient
from billing.rules.work import Refused
from billing.wording import (
    doubt,
    line_explanation,
    line_title,
    money,
    required_text,
    tax_title,
)
from emergency.billable import BillableWork
from emergency.terms import FeeTerms

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


@dataclass(frozen=True, kw_only=True)
class ExplainedAmount:
    """One line as a technician or customer reads it, in the active language."""

    title: str
    explanation: str
    net: Decimal
    words: str


@dataclass(frozen=True, kw_only=True)
class PriceExplanation:
    """What will be charged for an incident and why, in the active language.

    ``document``: invoice | none | blocked. ``doubts`` are reasons why accounting looks
    first. When the logged facts contradict each other, ``problem`` says where and there
    are no lines.
    """

    document: str
    currency: str
    lines: tuple[ExplainedAmount, ...] = ()
    net: Decimal = Decimal("0.00")
    vat_total: Decimal = Decimal("0.00")
    gross: Decimal = Decimal("0.00")
    net_words: str = ""
    gross_words: str = ""
    tax_words: str = ""
    tax_note: str = ""
    doubts: tuple[str, ...] = ()
    problem: str = ""


def price_explanation(work: BillableWork) -> PriceExplanation:
    """The price of this work as billing would rate it now, explained line by line."""
    currency = work.terms.currency
    try:
        rating = rate(
            emergency_of(work), _recipient(work), issuer_rate=work.terms.vat_rate
        )
    except Refused as refused:
        return PriceExplanation(
            document="none", currency=currency, problem=str(refused)
        )
    return PriceExplanation(
        document=rating.outcome.value,
        currency=currency,
        lines=tuple(_explained(rating, currency)),
        net=rating.net,
        vat_total=rating.vat_total,
        gross=rating.gross,
        net_words=money(rating.net, currency),
        gross_words=money(rating.gross, currency),
        tax_words=", ".join(
            tax_title(tax.treatment.category.value, tax.treatment.rate)
            for tax in rating.taxes
        ),
        tax_note=required_text(rating.required_text or ""),
        doubts=tuple(doubt(code) for code in (*rating.review, *rating.blocked_by)),
    )


def _explained(rating: Rating, currency: str) -> list[ExplainedAmount]:
    lines = [worked_line(line) for line in rating.lines]
    return [
        ExplainedAmount(
            title=line_title(line.code),
            explanation=line_explanation(line, currency),
            net=line.net,
            words=money(line.net, currency),
        )
        for line in lines
    ]


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
