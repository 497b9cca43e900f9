"""What a hold says besides its reason: stored as facts, worded when it is read."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import ngettext

from billing import wording
from billing.models import BillingProfile, Hold

INSTANT = "%Y-%m-%d %H:%M UTC"


def detail_words(hold: Hold) -> str:
    """The detail in the reader's language: fields and matters by their names, amounts
    and times as they are written elsewhere. What is not understood stays as it is."""
    words = WORDS.get(hold.reason)
    return words(hold.detail) if words and hold.detail else hold.detail


def _fields(detail: str) -> str:
    return ", ".join(map(field_name, detail.split(", ")))


def field_name(name: str) -> str:
    """What the billing profile calls this field."""
    try:
        field = BillingProfile._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return str(getattr(field, "verbose_name", name))


def _matters(detail: str) -> str:
    return ", ".join(map(wording.matter, detail.split(", ")))


def _reports(detail: str) -> str:
    if not detail.isdecimal():
        return detail
    count = int(detail)
    return ngettext("%(count)s report", "%(count)s reports", count) % {"count": count}


def _amount(detail: str) -> str:
    value, _, currency = detail.partition(" ")
    with suppress(InvalidOperation):
        return wording.money(Decimal(value), currency)
    return detail


def _instant(detail: str) -> str:
    with suppress(ValueError):
        at = datetime.strptime(detail, INSTANT).replace(tzinfo=UTC)
        return wording.local_time(at)
    return detail


WORDS: Mapping[str, Callable[[str], str]] = {
    Hold.Reason.RECIPIENT_INCOMPLETE: _fields,
    Hold.Reason.CUSTOMER_OBJECTS: _matters,
    Hold.Reason.MERGED_REPORTS: _reports,
    Hold.Reason.BEYOND_COST_LIMIT: _amount,
    Hold.Reason.AMOUNT_LARGE: _amount,
    Hold.Reason.CONTRACT_WITHDRAWN: _instant,
}
