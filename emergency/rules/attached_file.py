"""What a customer may attach, judged by what a file is and not by its name."""

# Magic bytes at their offset -> media type. Sources: RFC 2083, ISO/IEC 10918, GIF89a,
# RFC 9649 (WebP), ISO/IEC 23008-12 (HEIF), ISO 32000, RFC 1952 (gzip), APPNOTE 4.3
# (zip).
_SIGNS = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"PK\x03\x04", "application/zip"),
)
TEXT = "text/plain"
UNNAMED = "attachment"


def type_of(content: bytes) -> str:
    """The media type of pictures, PDF, packed files and text; empty for what is not
    taken. Text is what UTF-8, UTF-16 with its mark, or Latin-1 without control
    characters reads."""
    for offset, sign, media_type in _SIGNS:
        if content.startswith(sign, offset):
            return media_type
    return TEXT if _is_text(content) else ""


def _is_text(content: bytes) -> bool:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8", "latin-1"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(sign < " " and sign not in "\t\n\r\f\x1b" for sign in text)
    return False


def clean_name(name: str, *, longest: int = 120) -> str:
    """The file's own name without folders, control characters and what reverses the
    direction of writing; its ending stays when it is shortened."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable()).strip(" .")
    if len(kept) <= longest:
        return kept or UNNAMED
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        return kept[:longest]
    return f"{stem[: longest - len(ending) - 1]}.{ending}"
