"""The fonts of our documents; their licences stand beside them.

Lato is what is read; DejaVu Sans draws what Lato cannot (Arabic, Armenian, Georgian,
symbols). Both come with the product, so that a document looks the same everywhere.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Face:
    """One file as one weight of a family of our own naming."""

    family: str
    weight: int
    file: Path


FACES = (
    Face("Document", 400, FOLDER / "Lato-Regular.ttf"),
    Face("Document", 700, FOLDER / "Lato-Bold.ttf"),
    Face("Document fallback", 400, FOLDER / "DejaVuSans.ttf"),
    Face("Document fallback", 700, FOLDER / "DejaVuSans-Bold.ttf"),
)
