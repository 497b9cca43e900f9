"""A rating policy from plain values: from a stored card, or from a file of cases.

A file names the readings by their letters (``A1`` … ``A22``) in a sentence each. A
sentence is understood by its telling word; a reading that the product does not offer is
refused, because pricing it in another way would be wrong without a sign.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from billing.rules.fields import Fields
from billing.rules.policy import (
    STANDARD,
    CaseRule,
    Cover,
    FeeRule,
    FreeHours,
    IncludedPlace,
    Increment,
    Infrastructure,
    RatingPolicy,
    Undetermined,
)
from billing.rules.work import Refused

CHOICES: Mapping[str, type[StrEnum]] = {
    "increment": Increment,
    "included_cover": Cover,
    "infrastructure": Infrastructure,
    "infrastructure_place": IncludedPlace,
    "undetermined": Undetermined,
    "late_callback": FeeRule,
    "customer_not_reached": FeeRule,
    "late_cancellation": FeeRule,
    "maintenance": FeeRule,
    "into_free_hours": FreeHours,
    "not_an_emergency": CaseRule,
    "duplicate": CaseRule,
    "withdrawn": CaseRule,
    "prank": CaseRule,
}


@dataclass(frozen=True)
class _Said:
    """A telling word of a sentence, and what it sets (nothing: the fixed reading)."""

    word: str
    field: str = ""
    value: str = ""


# The first telling word that occurs decides; a sentence with none is not offered.
READINGS: Mapping[str, tuple[_Said, ...]] = {
    "A1": (
        _Said("quarter", "increment", "quarter"),
        _Said("15", "increment", "quarter"),
        _Said("started minute", "increment", "minute"),
        _Said("per minute", "increment", "minute"),
        _Said("hour", "increment", "hour"),
    ),
    "A2": (_Said("person"),),
    "A3": (
        _Said("any", "included_cover", "any"),
        _Said("support", "included_cover", "support"),
    ),
    "A4": (
        _Said("nothing", "infrastructure", "nothing"),
        _Said("fee only", "infrastructure", "fee"),
        _Said("only the initial fee", "infrastructure", "fee"),
    ),
    "A5": (_Said("waived"), _Said("non-billable")),
    "A6": (
        _Said("as application", "undetermined", "application"),
        _Said("like application", "undetermined", "application"),
        _Said("analysis not", "undetermined", "no_analysis"),
    ),
    "A7": (_Said("beyond"),),
    "A8": (_Said("due"),),
    "A9": (
        _Said("review", "late_callback", "review"),
        _Said("waive", "late_callback", "waive"),
        _Said("late callback: charge", "late_callback", "charge"),
    ),
    "A10": (_Said("fee"),),
    "A11": (_Said("one fee"),),
    "A12": (_Said("elapsed"),),
    "A13": (
        _Said("review", "late_cancellation", "review"),
        _Said("hold", "late_cancellation", "review"),
        _Said("waive", "late_cancellation", "waive"),
        _Said("due", "late_cancellation", "charge"),
    ),
    "A14": (_Said("besides"), _Said("in addition to the fee")),
    "A15": (_Said("once per rate"),),
    "A16": (_Said("sum seconds"), _Said("add seconds"), _Said("summed")),
    "A17": (_Said("logged"),),
    "A18": (_Said("refused"),),
    "A19": (_Said("trigger"),),
    "A20": (_Said("finished"),),
    "A21": (_Said("valid"),),
    "A22": (_Said("10000"), _Said("10,000")),
}


def read_policy(
    value: object, path: str = "policy", around: RatingPolicy = STANDARD
) -> RatingPolicy:
    """The policy by field names, by letters, or both; what is not named is as in
    ``around``.

    Raises Refused naming what is unknown or not offered.
    """
    if value is None:
        return around
    fields = Fields(value, path)
    named: dict[str, Any] = {}
    for key in value if isinstance(value, Mapping) else ():
        named |= _letter(fields, key) if key in READINGS else _field(fields, key)
    return replace(around, **named)


def _letter(fields: Fields, key: str) -> dict[str, Any]:
    sentence = fields.text(key).lower()
    for said in READINGS[key]:
        if said.word in sentence:
            if not said.field:
                return {}
            return {said.field: CHOICES[said.field](said.value)}
    raise Refused(fields.at(key), f"is {sentence!r}: this reading is not offered")


def _field(fields: Fields, key: str) -> dict[str, Any]:
    if not fields.has(key):
        return {}
    if key in CHOICES:
        return {key: fields.choice(key, CHOICES[key])}
    if key == "name":
        return {key: fields.text(key)}
    if key in ("version", "minimum_minutes"):
        return {key: _whole(fields, key, least=int(key == "version"))}
    if key == "least_amount":
        amount: Decimal = fields.amount(key)
        return {key: amount}
    raise Refused(fields.at(str(key)), "is no part of a rating policy")


def _whole(fields: Fields, key: str, *, least: int) -> int:
    """A whole number, also as the text in which a card keeps it."""
    value = fields.raw(key)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return Fields({key: int(value)}, fields.at("")[:-1]).whole(key, least=least)
    return fields.whole(key, least=least)
