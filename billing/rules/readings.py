"""A rating policy from plain values: from a stored card, or from a file of cases.

A file names the readings by their letters (``A1`` … ``A22``) in a sentence each. A
sentence is understood by its telling words, outside the clauses that deny something.
One that the product does not offer or that says two things at once is refused, because
pricing it in another way would be wrong without a sign.
"""

import re
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
    """Telling words of a sentence, and what they set (nothing: the fixed reading).

    Where several stand in one sentence the weightiest decide, and have to agree.
    """

    words: str
    field: str = ""
    value: str = ""
    weight: int = 1


@dataclass(frozen=True)
class _Reading:
    """What may be said of one letter. ``other``: words of a reading that the product
    does not offer, whatever else stands beside them."""

    said: tuple[_Said, ...]
    other: str = ""


def _fixed(words: str, other: str = "") -> _Reading:
    """A reading that law, arithmetic or the price text itself fixes."""
    return _Reading((_Said(words),), other)


READINGS: Mapping[str, _Reading] = {
    "A1": _Reading(
        (
            _Said(r"\bquarters?\b|\b15\b", "increment", "quarter"),
            _Said(r"(started|per|every) minute", "increment", "minute"),
            _Said(r"(started|full|whole|every) hour|^hour", "increment", "hour"),
        ),
        "exact",
    ),
    "A2": _fixed(r"\bperson", "elapsed|clock"),
    "A3": _Reading(
        (
            _Said(
                r"\banything|\bany (kind|work|sort)|^any\b",
                field="included_cover",
                value="any",
                weight=2,
            ),
            _Said(r"\bsupport\b|not covered", "included_cover", "support"),
        ),
    ),
    "A4": _Reading(
        (
            _Said(
                r"\bnothing\b(?! (but|beyond|else|more))", "infrastructure", "nothing"
            ),
            _Said(r"\bfee only|only the (initial )?fee", "infrastructure", "fee", 2),
        ),
        "analysis",
    ),
    "A5": _fixed(r"\bwaived|\bnon-billable", "all or nothing|count|priced|charged"),
    "A6": _Reading(
        (
            _Said(r"(as|like) application", "undetermined", "application"),
            _Said(r"analysis not", "undetermined", "no_analysis"),
        ),
    ),
    "A7": _fixed(r"\bbeyond", "fee only|only the"),
    "A8": _fixed(r"\bdue\b", "waive|free"),
    "A9": _Reading(
        (
            _Said(r"default review", "late_callback", "review", 2),
            _Said(r"\breview|\bhold\b", "late_callback", "review"),
            _Said(r"\bwaive", "late_callback", "waive"),
            _Said(r"\bcharged?\b", "late_callback", "charge"),
        ),
        r"\bowed|\btriggering|fee (is )?due",
    ),
    "A10": _fixed(r"\bfee\b", "waive|free of charge"),
    "A11": _fixed(r"\bone fee", r"\b(each|every)\b"),
    "A12": _fixed(r"\belapsed", "wall|local"),
    "A13": _Reading(
        (
            _Said(r"\breview|\bhold\b", "late_cancellation", "review"),
            _Said(r"\bwaive", "late_cancellation", "waive"),
            _Said(r"\bdue\b", "late_cancellation", "charge", 0),
        ),
    ),
    "A14": _fixed(r"\bbesides|in addition to the fee", "400|surcharge"),
    "A15": _fixed(r"once per rate", r"per line|\b(even|down)\b"),
    "A16": _fixed(r"(sum|add) seconds|\bsummed", "per entry"),
    "A17": _fixed(r"\blogged", "only after"),
    "A18": _fixed(r"\brefused"),
    "A19": _fixed(r"\btrigger", "clos|today|current|issue"),
    "A20": _fixed(r"\bfinished", "order|trigger|issue|invoice"),
    "A21": _fixed(r"\bvalid\b"),
    "A22": _fixed(r"10,?000|strictly greater", "reach|at least|or more|equal"),
}

_CLAUSES = re.compile(r"[;:()]|,(?!\d)|\bbut\b")
_DENIES = re.compile(r"\b(no|not|never|none|nobody|without|unless|except|instead)\b")
# What two of the readings say by denying it.
_OWN_DENIALS = re.compile(r"not covered|analysis not")


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
    claimed = _claimed(sentence)
    reading = READINGS[key]
    found = [said for said in reading.said if re.search(said.words, claimed)]
    most = max((said.weight for said in found), default=0)
    meant = {(said.field, said.value) for said in found if said.weight == most}
    if len(meant) != 1 or (reading.other and re.search(reading.other, claimed)):
        raise Refused(fields.at(key), f"is {sentence!r}: this reading is not offered")
    ((field, value),) = meant
    return {field: CHOICES[field](value)} if field else {}


def _claimed(sentence: str) -> str:
    """The sentence without the clauses that only say what is not so."""
    clauses = (clause.strip() for clause in _CLAUSES.split(sentence))
    return "; ".join(
        clause
        for clause in clauses
        if not _DENIES.search(clause) or _OWN_DENIALS.search(clause)
    )


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
