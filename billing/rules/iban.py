"""Whether an IBAN can be right: ISO 13616, with the check digits of ISO 7064."""

import re


def iban_is_plausible(iban: str) -> bool:
    """The compact IBAN has the right form and its check digits fit."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", iban):
        return False
    if iban.startswith("AT") and len(iban) != 20:
        return False
    digits = "".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])
    return int(digits) % 97 == 1
