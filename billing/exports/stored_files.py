"""The bytes that were issued with a document."""

from billing.exports.piece import XML
from billing.models import DocumentFile


def stored_xml(file: DocumentFile) -> bytes:
    """The e-invoice that was issued with the PDF; empty where none is stored."""
    return bytes(getattr(file, "xml", None) or b"")


def stored(file: DocumentFile, part: str) -> bytes:
    """The PDF or the e-invoice."""
    return stored_xml(file) if part == XML else bytes(file.content)
