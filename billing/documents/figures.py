"""The figures of the callback promise as PDF: emergency's words, our paper."""

from hashlib import sha256

from django.template.loader import render_to_string

from billing.documents.renderer import load_renderer
from emergency.billable import PromiseFigures

TEMPLATE = "billing/pdf/figures.html"


def figures_pdf(figures: PromiseFigures) -> bytes:
    """The figures as tagged PDF/A, drawings and tables. Raises RendererMissing."""
    html = render_to_string(TEMPLATE, {"figures": figures})
    identifier = sha256(html.encode()).digest()[:16]
    return load_renderer().to_pdf(html, identifier=identifier)
