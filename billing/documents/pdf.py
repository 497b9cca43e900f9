"""The PDF of a document, from its frozen facts alone."""

from datetime import datetime
from hashlib import sha256

from django.template.loader import render_to_string

from billing.documents.factur_x import factur_x
from billing.documents.page import Page, page_of
from billing.documents.renderer import load_renderer
from billing.models import Document

TEMPLATE = "billing/pdf/document.html"


def render_pdf(document: Document, xml: bytes | None) -> bytes:
    """The page with its XML inside: PDF/A-3a and Factur-X in one file. A small amount
    that names no recipient has no XML, since EN 16931 knows none without.

    The same facts give the same bytes, in every process. Raises RendererMissing.
    """
    if document.issued_at is None:
        raise ValueError("the document is not dated yet")
    return pdf_of(page_of(document), xml, issued_at=document.issued_at)


def pdf_of(page: Page, xml: bytes | None, *, issued_at: datetime) -> bytes:
    """The same, from what is printed."""
    html = render_to_string(TEMPLATE, {"page": page})
    return load_renderer().to_pdf(
        html,
        identifier=sha256(page.number.encode()).digest()[:16],
        embedded=[factur_x(xml, issued_at=issued_at)] if xml else [],
    )
