"""XML from strangers: read as text first, so that no declaration hides in an encoding.

Entities can only be declared in a document type; without one there is nothing to expand
and nothing to fetch.
"""

import re
from xml.etree import ElementTree

from status.sources.base import refused

_DECLARED = re.compile(
    rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})"
)
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
# Encodings in which "<" is one byte and always the same one.
_ENCODINGS = {
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1252",
}


def looks_like_xml(body: bytes) -> bool:
    """True for XML that opens like a feed (and not like a web page)."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:300].lower()
    return start.startswith((b"<?xml", b"<rss", b"<feed")) and b"<html" not in start


def xml_root(body: bytes) -> ElementTree.Element:
    """The document's root. Raises SourceError."""
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    declared = _DECLARED.match(body)
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding not in _ENCODINGS:
        raise refused("encoding_refused")
    try:
        found = body.decode(encoding)
    except ValueError as error:
        raise refused("not_xml") from error
    lowered = found.lower()
    if "<!doctype" in lowered or "<!entity" in lowered:
        raise refused("document_type_refused")
    try:
        return ElementTree.fromstring(_DECLARATION.sub("", found))  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise refused("not_xml") from error


def local_name(element: ElementTree.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child_text(element: ElementTree.Element, name: str) -> str:
    """The text of the first child of this name, whatever its namespace."""
    for child in element:
        if local_name(child) == name:
            return "".join(child.itertext()).strip()
    return ""
