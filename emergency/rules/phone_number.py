"""What a customer typed as a callback number, and the number that will be dialled.

The order of the steps matters and is fixed: compatibility form, spaces, invisible
signs, label, direct dial, letters, then the number itself. A letter is refused before
the parser sees it, because parsers read letters as telephone keys and make another,
valid number of them.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult, shortnumberinfo


class Refusal(StrEnum):
    """Why a text is not a number that can be called back; worded by the form."""

    MISSING = "missing"
    LETTERS = "letters"
    SIGNS = "signs"
    SEVERAL = "several"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    INVALID = "invalid"
    PREMIUM = "premium"
    SHORT_NUMBER = "short_number"


class NumberRefused(ValueError):
    """The text names no number that can be called back."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, kw_only=True)
class CallbackNumber:
    """``e164`` is dialled; ``typed`` is what the customer wrote, without its edges.

    ``extension`` is the direct dial as digits. For landlines in Austria and Germany it
    is part of ``e164`` already, elsewhere it is asked for after the connection.
    """

    e164: str
    typed: str
    extension: str


# Countries where a direct dial is simply appended to the number.
_APPENDING = {43, 49}
# The numbering there is so open that any few digits count as a number.
_FEWEST_DIGITS = 6
_MOST_TYPED = 80
# In some countries, as in the United States, a number does not tell.
_TAKING_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}

_LABEL = re.compile(
    r"^(?:tel|telefon|telefonnummer|telefonnr|phone|fon|mobil|mobile|mobilnummer|handy|"
    r"handynummer|festnetz|nummer|nr|rückruf|rückrufnummer|callback|callto|sip|t|m)"
    r"(?:\s*nr)?\s*[.:]*\s*(?=[+(\d])",
    re.IGNORECASE,
)
_DIRECT_DIAL = re.compile(
    r"[\s,;/(.\-]*(?:dw|durchwahl|kl|klappe|nebenstelle|nst|extension|ext|x)"
    r"[\s.:=\-]*(?P<digits>\d{1,6})\s*\)?\s*$",
    re.IGNORECASE,
)
_IGNORED = str.maketrans(dict.fromkeys("·_'’", " "))
_INTERNATIONAL_ZERO = re.compile(r"\(\s*0\s*\)")
_BETWEEN = re.compile(r"[,;|&]|/\s*(?=\+|00)")
_PLAIN = re.compile(r"[\d+\-./() ]*")


def callback_number(typed: str, *, region: str) -> CallbackNumber:
    """The number meant by ``typed``, read as dialled in ``region`` ("AT").

    Raises NumberRefused when it is none, may not be called, or could be misread.
    """
    shown = typed.strip()
    text = _plain_text(shown)
    if not text:
        raise NumberRefused(Refusal.MISSING)
    if len(shown) > _MOST_TYPED:
        raise NumberRefused(Refusal.TOO_LONG)
    text = _LABEL.sub("", text, count=1)
    text, extension = _without_direct_dial(text)
    text = text.strip(" .,;:")
    if any(sign.isalpha() for sign in text):
        raise NumberRefused(Refusal.LETTERS)
    _refuse_several(text)
    if not _PLAIN.fullmatch(text):
        raise NumberRefused(Refusal.SIGNS)
    if not any(sign.isdigit() for sign in text):
        raise NumberRefused(Refusal.MISSING)
    try:
        number = _number(text, extension, region)
    except NumberRefused as error:
        if error.refusal is Refusal.TOO_LONG and "/" in text:
            raise NumberRefused(Refusal.SEVERAL) from error
        raise
    return CallbackNumber(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        typed=shown,
        extension=extension,
    )


def _plain_text(text: str) -> str:
    """Compatibility form with plain digits, dashes and blanks; invisible signs gone.

    Superscripts and encircled digits are refused: they are rarely meant as digits of
    the number, and the compatibility form would make them so.
    """
    if any(unicodedata.category(sign) in {"No", "Cs", "Co", "Cn"} for sign in text):
        raise NumberRefused(Refusal.SIGNS)
    signs = []
    for sign in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(sign)
        if category in {"Zs", "Zl", "Zp"} or sign in "\t\r\n\v\f":
            signs.append(" ")
        elif category == "Nd":
            signs.append(str(unicodedata.digit(sign)))
        elif category == "Pd" or sign == "−":
            signs.append("-")
        elif category not in {"Cc", "Cf"}:
            signs.append(sign)
    return "".join(signs).translate(_IGNORED).strip()


def _without_direct_dial(text: str) -> tuple[str, str]:
    found = _DIRECT_DIAL.search(text)
    # "x17" alone is no number with a direct dial.
    if found is None or not any(sign.isdigit() for sign in text[: found.start()]):
        return text, ""
    return text[: found.start()], found["digits"]


def _refuse_several(text: str) -> None:
    if "+" in text.lstrip(" (")[1:] or _BETWEEN.search(text):
        raise NumberRefused(Refusal.SEVERAL)


def _number(text: str, extension: str, region: str) -> phonenumbers.PhoneNumber:
    """The parsed number, with the direct dial where the country appends it."""
    number = _parsed(text, region)
    # A mobile number takes no direct dial; appending would make it another number.
    mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    if extension and number.country_code in _APPENDING and not mobile:
        number = _parsed(text + extension, region)
    return _checked(number, region)


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber:
    international = text.lstrip(" (").startswith(("+", "00"))
    if international:
        text = _INTERNATIONAL_ZERO.sub(" ", text)
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type in {
            phonenumbers.NumberParseException.TOO_SHORT_NSN,
            phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD,
        }:
            raise NumberRefused(Refusal.TOO_SHORT) from error
        if error.error_type == phonenumbers.NumberParseException.TOO_LONG:
            raise NumberRefused(Refusal.TOO_LONG) from error
        raise NumberRefused(Refusal.INVALID) from error


def _checked(number: phonenumbers.PhoneNumber, region: str) -> phonenumbers.PhoneNumber:
    if phonenumbers.region_code_for_country_code(
        number.country_code or 0
    ) == region and (shortnumberinfo.is_valid_short_number(number)):
        raise NumberRefused(Refusal.SHORT_NUMBER)
    possible = phonenumbers.is_possible_number_with_reason(number)
    digits = len(phonenumbers.national_significant_number(number))
    if possible == ValidationResult.TOO_LONG:
        raise NumberRefused(Refusal.TOO_LONG)
    if possible == ValidationResult.TOO_SHORT or (
        number.country_code in _APPENDING and digits < _FEWEST_DIGITS
    ):
        raise NumberRefused(Refusal.TOO_SHORT)
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        raise NumberRefused(Refusal.PREMIUM)
    if not phonenumbers.is_valid_number(number):
        raise NumberRefused(Refusal.INVALID)
    return number


def takes_sms(e164: str) -> bool:
    """Whether a text to this number can arrive; a landline or a number that cannot be
    read takes none. Asked anew each time, as numbering plans change."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in _TAKING_SMS
