"""Billing's words in templates."""

from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.defaultfilters import yesno
from django.utils import formats

from billing import hold_words, line_words, payment_words, wording
from billing.actions.refusal import reason
from billing.models import (
    BillingProfile,
    DocumentLine,
    DocumentTax,
    HandOver,
    Hold,
    Transmission,
)
from billing.rules.roles import ACCOUNTING

register = template.Library()

register.filter("line_title", line_words.line_title)
register.filter("hold_detail", hold_words.detail_words)
register.filter("cause", wording.cause)
register.filter("percent", wording.percent)
register.filter("age_title", payment_words.age)
register.filter("match_reason", payment_words.match_reason)
register.filter("clock", wording.clock)
register.filter("percent", wording.percent)
register.filter("required_text", wording.required_text)
register.filter("refusal_reason", reason)


@register.filter
def may_change(user: Any) -> bool:
    """Whether pages of billing offer this person something to do."""
    return getattr(user, "role", None) in ACCOUNTING


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
    return line_words.line_explanation(line, currency)


@register.filter
def exact(value: Decimal) -> str:
    """An amount with the places that rounding has taken away; where four do not say it
    all, dots."""
    shown = value.quantize(Decimal("0.0001"), rounding=ROUND_DOWN)
    places = max(2, -int(shown.normalize().as_tuple().exponent))
    text = formats.number_format(shown, places, use_l10n=True)
    return text if shown == value else f"{text}…"


def _exact_product(line: DocumentLine) -> str:
    """The product behind a line of minutes, before it is rounded to the cent."""
    return exact(Decimal(line.minutes or 0) * line.unit_price / 60)


@register.simple_tag
def rounding_step(line: DocumentLine, currency: str) -> str:
    """How the time of a line became its minutes and its amount."""
    net = wording.money(line.net, currency)
    return line_words.rounding_step(line, exact=_exact_product(line), net=net)


@register.filter
def money_text(value: str, currency: str = "EUR") -> str:
    """An amount that was written into the history."""
    return wording.money(Decimal(value), currency)


@register.filter
def kind_title(code: str) -> str:
    """The name of a kind of work."""
    return wording.kind_title(code)


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


@register.simple_tag
def hands_over() -> bool:
    """Whether documents go to the operator's own billing system."""
    return bool(settings.BILLING_MODE == "hand_over")


@register.filter
def transmission_kind(kind: str) -> str:
    """The way in which something was sent."""
    return str(dict(Transmission.Kind.choices).get(kind, kind))


@register.filter
def status_there(status: str) -> str:
    """How far a document is in the operator's own billing system."""
    return str(dict(HandOver.Status.choices).get(status, status))


@register.filter
def field_label(name: str) -> str:
    """The name of a field of the billing profile."""
    names = {f.attname: f.verbose_name for f in BillingProfile._meta.concrete_fields}
    return str(names.get(name, name))


@register.filter
def field_words(field: BoundField) -> str:
    """What a field of a form holds, as its reader would choose it; a dash for
    nothing."""
    value = field.value()
    if isinstance(value, bool):
        return str(yesno(value))
    titles = dict(getattr(field.field, "choices", ()))
    values = value if isinstance(value, list) else [value]
    words = [str(titles.get(one, one)) for one in values if one not in (None, "")]
    return ", ".join(words) or "–"


@register.filter
def badge(status: str) -> str:
    """The badge's look for a status of a document, a transmission, a hand-over or a
    check."""
    looks = {
        "draft": "wait",
        "approved": "calm",
        "issued": "calm",
        "transmitted": "good",
        "settled": "good",
        "handed_over": "calm",
        "due": "wait",
        "sending": "wait",
        "sent": "good",
        "failed": "bad",
        "waiting": "wait",
        "accepted": "calm",
        "paid": "good",
        "refused": "bad",
        "cancelled": "warn",
        "valid": "good",
        "invalid": "bad",
        "asking": "wait",
        "done": "good",
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
