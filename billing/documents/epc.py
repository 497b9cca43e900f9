"""The EPC QR code beside the payment terms ("Zahlen mit Code").

Source: EPC069-12, version 002: SEPA credit transfer in euro, UTF-8, level M, at most
331 bytes; the reference is free text, since our numbers are no ISO 11649 references.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from segno import helpers

LONGEST_NAME = 70
CURRENCY = "EUR"


@dataclass(frozen=True)
class Code:
    """A QR code as one filled SVG path, one unit per module, ``size`` units wide."""

    size: int
    path: str


def epc_code(
    *, holder: str, iban: str, bic: str, amount: Decimal, currency: str, reference: str
) -> Code | None:
    """The code for this transfer; None where it cannot be said in one (another
    currency, nothing to pay, no account)."""
    if currency != CURRENCY or amount <= 0 or not iban:
        return None
    code = helpers.make_epc_qr(
        name=" ".join(holder.split())[:LONGEST_NAME],
        iban=iban,
        amount=amount,
        text=reference,
        bic=bic or None,
        encoding="utf-8",
    )
    rows = tuple(code.matrix)
    return Code(len(rows), "".join(_path(rows)))


def _path(rows: Iterable[bytes | bytearray]) -> Iterator[str]:
    """A bar for each run of dark modules."""
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                yield f"M{x} {y}h{width}v1h-{width}z"
            x += width
