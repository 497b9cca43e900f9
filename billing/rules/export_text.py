"""Text, amounts and rows of export files.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula,
whatever the file meant by it: names that customers typed are shielded by an apostrophe
(CWE-1236). Only text is; amounts keep their sign.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from billing.rules.rounding import CENT

SEPARATOR = ";"
LINE_END = "\r\n"
# ASCII and the wide forms that spreadsheets of the Far East read alike.
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]")
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_NEEDS_QUOTES = re.compile(r'[";\r\n]')


class DecimalMark(StrEnum):
    COMMA = ","
    POINT = "."


def one_line(text: str) -> str:
    """The text without control characters and line ends; each run is one space."""
    return _BROKEN.sub(" ", text).strip()


def shielded(text: str) -> str:
    """The text on one line, so that no spreadsheet computes it."""
    clean = one_line(text)
    return f"'{clean}" if _FORMULA.match(clean) else clean


def unshielded(text: str) -> str:
    """What ``shielded`` was given, on one line."""
    guarded = text.startswith("'") and _FORMULA.match(text)
    return text[1:] if guarded else text


def amount_text(amount: Decimal, mark: DecimalMark = DecimalMark.COMMA) -> str:
    """The amount with two places and neither thousands nor currency sign.

    Raises ValueError for an amount with a fraction of a cent: nothing is rounded here.
    """
    if amount != amount.quantize(CENT):
        raise ValueError(f"{amount} has a fraction of a cent")
    return f"{amount or abs(amount):.2f}".replace(".", mark.value)


def rate_text(rate: Decimal | None, mark: DecimalMark = DecimalMark.COMMA) -> str:
    """A rate in percent without idle zeros: 20, 7,7; nothing where there is none."""
    if rate is None:
        return ""
    text = f"{rate:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", mark.value)


def quoted(text: str) -> str:
    """The text in quotation marks, those inside doubled."""
    return '"' + text.replace('"', '""') + '"'


def csv_row(cells: Iterable[str]) -> str:
    """The cells as one row, with quotation marks only where they are needed."""
    written = (quoted(cell) if _NEEDS_QUOTES.search(cell) else cell for cell in cells)
    return SEPARATOR.join(written) + LINE_END
