"""Which documents a payment names: what people and banks write into a transfer.

Sources: ISO 11649 (creditor reference "RF", check digits of ISO 7064 MOD 97-10); the
Swiss QR reference (27 digits, recursive modulo 10, Swiss Implementation Guidelines for
the QR-bill). Both carry our own number: RF its letters and digits, QR a digit for the
kind, the year and the position.
"""

import re
from collections.abc import Iterator

from billing.rules.numbering import PREFIXES, Number

_LOOSE = re.compile(
    r"(?<![A-Z0-9])(RE|RK)[\s./_-]{0,2}(20\d{2})[\s./_-]{0,2}(\d{5,9})(?!\d)"
)
_RF = re.compile(r"(?<![A-Z0-9])RF\d{2}(?: ?[A-Z0-9]){1,21}(?![A-Z0-9])")
_QR = re.compile(r"(?<!\d)\d{2}(?: ?\d{5}){5}(?!\d)")
_BODY = re.compile(r"(RE|RK)(20\d{2})(\d{5,9})")
SHORTEST_BODY = len("RE202600001")
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
_DIGITS = {"invoice": "1", "credit_note": "2"}
_CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def numbers_in(text: str, structured: str = "") -> tuple[str, ...]:
    """Our document numbers in a remittance text and a structured reference, each once,
    in the order in which they are named. The case and the separators do not matter."""
    upper = text.upper()
    found = [*_structured(structured.upper()), *_loose(upper), *_structured(upper)]
    return tuple(dict.fromkeys(str(number) for number in found))


def rf_reference(number: Number) -> str:
    """The number as an ISO 11649 creditor reference: RF18RE202600001."""
    body = str(number).replace("-", "")
    return f"RF{98 - _mod97(body + 'RF00'):02d}{body}"


def qr_reference(number: Number) -> str:
    """The number as a Swiss QR reference of 27 digits."""
    digits = f"{_DIGITS[number.kind]}{number.year:04d}{number.position:09d}"
    digits = digits.rjust(26, "0")
    return digits + _check_digit(digits)


def _loose(text: str) -> Iterator[Number]:
    for prefix, year, position in _LOOSE.findall(text):
        yield Number(_KINDS[prefix], int(year), int(position))


def _structured(text: str) -> Iterator[Number]:
    for match in _RF.finditer(text):
        number = _of_rf(match.group().replace(" ", ""))
        if number is not None:
            yield number
    for match in _QR.finditer(text):
        number = _of_qr(match.group().replace(" ", ""))
        if number is not None:
            yield number


def _of_rf(reference: str) -> Number | None:
    """The number in this reference, also where words follow it directly."""
    body = _BODY.match(reference[4:])
    for end in range(len(body.group()) if body else 0, SHORTEST_BODY - 1, -1):
        ours = _BODY.fullmatch(reference[4 : 4 + end])
        if ours and _mod97(ours.group() + reference[:4]) == 1:
            return Number(_KINDS[ours[1]], int(ours[2]), int(ours[3]))
    return None


def _of_qr(reference: str) -> Number | None:
    if _check_digit(reference[:26]) != reference[26]:
        return None
    digits = reference[:26].lstrip("0")
    kinds = {digit: kind for kind, digit in _DIGITS.items()}
    if len(digits) != 14 or digits[0] not in kinds or int(digits[5:]) == 0:
        return None
    return Number(kinds[digits[0]], int(digits[1:5]), int(digits[5:]))


def _mod97(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text)) % 97


def _check_digit(digits: str) -> str:
    carry = 0
    for digit in digits:
        carry = _CARRY[(carry + int(digit)) % 10]
    return str((10 - carry) % 10)
