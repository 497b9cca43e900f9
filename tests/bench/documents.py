"""What a document costs beside WeasyPrint alone on the same page."""

import gc
import time
from collections.abc import Callable

import weasyprint
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration

from billing.documents.container import VARIANT, font_faces
from billing.documents.einvoice.formats import write_einvoice
from billing.documents.einvoice.view import einvoice_view
from billing.documents.page import page_of
from billing.documents.pdf import TEMPLATE, render_pdf
from billing.models import Document
from billing.rules.einvoice import Format
from tests.bench.table import Row, compare

# Of what bare WeasyPrint does with the same page in the same form of PDF.
LEAST_SHARE = 0.9
# Of one kind in a row, before its neighbours have their turn.
RUN = 8


def measure(count: int) -> list[Row]:
    """Quantiles of ``count`` renderings of one issued invoice, in milliseconds, and how
    many one core makes in a second of its own time, collecting of garbage included.

    The product's document is tagged PDF/A-3 with its XML inside, its facts read from
    the database and put into words. The floors are WeasyPrint alone on the finished
    HTML in the same fonts: as a plain PDF, which draws the page and nothing else, and
    as the same PDF/A.
    """
    document = Document.objects.filter(
        kind=Document.Kind.INVOICE, issued_at__isnull=False
    ).latest("issued_at")
    html = render_to_string(TEMPLATE, {"page": page_of(document)})
    xml = write_einvoice(Format.FACTUR_X, einvoice_view(document))
    fonts = FontConfiguration()
    faces = weasyprint.CSS(string=font_faces(), font_config=fonts)

    def product() -> None:
        render_pdf(Document.objects.get(pk=document.pk), xml)

    def plain() -> None:
        weasyprint.HTML(string=html).write_pdf(font_config=fonts, stylesheets=[faces])

    def archive() -> None:
        weasyprint.HTML(string=html).write_pdf(
            font_config=fonts, stylesheets=[faces], pdf_variant=VARIANT
        )

    wall, core = in_turn([product, plain, archive], count)
    return [
        *compare(wall[0], wall[1]),
        Row("PDFs per second", rate(wall[0]), rate(wall[1]), unit="/s"),
        Row(
            "PDFs per second and core, plain PDF",
            rate(core[0]),
            rate(core[1]),
            unit="/s",
        ),
        Row(
            "PDFs per second and core, same PDF/A",
            rate(core[0]),
            rate(core[2]),
            unit="/s",
            ratio_at_least=LEAST_SHARE,
        ),
    ]


def in_turn(
    acts: list[Callable[[], None]], count: int
) -> tuple[list[list[float]], list[list[float]]]:
    """Milliseconds of the clock and of the processor, for each act, ``count`` of each.

    They take turns in runs of a few, so that each pays for the memory that it leaves
    behind itself: whose document happens to wake the collector would decide otherwise.
    """
    wall: list[list[float]] = [[] for _ in acts]
    core: list[list[float]] = [[] for _ in acts]
    for _ in range(0, count, RUN):
        for act, times, own in zip(acts, wall, core, strict=True):
            gc.collect()
            act()
            for _ in range(RUN):
                began, worked = time.perf_counter(), time.process_time()
                act()
                own.append((time.process_time() - worked) * 1000)
                times.append((time.perf_counter() - began) * 1000)
    return wall, core


def rate(milliseconds: list[float]) -> float:
    """How many in a second, all of them counted."""
    return 1000 * len(milliseconds) / sum(milliseconds)
