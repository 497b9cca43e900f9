"""The one place that loads WeasyPrint, so that every process starts without it.

WeasyPrint needs system libraries (Pango). Where they are absent the product runs and
pages; only documents wait.
"""

import atexit
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from billing.documents.factur_x import Embedded
from billing.documents.fonts import FACES, Face

logger = logging.getLogger(__name__)

# Stands for a character that the fonts cannot draw; PDF/A forbids missing glyphs.
REPLACEMENT = "\N{WHITE SQUARE}"
UNDRAWN = frozenset("\n\r\t")


class RendererMissing(Exception):
    """WeasyPrint cannot be loaded here; the message is its own."""


@dataclass(frozen=True)
class Renderer:
    """WeasyPrint ready for use: the one container of this process.

    ``drawable``: the characters that some font of ours has in every weight.
    """

    container: Any
    drawable: frozenset[int]

    def to_pdf(
        self, html: str, *, identifier: bytes, embedded: Sequence[Embedded] = ()
    ) -> bytes:
        """The page as tagged PDF/A-3a. Nothing is ever fetched for it."""
        written: bytes = self.container.write(
            self.drawn(html), identifier=identifier, embedded=embedded
        )
        return written

    def drawn(self, text: str) -> str:
        """The text with every character that the fonts lack visibly replaced."""
        lacking = {c for c in set(text) if ord(c) not in self.drawable} - UNDRAWN
        return text.translate({ord(c): REPLACEMENT for c in lacking})


_loaded: list[Renderer] = []
_lock = Lock()


def load_renderer() -> Renderer:
    """The renderer of this process. Raises RendererMissing."""
    with _lock:
        if not _loaded:
            _loaded.append(_load())
            # The fonts' temporary folder goes while Python can still remove it.
            atexit.register(_loaded.clear)
        return _loaded[0]


def _load() -> Renderer:
    try:
        from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

        from billing.documents.container import Container  # noqa: PLC0415
    except (ImportError, OSError) as error:
        logger.warning("WeasyPrint cannot be loaded, documents wait: %s", error)
        raise RendererMissing(str(error)) from error
    return Renderer(container=Container(), drawable=_drawable(TTFont))


def _drawable(open_font: Any) -> frozenset[int]:
    """What one family has in all its weights, the families together."""
    families: dict[str, set[int]] = {}
    for face in FACES:
        characters = _characters(open_font, face)
        known = families.setdefault(face.family, characters)
        families[face.family] = known & characters
    return frozenset(set().union(*families.values()))


def _characters(open_font: Any, face: Face) -> set[int]:
    with open_font(face.file) as font:
        return set(font.getBestCmap())
