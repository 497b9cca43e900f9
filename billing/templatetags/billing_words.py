"""Billing's words in templates."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings

from billing import payment_words, wording
from billing.actions.refusal import reason
from billing.models import DocumentLine, DocumentTax, Hold

register = template.Library()

register.filter("line_title", wording.line_title)
register.filter("cause", wording.cause)
register.filter("age_title", payment_words.age)
register.filter("match_reason", payment_words.match_reason)
register.filter("clock", wording.clock)
register.filter("required_text", wording.required_text)
register.filter("refusal_reason", reason)


@register.filter
def day(value: date | None) -> str:
    """A day in the reader's language; nothing for no day."""
    return wording.day(value) if value else ""


@register.filter
def month(value: date | None) -> str:
    """A month in the reader's language; nothing for none."""
    return wording.month(value) if value else ""


@register.filter
def money(value: Decimal, currency: str = "EUR") -> str:
    """An amount with its currency."""
    return wording.money(value, currency)


@register.filter
def amount(value: Decimal) -> str:
    """An amount without its currency."""
    return wording.amount(value)


@register.filter
def line_explanation(line: DocumentLine, currency: str) -> str:
    """How a line came about."""
    return wording.line_explanation(line, currency)


@register.filter
def tax_title(tax: DocumentTax) -> str:
    """The name of a tax row."""
    return wording.tax_title(tax.category, tax.rate)


@register.filter
def instant(value: str | datetime | None) -> str:
    """A stored instant in the operator's zone."""
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return wording.local_time(at)


@register.filter
def hold_reason(code: str) -> str:
    """The sentence of a reason for a hold, also one that is only named in a step."""
    labels = dict(Hold.Reason.choices)
    return str(labels.get(code, reason(code)))


@register.filter
def badge(status: str) -> str:
    """The badge's look for a status of a document or a transmission."""
    looks = {
        "draft": "wait",
        "approved": "calm",
        "issued": "calm",
        "transmitted": "good",
        "settled": "good",
        "due": "wait",
        "sending": "wait",
        "sent": "good",
        "failed": "bad",
        "making": "wait",
        "made": "good",
        "dropped": "",
        "open": "wait",
        "booked": "good",
        "set_aside": "",
        "exact": "good",
        "suggested": "wait",
        "not_due": "calm",
        "to_30": "wait",
        "to_60": "warn",
        "to_90": "warn",
        "over_90": "bad",
        "bounced": "bad",
    }
    return looks.get(status, "")


@register.filter
def lasted(entry: dict[str, Any]) -> str:
    """The length of a time entry in a snapshot."""
    start = datetime.fromisoformat(entry["started_at"])
    end = datetime.fromisoformat(entry["ended_at"])
    return wording.clock(end - start)


@register.simple_tag
def payments_on() -> bool:
    """Whether this installation keeps payments and open items."""
    return bool(settings.BILLING_PAYMENTS)
