"""A rate card in the words that a customer accepts: price, promise and how it is read.

Every reading of the card's policy that a customer can meet is said here; what only
decides whether a person looks first is not.
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import RateCard
from billing.rules.policy import (
    Cover,
    FeeRule,
    FreeHours,
    Infrastructure,
    RatingPolicy,
    Undetermined,
)
from billing.rules.rounding import gross_of, started_minutes
from billing.wording import increment_words, money
from emergency.terms import FeeTerms

# Raised whenever a sentence below changes its meaning.
WORDING = 2


def terms_of(card: RateCard, *, vat_rate: Decimal, language: str) -> FeeTerms:
    """The card as fee terms, gross at this rate, worded in ``language``."""
    policy = card.rating_policy
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
            covered=tuple(_covered(card, policy)),
            not_covered=tuple(_not_covered(card, policy, vat_rate)),
            price_sentence=_price_sentence(card, policy, vat_rate),
            increment_minutes=policy.increment.minutes,
            rating_policy=policy.to_values(),
        )


def _prices(net: Decimal, card: RateCard, vat_rate: Decimal) -> dict[str, str]:
    return {
        "net": money(net, card.currency),
        "gross": money(gross_of(net, vat_rate), card.currency),
        "increment": increment_words(card.rating_policy.increment.minutes),
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


def _covered(card: RateCard, policy: RatingPolicy) -> list[str]:
    included = {"minutes": _minutes(card.included_minutes)}
    promised = {"time": _length(card.callback_within)}
    if policy.included_cover is Cover.ANY:
        sentences = [
            _("Up to %(minutes)s of work by the technician on call, of any kind.")
            % included
        ]
    else:
        sentences = [
            _("Up to %(minutes)s of technical support by the technician on call.")
            % included
        ]
    sentences.append(
        _("A technician calls you back within %(time)s, day and night.") % promised
    )
    if policy.late_callback is FeeRule.WAIVE:
        sentences.append(
            _("If we call you back later than that, you do not pay the initial fee.")
        )
    sentences += [
        _("You hear how the network and your server are doing."),
        _("If the application is not the cause, we start to repair at once."),
    ]
    if policy.undetermined is Undetermined.NO_ANALYSIS:
        sentences.append(
            _("If nobody finds the cause, analysis of the application costs nothing.")
        )
    if policy.into_free_hours is FreeHours.STOP:
        sentences.append(
            _("As soon as our free support opens again, work on it costs nothing more.")
        )
    return sentences


def _not_covered(card: RateCard, policy: RatingPolicy, vat_rate: Decimal) -> list[str]:
    analysis = _prices(card.application_analysis_hourly, card, vat_rate)
    sentences = [
        _(
            "Support beyond the included time: %(net)s per hour plus VAT "
            "(%(gross)s with VAT), charged per %(increment)s."
        )
        % _prices(card.support_hourly, card, vat_rate)
    ]
    if policy.included_cover is Cover.ANY:
        sentences.append(
            _(
                "Analysis and correction of problems in the application beyond the "
                "included time: %(net)s per hour plus VAT (%(gross)s with VAT), "
                "charged per %(increment)s."
            )
            % analysis
        )
    else:
        sentences.append(
            _(
                "Analysis and correction of problems in the application: %(net)s per "
                "hour plus VAT (%(gross)s with VAT) from the first minute, charged per "
                "%(increment)s."
            )
            % analysis
        )
    least = started_minutes(
        timedelta(minutes=policy.minimum_minutes), policy.increment.minutes
    )
    if least > policy.increment.minutes:
        sentences.append(
            _("Of each kind of such work, at least %(minutes)s are charged.")
            % {"minutes": _minutes(least)}
        )
    return sentences


def _price_sentence(card: RateCard, policy: RatingPolicy, vat_rate: Decimal) -> str:
    prices = _prices(card.initial_fee, card, vat_rate)
    if policy.infrastructure is Infrastructure.NOTHING:
        return (
            _(
                "The initial fee is %(net)s plus VAT (%(gross)s with VAT), at any time "
                "and on any day. If the infrastructure was the cause, you pay nothing."
            )
            % prices
        )
    return (
        _(
            "The initial fee is %(net)s plus VAT (%(gross)s with VAT), at any time and "
            "on any day. If the infrastructure was the cause, you pay only this fee."
        )
        % prices
    )
