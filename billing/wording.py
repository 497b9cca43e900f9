"""Facts of billing in words, in the language that is active when they are read.

Lines, taxes and doubts are stored as codes and values; this is the one place where they
become sentences. Issued documents keep their words because their bytes are kept.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

CAUSES = {
    "infrastructure": lambda: _("Infrastructure"),
    "application": lambda: _("Application"),
    "other": lambda: _("Other"),
    "undetermined": lambda: _("Undetermined"),
}


class ExplainedLine(Protocol):
    """What a line must offer to be worded; rows and freshly rated lines both do."""

    @property
    def code(self) -> str: ...
    @property
    def minutes(self) -> int | None: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def worked_seconds(self) -> int: ...
    @property
    def included_minutes(self) -> int: ...
    @property
    def not_charged_seconds(self) -> int: ...
    @property
    def details(self) -> dict[str, Any]: ...


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


def line_title(code: str) -> str:
    """The name of a line."""
    titles = {
        "emergency_response_fee": _("Initial emergency response fee"),
        "support_beyond_included": _("Technical support beyond the included time"),
        "application_analysis": _("Analysis and correction in the application"),
    }
    return titles.get(code, code)


def line_explanation(line: ExplainedLine, currency: str) -> str:
    """How the line came about: what was logged, what is included, what is charged."""
    if line.minutes is None:
        return " ".join(_fee_sentences(line))
    price = money(line.unit_price, currency)
    included = line.details.get("included_seconds", line.included_minutes * 60)
    if _by_started_minutes(line):
        return _minutes_explanation(line, line.minutes, included, price)
    parts = [_("%(worked)s work") % {"worked": clock(line.worked_seconds)}]
    if included:
        parts.append(_("%(included)s included") % {"included": clock(included)})
    parts.append(_increment_explanation(line, line.minutes, price))
    return ", ".join(parts)


def _by_started_minutes(line: ExplainedLine) -> bool:
    return "increment" not in line.details and "least_minutes" not in line.details


def _minutes_explanation(
    line: ExplainedLine, minutes: int, included: int, price: str
) -> str:
    values = {
        "worked": clock(line.worked_seconds),
        "minutes": minutes,
        "price": price,
    }
    if included:
        return ngettext(
            "%(worked)s work, %(included)s included, "
            "%(minutes)s started minute × %(price)s / 60",
            "%(worked)s work, %(included)s included, "
            "%(minutes)s started minutes × %(price)s / 60",
            minutes,
        ) % {**values, "included": clock(included)}
    return (
        ngettext(
            "%(worked)s work, %(minutes)s started minute × %(price)s / 60",
            "%(worked)s work, %(minutes)s started minutes × %(price)s / 60",
            minutes,
        )
        % values
    )


def _increment_explanation(line: ExplainedLine, minutes: int, price: str) -> str:
    """What is charged, where it is not by started minutes alone."""
    values = {"minutes": minutes, "price": price}
    if "least_minutes" in line.details:
        return (
            ngettext(
                "at least %(minutes)s minute × %(price)s / 60",
                "at least %(minutes)s minutes × %(price)s / 60",
                minutes,
            )
            % values
        )
    if line.details["increment"] == "hour":
        return _("%(minutes)s minutes in started hours × %(price)s / 60") % values
    return (
        _("%(minutes)s minutes in started quarters of an hour × %(price)s / 60")
        % values
    )


def _fee_sentences(line: ExplainedLine) -> list[str]:
    """What the fee is for, and what of the work it is that costs nothing."""
    details = line.details
    sentences = []
    if details.get("waived"):
        sentences += [_("The initial fee is not charged."), doubt(details["waived"])]
    if details.get("unproven_seconds"):
        sentences.append(
            _("Nobody found the cause: %(time)s of analysis is not charged.")
            % {"time": clock(details["unproven_seconds"])}
        )
    if details.get("free_seconds"):
        sentences.append(
            _("%(time)s of work after our free support had opened is not charged.")
            % {"time": clock(details["free_seconds"])}
        )
    if line.not_charged_seconds:
        sentences.append(
            _(
                "The cause was the infrastructure: only the initial fee is charged. "
                "%(time)s of further work is not charged."
            )
            % {"time": clock(line.not_charged_seconds)}
        )
    else:
        sentences.append(_what_the_fee_covers(line))
    return sentences


def _what_the_fee_covers(line: ExplainedLine) -> str:
    values = {
        "minutes": line.included_minutes,
        "used": clock(min(line.worked_seconds, line.included_minutes * 60)),
    }
    if line.details.get("cover") == "any":
        return (
            _("Per emergency, with up to %(minutes)s minutes of work. Used: %(used)s")
            % values
        )
    return (
        _("Per emergency, with up to %(minutes)s minutes of support. Used: %(used)s")
        % values
    )


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
