"""Asking the authority whether a VAT id is valid: the interface, and VIES behind it.

Source: the REST interface of the European Commission's VIES,
``POST /check-vat-number``. With our own id as requester a valid answer carries a
consultation number, which proves that and when we asked.
"""

import json
from dataclasses import dataclass

from django.conf import settings

from billing.outbound import Unreachable, post
from billing.rules.vat_id import parts

# VIES answers with dashes where a member state tells nothing.
UNTOLD = "---"
# Refusals that are about the id itself: asking again brings the same.
ABOUT_THE_ID = frozenset({"INVALID_INPUT"})


class NoAnswer(Exception):
    """The authority could not say; ``str()`` is why, in one word."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the authority says of one id."""

    valid: bool
    consultation_number: str = ""
    name: str = ""
    address: str = ""


def is_asked() -> bool:
    """Whether there is anybody to ask; otherwise people confirm by hand."""
    return bool(settings.VIES_URL)


def ask(vat_id: str, *, requester: str) -> Said:
    """What VIES says now. Raises NoAnswer: an outage says nothing about the id."""
    country, number = parts(vat_id)
    question = {"countryCode": country, "vatNumber": number}
    if requester:
        ours, our_number = parts(requester)
        question |= {
            "requesterMemberStateCode": ours,
            "requesterNumber": our_number,
        }
    try:
        answer = post(
            f"{settings.VIES_URL}/check-vat-number", json.dumps(question).encode(), {}
        )
    except Unreachable as error:
        raise NoAnswer(str(error)) from error
    found = answer.json()
    valid = found.get("valid")
    if answer.ok and isinstance(valid, bool) and not _error_in(found):
        return Said(
            valid=valid,
            consultation_number=_told(found.get("requestIdentifier"))[:60],
            name=_told(found.get("name"))[:300],
            address=_told(found.get("address"))[:500],
        )
    refusal = _error_in(found) or f"HTTP {answer.status}"
    if refusal in ABOUT_THE_ID:
        return Said(valid=False)
    raise NoAnswer(refusal[:60])


def _error_in(found: dict[str, object]) -> str:
    """The code of an error, of the service or of a member state."""
    wrapped = found.get("errorWrappers")
    if isinstance(wrapped, list) and wrapped and isinstance(wrapped[0], dict):
        return str(wrapped[0].get("error", "UNKNOWN"))
    said = str(found.get("userError", ""))
    return "" if said in {"", "VALID", "INVALID"} else said


def _told(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return "" if text == UNTOLD else text
