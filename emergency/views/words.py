"""Amounts, times and windows as the customer's pages say them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from emergency.queries.amounts import increment_words, money, percent
from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class Prices:
    """The fee terms in words of the active language, gross first."""

    fee_gross: str
    fee_net: str
    vat_rate: str
    included_minutes: int
    promised_minutes: int
    support_gross: str
    support_net: str
    analysis_gross: str
    analysis_net: str
    same_rate: bool
    increment: str


def prices(terms: FeeTerms) -> Prices:
    """Every amount of the terms, ready to be read."""
    currency = terms.currency
    return Prices(
        fee_gross=money(terms.initial_fee_gross, currency),
        fee_net=money(terms.initial_fee_net, currency),
        vat_rate=percent(terms.vat_rate),
        included_minutes=terms.included_minutes,
        promised_minutes=int(terms.callback_within.total_seconds() // 60),
        support_gross=money(terms.support_hourly_gross, currency),
        support_net=money(terms.support_hourly_net, currency),
        analysis_gross=money(terms.application_analysis_hourly_gross, currency),
        analysis_net=money(terms.application_analysis_hourly_net, currency),
        same_rate=(
            terms.support_hourly_net == terms.application_analysis_hourly_net
            and terms.support_hourly_gross == terms.application_analysis_hourly_gross
        ),
        increment=increment_words(terms.increment_minutes),
    )


def file_limits() -> dict[str, int]:
    """How many files a customer may add, and megabytes of each at most."""
    return {
        "most": settings.ATTACHMENTS_MOST,
        "megabytes": settings.ATTACHMENT_MEGABYTES,
    }


def moment(instant: datetime, now: datetime) -> str:
    """02:41 in the operator's zone; the day too when it is not today."""
    local = timezone.localtime(instant)
    if local.date() == timezone.localtime(now).date():
        return formats.date_format(local, "H:i")
    return formats.date_format(local, pgettext("day and time", "j F, H:i"))


def by_moment(instant: datetime, now: datetime) -> str:
    """The moment as it follows the word "by" ("bis")."""
    local = timezone.localtime(instant)
    if local.date() == timezone.localtime(now).date():
        return formats.date_format(local, "H:i")
    return _("%(time)s on %(day)s") % {
        "time": formats.date_format(local, "H:i"),
        "day": formats.date_format(local, pgettext("day", "j F")),
    }


def day_and_time(instant: datetime) -> str:
    """Sunday, 22 November, 23:10 in the operator's zone."""
    local = timezone.localtime(instant)
    return formats.date_format(local, pgettext("weekday and time", "l, j F, H:i"))


def how_long(seconds: float) -> str:
    """8 h 50 min, or 3 days and 8 h; at least one minute."""
    minutes = max(1, int(seconds // 60))
    hours, rest = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        count = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        if not hours_left:
            return count
        return _("%(days)s and %(hours)d h") % {"days": count, "hours": hours_left}
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
