"""Lines of documents in words, in the language that is active when they are read.

A line is stored as code and values; this is the one place where it becomes sentences.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.wording import amount, clock, day, doubt, money


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
    def place(self) -> int | None: ...
    @property
    def places(self) -> int | None: ...
    @property
    def places_from(self) -> date | None: ...
    @property
    def places_to(self) -> date | None: ...
    @property
    def details(self) -> dict[str, Any]: ...


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
    if details.get("spared"):
        return [*sentences, *_spared_fee(line)]
    if line.place is not None and line.places_from and line.places_to:
        return [*sentences, _included_fee(line, line.places_from, line.places_to)]
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


def _included_fee(line: ExplainedLine, first: date, last: date) -> str:
    """A fee that the contract includes: which one of how many, and what was used."""
    values = {
        "place": line.place,
        "places": line.places,
        "first": day(first),
        "last": day(last),
        "minutes": line.included_minutes,
        "used": clock(min(line.worked_seconds, line.included_minutes * 60)),
    }
    if line.details.get("cover") == "any":
        said = _(
            "Included in the contract: emergency %(place)s of %(places)s from "
            "%(first)s to %(last)s, with up to %(minutes)s minutes of work. "
            "Used: %(used)s"
        )
    else:
        said = _(
            "Included in the contract: emergency %(place)s of %(places)s from "
            "%(first)s to %(last)s, with up to %(minutes)s minutes of support. "
            "Used: %(used)s"
        )
    said = said % values
    if not line.not_charged_seconds:
        return said
    more = _("The cause was the infrastructure: %(time)s of further work is free.")
    return f"{said}. {more % {'time': clock(line.not_charged_seconds)}}"


def _spared_fee(line: ExplainedLine) -> list[str]:
    """A fee that the contract includes without counting the emergency."""
    said = _(
        "Included in the contract. The cause was our infrastructure, so it does not "
        "count among the included emergencies."
    )
    if not line.not_charged_seconds:
        return [said]
    more = _("%(time)s of further work is not charged.")
    return [said, more % {"time": clock(line.not_charged_seconds)}]


def rounding_step(line: ExplainedLine, *, exact: str, net: str) -> str:
    """How the time of this line became its minutes and its amount, by the increment
    that was accepted; nothing for a line without minutes."""
    if line.minutes is None:
        return ""
    values = {
        "time": _counted_time(line),
        "minutes": line.minutes,
        "price": amount(line.unit_price),
        "exact": exact,
        "net": net,
    }
    product = (
        _("%(minutes)s × %(price)s / 60 = %(exact)s, to the cent %(net)s.") % values
    )
    return (
        f"{line_title(line.code)}: {_rounded_up(line, line.minutes, values)} {product}"
    )


def _counted_time(line: ExplainedLine) -> str:
    """What is rounded: all of it, where nothing of this work is included."""
    if line.details.get("included_seconds", line.included_minutes):
        return _("The time beyond what is included")
    return _("The whole time")


def _rounded_up(line: ExplainedLine, minutes: int, values: dict[str, Any]) -> str:
    if "least_minutes" in line.details:
        return _("%(time)s is charged with the least of %(minutes)s minutes.") % values
    increment = line.details.get("increment", "minute")
    if increment == "quarter":
        said = _(
            "%(time)s is rounded up once to started quarters of an hour: "
            "%(minutes)s minutes."
        )
    elif increment == "hour":
        said = _("%(time)s is rounded up once to started hours: %(minutes)s minutes.")
    else:
        said = ngettext(
            "%(time)s is rounded up once to %(minutes)s started minute.",
            "%(time)s is rounded up once to %(minutes)s started minutes.",
            minutes,
        )
    return said % values
