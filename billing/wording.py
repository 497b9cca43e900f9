"""Facts of billing in words, in the language that is active when they are read.

Taxes and doubts are stored as codes and values; here they become sentences, as lines do
in `billing.line_words`. Issued documents keep their words because their bytes are kept.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

CAUSES = {
    "infrastructure": lambda: _("Infrastructure"),
    "application": lambda: _("Application"),
    "other": lambda: _("Other"),
    "undetermined": lambda: _("Undetermined"),
}


def amount(value: Decimal) -> str:
    """1234.5 as 1,234.50 or 1.234,50; a true minus sign."""
    text = formats.number_format(abs(value), 2, use_l10n=True, force_grouping=True)
    return f"\N{MINUS SIGN}{text}" if value < 0 else text


def money(value: Decimal, currency: str) -> str:
    """An amount with its currency, never broken over two lines."""
    return f"{amount(value)}\N{NO-BREAK SPACE}{currency}"


def percent(rate: Decimal) -> str:
    """20.00 as 20 %, 7.70 as 7.7 % or 7,7 %."""
    places = 0 if rate == rate.to_integral_value() else 2
    text = formats.number_format(rate, places, use_l10n=True)
    return f"{text}\N{NO-BREAK SPACE}%"


def clock(length: timedelta | int) -> str:
    """A duration as minutes and seconds: 40:00, 120:05; a started second counts."""
    seconds = length if isinstance(length, int) else -(-length // timedelta(seconds=1))
    return f"{seconds // 60}:{seconds % 60:02d}"


def day(value: date) -> str:
    """A day as 5 Mar 2026 or 05.03.2026."""
    return formats.date_format(value, pgettext("date format", "j M Y"))


def month(value: date) -> str:
    """A month as March 2026 or März 2026."""
    return formats.date_format(value, "F Y")


def local_time(instant: datetime) -> str:
    """Date and time in the operator's zone, in the active language."""
    local = timezone.localtime(instant)
    return formats.date_format(local, pgettext("date format", "j M Y, H:i"))


def cause(code: str) -> str:
    """The cause in words; an unknown code stays as it is."""
    words = CAUSES.get(code)
    return words() if words else code


def kind_title(code: str) -> str:
    """The name of a kind of work; an unknown code stays as it is."""
    names = {"support": _("Support"), "application_analysis": _("Application analysis")}
    return names.get(code, code)


def matter(code: str) -> str:
    """What a customer objects to; what accounting wrote itself stays as it is."""
    matters = {
        "cause": _("The cause"),
        "time": _("The time"),
        "invoice": _("The invoice"),
    }
    return matters.get(code, code)


def increment_words(minutes: int) -> str:
    """What is charged once it has begun, after "per"."""
    words = {
        15: _("started quarter of an hour"),
        60: _("started hour"),
    }
    return words.get(minutes, _("started minute"))


def record_name(code: str) -> str:
    """The name of a record that goes with an invoice."""
    names = {
        "order_record": _("Order record"),
        "callback_record": _("Callback record"),
    }
    return names.get(code, code)


def tax_title(category: str, rate: Decimal | None) -> str:
    """The name of a tax row."""
    if category == "AE":
        return _("VAT: reverse charge")
    if category == "O" or rate is None:
        return _("VAT: not taxable in Austria")
    return _("VAT %(rate)s") % {"rate": percent(rate)}


def required_text(code: str) -> str:
    """The sentence the law wants on a document without tax; empty when none is due."""
    texts = {
        "reverse_charge": _(
            "The recipient owes the tax (reverse charge). "
            "Steuerschuldnerschaft des Leistungsempfängers."
        ),
        "not_taxable_in_austria": _(
            "Not taxable in Austria: the place of supply is the recipient's "
            "place of business (section 3a (6) of the Austrian VAT act)."
        ),
    }
    return texts.get(code, "")


def doubt(code: str) -> str:
    """A reason to look before issue, in one sentence."""
    texts = {
        "cause_undetermined": _("The cause is undetermined."),
        "callback_missed": _("The callback came after the deadline."),
        "callback_never_made": _("The customer was never called back."),
        "customer_not_reached": _("The customer could not be reached in time."),
        "recipient_vat_id_invalid": _("The VAT id is missing or not confirmed."),
        "recipient_vat_id_required": _("The law wants the recipient's VAT id."),
        "cancelled_before_callback": _("The customer cancelled before the callback."),
        "maintenance_window": _("A maintenance window was about this server."),
        "maintenance_overrun": _(
            "A maintenance window of this server ran over its announced end."
        ),
        "into_free_hours": _("The work ran on into the hours of free support."),
        "disposition_not_an_emergency": _("It turned out to be no emergency."),
        "disposition_duplicate": _("It was reported twice."),
        "disposition_withdrawn": _("The customer took the report back."),
        "disposition_prank": _("It was a prank."),
        "disposition_drill": _("It was a drill."),
    }
    return texts.get(code, code)


def why_nothing(code: str) -> str:
    """Why an emergency is not charged, in one sentence."""
    texts = {
        "cancelled_free": _("The order was cancelled free of charge."),
        "infrastructure_free": _(
            "The cause was the infrastructure: then nothing is charged."
        ),
        "below_least_amount": _("It comes to less than we invoice."),
    }
    return texts.get(code) or doubt(code.removeprefix("fee_waived_"))


def country(code: str) -> str:
    """The name of a country we often write to; another one by its code."""
    names = {
        "AT": _("Austria"),
        "CH": _("Switzerland"),
        "CZ": _("Czechia"),
        "DE": _("Germany"),
        "FR": _("France"),
        "HU": _("Hungary"),
        "IT": _("Italy"),
        "LI": _("Liechtenstein"),
        "NL": _("Netherlands"),
        "PL": _("Poland"),
        "SI": _("Slovenia"),
        "SK": _("Slovakia"),
    }
    return names.get(code, code)
