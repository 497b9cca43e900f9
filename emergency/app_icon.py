"""The operator's picture as the icon of an app on a home screen."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, UnidentifiedImageError

SIZES = (192, 512)
# A system may cut an icon to any shape, but leaves a circle of four fifths of its width
# (W3C, Web Application Manifest, "safe zone"): a rectangle in it is this wide or high.
PART = 0.56
PAPER = (255, 255, 255)
# Two hundred kilobytes can hold a picture that fills the memory.
MOST_PIXELS = 16_000_000


class NoIcon(Exception):
    """No icon can be made of the picture."""


@lru_cache(maxsize=8)
def icon_of(picture: bytes, size: int) -> bytes:
    """A square PNG with the whole picture in the middle of white paper, larger or
    smaller as need be. Raises NoIcon."""
    try:
        with Image.open(BytesIO(picture)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoIcon
            drawn = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NoIcon from error
    share = size * PART / max(drawn.size)
    width, height = (max(1, round(side * share)) for side in drawn.size)
    drawn = drawn.resize((width, height), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", (size, size), PAPER)
    paper.paste(drawn, ((size - width) // 2, (size - height) // 2), drawn)
    file = BytesIO()
    paper.save(file, "PNG", optimize=True)
    return file.getvalue()
