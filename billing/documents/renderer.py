"""The one place that loads WeasyPrint, so that every process starts without it.

WeasyPrint needs system libraries (Pango). Where they are absent the product runs and
pages; only documents wait.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

logger = logging.getLogger(__name__)

FAMILY = "DejaVu Sans"
FONT_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts")
# Stands for a character that the font cannot draw; PDF/A forbids missing glyphs.
REPLACEMENT = "\N{WHITE SQUARE}"
UNDRAWN = frozenset("\n\r\t")


class RendererMissing(Exception):
    """WeasyPrint cannot be loaded here; the message is its own."""


@dataclass(frozen=True)
class Renderer:
    """WeasyPrint ready for use, with the one font configuration of this process.

    ``drawable``: the characters that the font has, None when the font was not found.
    """

    html: Any
    fonts: Any
    fetcher: Any
    drawable: frozenset[int] | None

    def to_pdf(self, html: str, *, identifier: bytes) -> bytes:
        """The page as tagged PDF/A-3a. Nothing is ever fetched for it."""
        written: bytes = self.html(
            string=self.drawn(html), url_fetcher=self.fetcher
        ).write_pdf(
            font_config=self.fonts,
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier,
        )
        return written

    def drawn(self, text: str) -> str:
        """The text with every character that the font lacks visibly replaced."""
        if self.drawable is None:
            return text
        lacking = {c for c in set(text) if ord(c) not in self.drawable} - UNDRAWN
        return text.translate({ord(c): REPLACEMENT for c in lacking})


_loaded: list[Renderer] = []
_lock = Lock()


def load_renderer() -> Renderer:
    """The renderer of this process. Raises RendererMissing."""
    with _lock:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def _load() -> Renderer:
    try:
        import weasyprint  # noqa: PLC0415 - this is the loader
        from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    except (ImportError, OSError) as error:
        logger.warning("WeasyPrint cannot be loaded, documents wait: %s", error)
        raise RendererMissing(str(error)) from error
    return Renderer(
        html=weasyprint.HTML,
        fonts=FontConfiguration(),
        fetcher=weasyprint.URLFetcher(allowed_protocols=()),
        drawable=_drawable(TTFont),
    )


def _drawable(open_font: Any) -> frozenset[int] | None:
    files = [_find(name) for name in FONT_FILES]
    if None in files:
        logger.warning("the font %s is not installed, another one is used", FAMILY)
        return None
    covered: set[int] | None = None
    for file in files:
        with open_font(file) as font:
            characters = set(font.getBestCmap())
        covered = characters if covered is None else covered & characters
    return frozenset(covered or ())


def _find(name: str) -> Path | None:
    for folder in FONT_FOLDERS:
        for path in Path(folder).expanduser().rglob(name):
            return path
    return None
