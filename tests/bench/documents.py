"""What a document costs beside WeasyPrint alone on the same page."""

import time

import weasyprint
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration

from billing.documents.container import font_faces
from billing.documents.einvoice.formats import write_einvoice
from billing.documents.einvoice.view import einvoice_view
from billing.documents.page import page_of
from billing.documents.pdf import TEMPLATE, render_pdf
from billing.models import Document
from billing.rules.einvoice import Format
from tests.bench.table import Row, compare


def measure(count: int) -> list[Row]:
    """Quantiles of ``count`` renderings of one issued invoice, in milliseconds.

    The product's document is tagged PDF/A with its facts read from the database; the
    floor is a plain PDF of the finished HTML in the same fonts.
    """
    document = Document.objects.filter(
        kind=Document.Kind.INVOICE, issued_at__isnull=False
    ).latest("issued_at")
    html = render_to_string(TEMPLATE, {"page": page_of(document)})
    xml = write_einvoice(Format.FACTUR_X, einvoice_view(document))
    fonts = FontConfiguration()
    faces = weasyprint.CSS(string=font_faces(), font_config=fonts)
    product: list[float] = []
    floor: list[float] = []
    for turn in range(-1, count):
        began = time.perf_counter()
        render_pdf(Document.objects.get(pk=document.pk), xml)
        between = time.perf_counter()
        weasyprint.HTML(string=html).write_pdf(font_config=fonts, stylesheets=[faces])
        ended = time.perf_counter()
        if turn >= 0:
            product.append((between - began) * 1000)
            floor.append((ended - between) * 1000)
    return [
        *compare(product, floor),
        Row(
            "documents per second",
            1000 * count / sum(product),
            1000 * count / sum(floor),
            unit="/s",
        ),
    ]
