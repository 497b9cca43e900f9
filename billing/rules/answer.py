"""Ratings as JSON: the answers that `manage.py price` gives."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from billing.rules.case import CreditCase, PricedCase, read_case
from billing.rules.crediting import Credit, Position, credit
from billing.rules.rating import Line, Outcome, Rating, rate_together
from billing.rules.readings import read_policy
from billing.rules.rounding import CENT, ZERO
from billing.rules.tax import TaxAmount
from billing.rules.work import Refused


def answer(
    value: object, terms: object = None, policy: object = None
) -> dict[str, Any]:
    """The result of one case in any of its forms; ``terms`` and ``policy`` are those of
    the file around it. Raises Refused naming the field."""
    case = read_case(value, terms, policy=read_policy(policy))
    if isinstance(case, CreditCase):
        return _credit_notes(case)
    return rating_json(_rated(case))


def _rated(case: PricedCase) -> Rating:
    return rate_together(case.emergencies, case.recipient)


def _credit_notes(case: CreditCase) -> dict[str, Any]:
    original = _rated(case.original)
    if original.outcome is not Outcome.INVOICE:
        raise Refused("original", f"makes no invoice but {original.outcome}")
    still_open = positions_of(original)
    lines = list(original.lines)
    credited: list[Position] = []
    documents: list[dict[str, Any]] = []
    amounts = [original.net, original.vat_total]
    for index, codes in enumerate(case.credits):
        try:
            note = credit(still_open, credited, codes)
        except Refused as refused:
            raise Refused(f"credits[{index}]{refused.field}", refused.problem) from None
        taken = [line for line in lines if line.code in codes]
        documents.append(_credit_json(note, taken, original.required_text))
        lines = [line for line in lines if line.code not in codes]
        still_open = [p for p in still_open if p.code not in codes]
        credited += note.positions
        amounts = [amounts[0] - note.net, amounts[1] - note.vat_total]
    return {
        "documents": documents,
        "remaining": _totals(amounts[0], amounts[1]),
    }


def positions_of(rating: Rating) -> list[Position]:
    """What of a rating can be credited, each line taxed as on the invoice."""
    taxed = zip(rating.lines, rating.treatments, strict=True)
    return [Position(line.code, line.net, treatment) for line, treatment in taxed]


def rating_json(rating: Rating) -> dict[str, Any]:
    """The rating with amounts as decimal strings with two places."""
    result: dict[str, Any] = {
        "document": rating.outcome.value,
        "lines": [_line(line, _text) for line in rating.lines],
        "vat": _taxes(rating.taxes, _text),
        **_totals(rating.net, rating.vat_total),
        "review": list(rating.review),
    }
    if rating.blocked_by:
        result["blocked_by"] = list(rating.blocked_by)
    if rating.required_text:
        result["required_text"] = rating.required_text
    return result


def _credit_json(
    note: Credit, lines: Sequence[Line], required_text: str | None
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "document": Outcome.CREDIT_NOTE.value,
        "lines": [_line(line, _negative) for line in lines],
        "vat": _taxes(note.taxes, _negative),
        **_totals(-note.net, -note.vat_total),
        "review": [],
    }
    if required_text:
        result["required_text"] = required_text
    return result


def _line(line: Line, text: Callable[[Decimal], str]) -> dict[str, Any]:
    if line.minutes is None:
        return {
            "code": line.code.value,
            "quantity": "1",
            "unit": "C62",
            "unit_price": _text(line.unit_price),
            "net": text(line.net),
        }
    return {
        "code": line.code.value,
        "minutes": line.minutes,
        "unit_price_per_hour": _text(line.unit_price),
        "net": text(line.net),
    }


def _taxes(
    taxes: Sequence[TaxAmount], text: Callable[[Decimal], str]
) -> list[dict[str, Any]]:
    return [
        {
            "category": tax.treatment.category.value,
            "rate": None if tax.treatment.rate is None else _text(tax.treatment.rate),
            "base": text(tax.base),
            "amount": text(tax.amount),
        }
        for tax in taxes
    ]


def _totals(net: Decimal, vat_total: Decimal) -> dict[str, str]:
    return {
        "net": _text(net),
        "vat_total": _text(vat_total),
        "gross": _text(net + vat_total),
    }


def _text(amount: Decimal) -> str:
    rounded = amount.quantize(CENT)
    return str(rounded or ZERO)


def _negative(amount: Decimal) -> str:
    return _text(-amount)
