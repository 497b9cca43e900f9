"""Document numbers: one series per kind and year, without gaps.

Source: UStG 1994 § 11 Abs 1 Z 5 (consecutive, unique, one or more series); letters,
digits and hyphens only, so that DATEV and BMD take the number as it is.
"""

import re
from dataclasses import dataclass

PREFIXES = {"invoice": "RE", "credit_note": "RK"}
_NUMBER = re.compile(r"(RE|RK)-(\d{4})-(\d{5,})")


@dataclass(frozen=True)
class Number:
    """A document number in parts."""

    kind: str
    year: int
    position: int

    def __str__(self) -> str:
        return f"{PREFIXES[self.kind]}-{self.year:04d}-{self.position:05d}"


def parse_number(text: str) -> Number | None:
    """The parts of a number, or None when it is none of ours."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    kind = next(kind for kind, prefix in PREFIXES.items() if prefix == match[1])
    return Number(kind, int(match[2]), int(match[3]))
