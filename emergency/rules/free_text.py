"""Cleaning of what customers type: nothing invisible stays, nothing visible changes.

What is removed: control characters except line breaks and tabs, marks that reverse the
direction of writing, zero-width spaces. What stays: the zero-width joiners, which some
scripts and emoji need. Lone surrogates, which no storage takes, become U+FFFD.
"""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LINE_BREAK = re.compile("\r\n?|\u2028|\u2029|\x85")
_SURROGATE = re.compile("[\ud800-\udfff]")


def cleaned_text(text: str) -> str:
    """The text of several lines, with plain line breaks and without invisible signs."""
    text = _SURROGATE.sub("\ufffd", _LINE_BREAK.sub("\n", text))
    return _INVISIBLE.sub("", text).strip()


def cleaned_line(text: str) -> str:
    """The text as one line with single blanks, without any invisible sign."""
    kept = (
        sign
        for sign in cleaned_text(text)
        if unicodedata.category(sign) != "Cf" and sign not in "\u200c\u200d"
    )
    return " ".join("".join(kept).split())


def named_apart(text: str) -> list[str]:
    """The names in a list that was typed with commas, semicolons or line breaks, each
    once and in order."""
    names = (cleaned_line(name) for name in re.split("[,;\n]", text))
    return list(dict.fromkeys(name for name in names if name))
