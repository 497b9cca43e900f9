"""The fee terms: their shape, and the door to whoever sets the prices.

Emergency knows no rate card. It asks the callable named by the setting ``FEE_TERMS``
and stores the answer word for word beside the consent. When that callable fails, the
last good terms are used and the incident is marked: a customer whose server is down is
never turned away because billing is broken.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from emergency.copies import keep_copy, last_copy

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FeeTerms:
    """What an emergency costs and promises, as shown to one customer in one language.

    Amounts are Decimal in ``currency`` with two places; hourly amounts are per hour and
    rated per started increment of so many minutes. ``callback_within`` is the promise,
    counted from the order. ``version`` names the rate card and the wording; two terms
    with the same version and language are the same terms. ``rating_policy`` is how
    billing reads them; emergency keeps it with the order and does not look inside.
    """

    version: str
    language: str
    currency: str
    initial_fee_net: Decimal
    initial_fee_gross: Decimal
    included_minutes: int
    support_hourly_net: Decimal
    support_hourly_gross: Decimal
    application_analysis_hourly_net: Decimal
    application_analysis_hourly_gross: Decimal
    vat_rate: Decimal
    callback_within: timedelta
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]
    price_sentence: str
    increment_minutes: int = 1
    rating_policy: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The terms as plain JSON values; ``from_json`` gives back an equal object."""
        return {
            "version": self.version,
            "language": self.language,
            "currency": self.currency,
            "initial_fee_net": str(self.initial_fee_net),
            "initial_fee_gross": str(self.initial_fee_gross),
            "included_minutes": self.included_minutes,
            "support_hourly_net": str(self.support_hourly_net),
            "support_hourly_gross": str(self.support_hourly_gross),
            "application_analysis_hourly_net": str(
                self.application_analysis_hourly_net
            ),
            "application_analysis_hourly_gross": str(
                self.application_analysis_hourly_gross
            ),
            "vat_rate": str(self.vat_rate),
            "callback_within_seconds": self.callback_within.total_seconds(),
            "covered": list(self.covered),
            "not_covered": list(self.not_covered),
            "price_sentence": self.price_sentence,
            "increment_minutes": self.increment_minutes,
            "rating_policy": dict(self.rating_policy),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "FeeTerms":
        """The terms that ``to_json`` wrote. Raises KeyError for a missing value."""
        return cls(
            version=data["version"],
            language=data["language"],
            currency=data["currency"],
            initial_fee_net=Decimal(data["initial_fee_net"]),
            initial_fee_gross=Decimal(data["initial_fee_gross"]),
            included_minutes=int(data["included_minutes"]),
            support_hourly_net=Decimal(data["support_hourly_net"]),
            support_hourly_gross=Decimal(data["support_hourly_gross"]),
            application_analysis_hourly_net=Decimal(
                data["application_analysis_hourly_net"]
            ),
            application_analysis_hourly_gross=Decimal(
                data["application_analysis_hourly_gross"]
            ),
            vat_rate=Decimal(data["vat_rate"]),
            callback_within=timedelta(seconds=data["callback_within_seconds"]),
            covered=tuple(data["covered"]),
            not_covered=tuple(data["not_covered"]),
            price_sentence=data["price_sentence"],
            # Orders from before rating policies were all read by the standard one.
            increment_minutes=int(data.get("increment_minutes", 1)),
            rating_policy=dict(data.get("rating_policy", {})),
        )


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """One line of what would be charged: words in the reader's language, net amount."""

    text: str
    net: Decimal


@dataclass(frozen=True, kw_only=True)
class PriceExplanation:
    """What an incident costs as things stand, and why.

    Amounts are Decimal in ``currency``, two places. ``reasons`` are sentences in the
    reader's language: why something is or is not charged, or what is still missing.
    """

    currency: str
    lines: tuple[PriceLine, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    reasons: tuple[str, ...] = ()


def price_explanation(work: object) -> PriceExplanation | None:
    """What closing would charge, by the callable named in ``PRICE_EXPLANATION``.

    ``work`` is a ``BillableWork``. None when nobody can say: a broken price must never
    keep a technician from closing.
    """
    try:
        source = cast(
            Callable[[object], PriceExplanation | None],
            import_string(settings.PRICE_EXPLANATION),
        )
        return source(work)
    except Exception:
        logger.exception("the price cannot be explained")
        return None


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What was agreed with one account, for the eyes of staff.

    ``callback_within``: its own promise, None if it is that of everybody.
    ``may_order``: full names; none: whoever a technician confirms.
    """

    callback_within: timedelta | None = None
    may_order: tuple[str, ...] = ()


def account_agreement(*, account_number: str, at: datetime) -> Agreement | None:
    """What the account agreed on, by the callable named in ``ACCOUNT_AGREEMENT``.

    None when there is nothing, or nobody can say: no case waits for a contract. Not
    for public pages: nothing there depends on an account.
    """
    try:
        source = cast(
            Callable[[str, datetime], Agreement | None],
            import_string(settings.ACCOUNT_AGREEMENT),
        )
        with transaction.atomic():
            return source(account_number, at)
    except Exception:
        logger.exception("the agreement with an account cannot be read")
        return None


class NoTerms(Exception):
    """No fee terms can be had, not even an old copy: nothing may be sold."""


@dataclass(frozen=True, kw_only=True)
class OfferedTerms:
    """The terms to show, and whether they came fresh from their source."""

    terms: FeeTerms
    fresh: bool


def offered_terms(
    *, account_number: str | None, at: datetime, language: str, keep: bool = True
) -> OfferedTerms:
    """The fee terms in force at ``at`` for this account (None: a caller nobody knows).

    Falls back to the last good copy on disk and says so. Raises NoTerms when there has
    never been a good answer. Without ``keep`` the copy on disk stays as it is.
    """
    try:
        source = cast(
            Callable[[str | None, datetime, str], FeeTerms],
            import_string(settings.FEE_TERMS),
        )
        terms = source(account_number, at, language)
    except Exception:
        logger.exception("fee terms cannot be read, using the last good copy")
        return OfferedTerms(terms=_last_good(language), fresh=False)
    if keep and account_number is None:
        _keep(terms)
    return OfferedTerms(terms=terms, fresh=True)


def _copy_path(language: str) -> Path:
    return settings.DATA_DIR / "terms" / f"{language}.json"


def _last_good(language: str) -> FeeTerms:
    try:
        return FeeTerms.from_json(last_copy(_copy_path(language)))
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise NoTerms from error


_kept: dict[str, FeeTerms] = {}


def _keep(terms: FeeTerms) -> None:
    """Write the copy when it changed."""
    if _kept.get(terms.language) == terms:
        return
    if keep_copy(_copy_path(terms.language), terms.to_json()):
        _kept[terms.language] = terms
