"""The order record as PDF: emergency's words, our paper."""

from hashlib import sha256

from django.template.loader import render_to_string

from billing.documents.renderer import load_renderer
from emergency.billable import OrderRecord

TEMPLATE = "billing/pdf/order_record.html"


def order_record_pdf(record: OrderRecord) -> bytes:
    """The record as tagged PDF/A. Raises RendererMissing."""
    html = render_to_string(TEMPLATE, {"record": record})
    identifier = sha256(f"{record.reference} {record.made_at}".encode()).digest()[:16]
    return load_renderer().to_pdf(html, identifier=identifier)
