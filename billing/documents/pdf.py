"""The PDF of a document, from its frozen facts alone."""

from hashlib import sha256

from django.template.loader import render_to_string

from billing.documents.factur_x import factur_x
from billing.documents.page import page_of
from billing.documents.renderer import load_renderer
from billing.models import Document

TEMPLATE = "billing/pdf/document.html"


def render_pdf(document: Document, xml: bytes) -> bytes:
    """The page with its XML inside: PDF/A-3a and Factur-X in one file.

    The same facts give the same bytes. Raises RendererMissing.
    """
    renderer = load_renderer()
    if document.issued_at is None:
        raise ValueError("the document is not dated yet")
    html = render_to_string(TEMPLATE, {"page": page_of(document)})
    identifier = sha256(f"{document.number}".encode()).digest()[:16]
    embedded = [factur_x(xml, issued_at=document.issued_at)]
    return renderer.to_pdf(html, identifier=identifier, embedded=embedded)
