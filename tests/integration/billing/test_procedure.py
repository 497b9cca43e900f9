"""The procedure document says what is really set, switched on and granted."""

import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from billing import migrations
from billing.documents import procedure as module
from billing.documents.renderer import RendererMissing
from billing.models import NumberSeries, RateCard
from billing.queries.keeping import series, triggers
from emergency.actions.auditors import grant_access
from tests import people
from tests.integration.billing.stories import issued
from tests.integration.billing.test_pages import signed_in, text, url

pytestmark = pytest.mark.paper


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def newest_migration():
    folder = Path(migrations.__path__[0])
    return max(file.stem for file in folder.glob("0*.py"))


def test_it_is_generated_from_the_settings(door, profile, accountant, page):
    issued(door, accountant.pk)
    RateCard.objects.create(
        valid_from=timezone.now(),
        initial_fee="321.09",
        included_minutes=17,
        support_hourly="201.00",
        application_analysis_hourly="202.00",
    )
    shown = text(page.get(url("procedure")))
    for part in (
        *("Nordlicht Hosting GmbH", "321.09", "17 minutes", settings.TIME_ZONE),
        *("RE-2026-00001", "documents: 1, complete", "SHA-256"),
        *("billing_document_frozen", "billing_step_kept", "every 20 seconds"),
        *("reads everything, changes nothing", newest_migration()),
        *("1, 10, 60, 360, 1440", "ends only when the missing facts are there"),
    ):
        assert part in shown, part
    assert "Gutschrift" not in shown


def test_a_gap_in_the_numbers_is_told(door, profile, accountant, page):
    issued(door, accountant.pk)
    NumberSeries.objects.update(last=2)
    (one,) = series()
    assert not one.complete
    assert "not complete: please look" in text(page.get(url("procedure")))


def test_a_rule_that_is_switched_off_is_not_listed(issuer):
    assert ("billing_document", "billing_document_frozen") in triggers()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE billing_document DISABLE TRIGGER billing_document_frozen"
        )
    assert ("billing_document", "billing_document_frozen") not in triggers()


def test_who_was_let_in_is_listed(issuer, page):
    now = timezone.now()
    grant_access(
        email="pruefer@finanz.example",
        full_name="Paula Prüfer",
        language="de",
        until=now + timedelta(days=3),
        why="Tax audit 2026",
        staff=people.administrator(),
        now=now,
    )
    shown = text(page.get(url("procedure")))
    assert "Auditor Paula Prüfer" in shown
    assert "granted by Omar Aigner: Tax audit 2026" in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Nothing issued can be changed"), ("de", "Nordlicht Hosting GmbH")],
)
def test_it_is_a_pdf_of_the_same_words(issuer, page, language, words):
    page.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    response = page.get(url("procedure_pdf"))
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.Lang == language
        with pdf.open_metadata() as facts:
            assert facts["pdfaid:part"] == "3"
    read = PdfReader(io.BytesIO(response.content))
    printed = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    assert words in printed


def test_without_the_renderer_the_page_says_so(issuer, page, monkeypatch):
    def missing():
        raise RendererMissing("no pango")

    monkeypatch.setattr(module, "load_renderer", missing)
    response = page.get(url("procedure_pdf"))
    assert response.status_code == 503
    assert "WeasyPrint" in text(response)
