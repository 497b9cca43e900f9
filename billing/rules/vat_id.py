"""Whether a VAT id can be right, from its form alone.

Source: the formats that the European Commission publishes for VIES; the check digit of
Austrian ids is that of the BMF. Whether an id is valid only the authority can say.
"""

import re

from billing.rules.tax import EU_COUNTRIES

PREFIXES = {"GR": "EL"}
FORMATS = {
    "AT": r"ATU\d{8}",
    "BE": r"BE[01]\d{9}",
    "CZ": r"CZ\d{8,10}",
    "DE": r"DE[1-9]\d{8}",
    "FR": r"FR[0-9A-Z]{2}\d{9}",
    "HU": r"HU\d{8}",
    "IT": r"IT\d{11}",
    "NL": r"NL[0-9A-Z+*]{12}",
    "PL": r"PL\d{10}",
    "SI": r"SI\d{8}",
    "SK": r"SK\d{10}",
}
ANY_FORMAT = r"[A-Z]{2}[0-9A-Z+*]{2,13}"


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
    if not re.fullmatch(FORMATS.get(country, ANY_FORMAT), vat_id):
        return "format"
    return None


def check_digit_doubtful(vat_id: str) -> bool:
    """An Austrian id whose last digit does not fit the others; probably mistyped."""
    if not re.fullmatch(FORMATS["AT"], vat_id):
        return False
    digits = [int(digit) for digit in vat_id[3:]]
    total = 0
    for index, digit in enumerate(digits[:7]):
        weighted = digit * (1 if index % 2 == 0 else 2)
        total += weighted // 10 + weighted % 10
    return (10 - (total + 4) % 10) % 10 != digits[7]
