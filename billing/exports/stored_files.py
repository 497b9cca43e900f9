"""The bytes that were issued with a document."""

from billing.exports.piece import XML
from billing.models import DocumentFile, EInvoice


def stored_xml(file: DocumentFile) -> bytes:
    """The e-invoice that stands in the PDF, as it was issued with it; empty for a
    document that was issued without one."""
    forms = EInvoice.objects.filter(
        document_id=file.document_id, kind=EInvoice.Kind.FACTUR_X
    )
    content = forms.values_list("content", flat=True).first()
    return bytes(content or b"")


def stored(file: DocumentFile, part: str) -> bytes:
    """The PDF or the e-invoice."""
    return stored_xml(file) if part == XML else bytes(file.content)
