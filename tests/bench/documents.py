"""What a document costs beside WeasyPrint alone on the same page."""

import time

import weasyprint
from django.template.loader import render_to_string

from billing.documents.page import page_of
from billing.documents.pdf import TEMPLATE, render_pdf
from billing.models import Document
from tests.bench.table import Row, compare


def measure(count: int) -> list[Row]:
    """Quantiles of ``count`` renderings of one issued invoice, in milliseconds.

    The product's document is tagged PDF/A with its facts read from the database; the
    floor is a plain PDF of the finished HTML.
    """
    document = Document.objects.filter(
        kind=Document.Kind.INVOICE, issued_at__isnull=False
    ).latest("issued_at")
    html = render_to_string(TEMPLATE, {"page": page_of(document)})
    product: list[float] = []
    floor: list[float] = []
    for turn in range(-1, count):
        began = time.perf_counter()
        render_pdf(Document.objects.get(pk=document.pk))
        between = time.perf_counter()
        weasyprint.HTML(string=html).write_pdf()
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
