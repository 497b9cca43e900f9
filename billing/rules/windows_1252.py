"""Text for programs that read Windows-1252: what does not fit is replaced visibly.

A letter loses its accent; any other sign stands as its code point, like ``[U+682A]``,
so that nobody mistakes it for what the customer is called. Nothing is lost silently.
"""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from billing.rules.exported import ExportedDocument

ENCODING = "cp1252"
# Signs that have a plain twin, and the letters whose stroke is no accent to Unicode.
_TWINS = {
    "\N{MINUS SIGN}": "-",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{THIN SPACE}": " ",
    "\N{LATIN CAPITAL LETTER SHARP S}": "SS",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "\N{LATIN SMALL LETTER KRA}": "q",
}
_NAMED = re.compile(r"LATIN (CAPITAL|SMALL) LETTER ([A-Z]{1,2}) WITH ")
# Marks that change how the sign before them looks and are no sign themselves.
_MARKS = frozenset({"Mn", "Me", "Cf"})


def fitted(text: str) -> tuple[str, int]:
    """The text with every sign that Windows-1252 lacks replaced, and how many were."""
    composed = unicodedata.normalize("NFC", text)
    if _fits(composed):
        return composed, 0
    written, replaced = [], 0
    for sign in composed:
        if _fits(sign):
            written.append(sign)
        else:
            written.append(_replacement(sign))
            replaced += 1
    return "".join(written), replaced


def fitted_document(document: ExportedDocument) -> tuple[ExportedDocument, int]:
    """The document with its free text fitted, and how many signs were replaced.

    Before anything is cut to its length: a replacement may be longer than its sign.
    """
    (name, of_name), (vat_id, of_id), (reference, of_reference) = (
        fitted(text) for text in (document.name, document.vat_id, document.reference)
    )
    replaced = of_name + of_id + of_reference
    return replace(document, name=name, vat_id=vat_id, reference=reference), replaced


@lru_cache(maxsize=1024)
def _replacement(sign: str) -> str:
    if sign in _TWINS:
        return _TWINS[sign]
    plain = "".join(
        part
        for part in unicodedata.normalize("NFKD", sign)
        if unicodedata.category(part) not in _MARKS
    )
    if plain and plain.isprintable() and _fits(plain):
        return plain
    named = _NAMED.match(unicodedata.name(sign, ""))
    if named:
        return named[2] if named[1] == "CAPITAL" else named[2].lower()
    return f"[U+{ord(sign):04X}]"


def _fits(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True
