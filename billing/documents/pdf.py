"""The PDF of a document, from its frozen facts alone."""

from hashlib import sha256

from django.template.loader import render_to_string

from billing.documents.page import page_of
from billing.documents.renderer import load_renderer
from billing.models import Document

TEMPLATE = "billing/pdf/document.html"


def render_pdf(document: Document) -> bytes:
    """The same facts give the same bytes. Raises RendererMissing."""
    renderer = load_renderer()
    html = render_to_string(TEMPLATE, {"page": page_of(document)})
    identifier = sha256(f"{document.number}".encode()).digest()[:16]
    return renderer.to_pdf(html, identifier=identifier)
