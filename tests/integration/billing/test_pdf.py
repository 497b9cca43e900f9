"""The PDF: what it says, what it is, and that it can be made again byte by byte."""

import io
import re

import pikepdf
import pytest
from django.utils import translation
from pypdf import PdfReader

from billing.documents.pdf import render_pdf
from billing.documents.renderer import REPLACEMENT
from billing.models import BillingProfile
from tests.integration.billing.door import worked
from tests.integration.billing.stories import issued


def text_of(document):
    reader = PdfReader(io.BytesIO(bytes(document.file.content)))
    return "\n".join(page.extract_text() for page in reader.pages)


def words_of(document):
    return " ".join(text_of(document).split())


@pytest.fixture
def invoice(door, profile, accountant):
    return issued(door, accountant.pk)


def test_it_says_what_the_law_wants(invoice):
    words = words_of(invoice)
    for wanted in (
        "Nordlicht Hosting GmbH",
        "Donaugasse 7",
        "ATU13585627",
        "FN 123456a",
        "Bäckerei Sonne GmbH",
        "4600 Wels",
        "ATU12345675",
        "RE-2026-00001",
        "04.03.2026",
        "03.03.2026",
        "NF-TEST-1",
        "web-1.sonne.example",
        "40:00",
        "233,33",
        "46,67",
        "280,00",
        "18.03.2026",
        "AT61 1904 3002 3457 3201",
    ):
        assert wanted in words, wanted


def test_it_is_german_for_a_german_account_whoever_reads(door, profile, accountant):
    with translation.override("en"):
        assert "Rechnung" in text_of(issued(door, accountant.pk))


def test_it_is_english_for_an_english_account(door, profile, accountant):
    BillingProfile.objects.update(language="en")
    with translation.override("de"):
        words = words_of(issued(door, accountant.pk))
    assert "Invoice RE-2026-00001" in words
    assert "10 started minutes" in words
    assert "4 Mar 2026" in words


def test_times_are_local(invoice):
    # Triggered at 21:40 UTC.
    assert "03.03.2026, 22:40" in words_of(invoice)


def test_reverse_charge_shows_the_note_and_both_ids(door, profile, accountant):
    BillingProfile.objects.update(country="DE", vat_id="DE136695976")
    words = words_of(issued(door, accountant.pk))
    assert "Steuerschuldnerschaft des Leistungsempfängers" in words
    assert "DE136695976" in words
    assert "ATU13585627" in words
    assert "20" + "\N{NO-BREAK SPACE}%" not in words


def test_outside_the_scope_it_says_why(door, profile, accountant):
    BillingProfile.objects.update(country="CH", vat_id="", vat_id_valid=None)
    assert "§ 3a Abs 6 UStG" in words_of(issued(door, accountant.pk))


def test_it_is_tagged_archival_and_says_its_language(invoice):
    with pikepdf.open(io.BytesIO(bytes(invoice.file.content))) as pdf:
        metadata = pdf.open_metadata()
        assert metadata.pdfa_status == "3A"
        assert str(pdf.Root.Lang) == "de"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert metadata["dc:title"] == "Rechnung RE-2026-00001"
        assert len(pdf.pages) == 1


def test_every_font_is_embedded(invoice):
    with pikepdf.open(io.BytesIO(bytes(invoice.file.content))) as pdf:
        fonts = [obj for obj in pdf.objects if _is(obj, "/FontDescriptor")]
        assert fonts
        for font in fonts:
            assert {"/FontFile2", "/FontFile3"} & set(font.keys())


def _is(obj, kind):
    return isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == kind


def test_the_same_facts_give_the_same_bytes(invoice):
    xml = bytes(invoice.electronic_forms.get(kind="factur_x").content)
    assert render_pdf(invoice, xml) == bytes(invoice.file.content)


def test_what_the_font_cannot_draw_is_replaced_visibly(door, profile, accountant):
    BillingProfile.objects.update(legal_name="株式会社 Wels 🚀")
    document = issued(door, accountant.pk)
    assert f"{REPLACEMENT * 4} Wels {REPLACEMENT}" in text_of(document)
    assert document.recipient["legal_name"] == "株式会社 Wels 🚀"


def test_markup_in_a_name_is_only_text(door, profile, accountant):
    BillingProfile.objects.update(legal_name="<img src='http://127.0.0.1:9/x'> & Co")
    assert "<img src=" in text_of(issued(door, accountant.pk))


def test_a_long_document_numbers_its_pages(door, profile, accountant):
    names = tuple(f"server-{i}.a-rather-long-name.example" for i in range(150))
    document = issued(
        door,
        accountant.pk,
        server_names=names,
        cause="application",
        entries=(worked(9, 40), worked(50, 30, "application_analysis")),
    )
    pages = re.findall(r"Seite (\d) von (\d)", text_of(document))
    assert len(pages) > 1
    assert pages == [(str(n), str(len(pages))) for n in range(1, len(pages) + 1)]
