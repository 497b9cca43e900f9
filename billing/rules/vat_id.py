"""The form of a VAT id: what can be said without asking the authority.

Lengths, signs and check digits of every member state are those of python-stdnum.
Whether an id is valid only the authority can say: an id with a doubtful check digit
may be kept, and is held until it is confirmed.
"""

import re

from stdnum.eu import vat
from stdnum.exceptions import (
    InvalidChecksum,
    InvalidComponent,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)

from billing.rules.tax import EU_COUNTRIES

PREFIXES = {"GR": "EL"}
SHAPE = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}", re.ASCII)


def compact(vat_id: str) -> str:
    """The id in capitals without spaces, dots, hyphens and slashes."""
    return re.sub(r"[\s./-]", "", vat_id).upper()


def form_problem(vat_id: str, country: str) -> str | None:
    """``prefix`` or ``format`` when the compact id cannot be one of this country.

    Ids of countries outside the EU are taken as they are.
    """
    if country not in EU_COUNTRIES:
        return None
    if not vat_id.startswith(PREFIXES.get(country, country)):
        return "prefix"
    if not SHAPE.fullmatch(vat_id):
        return "format"
    try:
        vat.validate(vat_id)
    except (InvalidFormat, InvalidLength):
        return "format"
    except (InvalidChecksum, InvalidComponent):
        # The parts are where they belong, only their arithmetic does not fit.
        return None
    except ValidationError:
        return "format"
    return None


def check_digit_doubtful(vat_id: str) -> bool:
    """An id of a member state whose check digit or parts do not fit; probably
    mistyped."""
    if not SHAPE.fullmatch(vat_id):
        return False
    try:
        vat.validate(vat_id)
    except (InvalidFormat, InvalidLength):
        return False
    except ValidationError:
        return vat_id[:2].lower() in vat.MEMBER_STATES or vat_id.startswith("EL")
    return False


def parts(vat_id: str) -> tuple[str, str]:
    """Country and number as the authority wants them; Greece is EL."""
    return vat_id[:2], vat_id[2:]
