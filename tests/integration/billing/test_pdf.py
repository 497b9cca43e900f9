"""The PDF: what it says, what it is, and that it can be made again byte by byte."""

import io
import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
import segno
from django.utils import translation
from pypdf import PdfReader

from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.documents.order_record import order_record_pdf
from billing.documents.page import page_of
from billing.documents.pdf import pdf_of, render_pdf
from billing.documents.renderer import REPLACEMENT
from billing.models import BillingProfile
from emergency.billable import OrderRecord
from emergency.queries.order_record import Section
from tests.integration.billing.door import worked
from tests.integration.billing.stories import MORNING, issued
from tests.judging import archive

pytestmark = pytest.mark.paper

SCRIPTS = "Żółć Ελλάδα Україна Հայաստան საქართველო العربية עברית ①→☎"


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
        assert metadata["dc:title"] == "Rechnung RE-2026-00001"
        assert len(pdf.pages) == 1


def test_the_judge_of_archives_sees_what_is_wrong(invoice):
    content = bytes(invoice.file.content)
    assert archive.faults(content) == []
    untouched = saved_again(content, lambda pdf: None)
    for change, complaint in CHANGES_TO_AN_ARCHIVE:
        assert complaint not in untouched
        assert complaint in saved_again(content, change)


def saved_again(content, change):
    """What the judge says when the file was changed like this."""
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(changed)
    return "; ".join(archive.faults(changed.getvalue()))


def is_data(pdf):
    pdf.Root.AF[0].AFRelationship = pikepdf.Name.Data


def has_no_fonts(pdf):
    for obj in pdf.objects:
        if isinstance(obj, pikepdf.Dictionary) and "/FontFile2" in obj:
            del obj["/FontFile2"]


def has_a_second_description(pdf):
    xmp = pdf.Root.Metadata.read_bytes()
    rdf = xmp[xmp.index(b"<rdf:RDF") : xmp.index(b"</rdf:RDF>") + len(b"</rdf:RDF>")]
    pdf.Root.Metadata.write(xmp.replace(b"</x:xmpmeta>", rdf + b"</x:xmpmeta>"))


def has_no_colour_profile(pdf):
    del pdf.Root["/OutputIntents"]


def runs_a_script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")


CHANGES_TO_AN_ARCHIVE = [
    (is_data, "the XML is not an Alternative"),
    (has_no_fonts, "is not embedded"),
    (has_a_second_description, "2 rdf:RDF in the XMP"),
    (has_no_colour_profile, "there is not one output intent"),
    (runs_a_script, "OpenAction"),
]


def test_our_own_fonts_draw_it_whatever_is_installed(invoice):
    with pikepdf.open(io.BytesIO(bytes(invoice.file.content))) as pdf:
        names = {
            str(font.FontName).rpartition("+")[2]
            for font in pdf.objects
            if isinstance(font, pikepdf.Dictionary)
            and font.get("/Type") == "/FontDescriptor"
        }
    assert names == {"Document", "Document-Bold"}


def test_the_same_facts_give_the_same_bytes(invoice):
    xml = bytes(invoice.electronic_forms.get(kind="factur_x").content)
    assert render_pdf(invoice, xml) == bytes(invoice.file.content)


def test_another_process_makes_the_same_bytes(invoice):
    xml = bytes(invoice.electronic_forms.get(kind="factur_x").content)
    facts = pickle.dumps((page_of(invoice), xml, invoice.issued_at))
    made = subprocess.run(
        [sys.executable, "-m", "tests.judging.another_process"],
        input=facts,
        env={**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert made.stderr == b""
    assert made.stdout == bytes(invoice.file.content)


def test_threads_make_the_same_bytes(invoice):
    xml = bytes(invoice.electronic_forms.get(kind="factur_x").content)
    page, issued_at = page_of(invoice), invoice.issued_at
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(lambda _: pdf_of(page, xml, issued_at=issued_at), range(8))
        assert set(made) == {bytes(invoice.file.content)}


def test_the_code_beside_the_terms_is_this_transfer(invoice):
    said = (
        *("BCD", "002", "1", "SCT", "BKAUATWW", "Nordlicht Hosting GmbH"),
        *("AT611904300234573201", "EUR280", "", "", "RE-2026-00001"),
    )
    wanted = segno.make(
        "\n".join(said), error="m", boost_error=False, micro=False, encoding="utf-8"
    )
    code = page_of(invoice).code
    assert drawn(code) == [list(map(bool, row)) for row in wanted.matrix]


def drawn(code):
    """The modules of the code, read back from its path."""
    rows = [[False] * code.size for _ in range(code.size)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path):
        for column in range(int(x), int(x) + int(width)):
            rows[int(y)][column] = True
    return rows


def test_a_credit_note_has_no_code_and_no_account(door, profile, accountant):
    original = issued(door, accountant.pk)
    note = credit_invoice(
        document_id=original.pk,
        line_ids=None,
        why="agreed",
        staff_id=accountant.pk,
        now=MORNING,
    )
    document = issue_document(document_id=note.pk, now=MORNING)
    assert page_of(document).code is None
    assert "IBAN" not in text_of(document)
    assert "Gutschrift" not in text_of(document)


def test_many_scripts_are_drawn_and_stay_archival(door, profile, accountant):
    BillingProfile.objects.update(legal_name=SCRIPTS, city="ő ǆ e\u0301 \u202b\u00ad")
    document = issued(door, accountant.pk)
    assert archive.faults(bytes(document.file.content)) == []
    words = text_of(document)
    for word in ("Żółć", "Ελλάδα", "Україна", "Հայաստան", "საქართველო"):
        assert word in words
    assert REPLACEMENT not in words


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


@pytest.mark.timeout(30)
def test_an_order_record_with_many_servers_takes_no_minute_and_no_empty_page():
    names = ", ".join(f"server-{i}.a-rather-long-name.example" for i in range(150))
    record = OrderRecord(
        reference="NF-TEST-1",
        language="de",
        title="Bestellnachweis",
        made_at="04.03.2026, 10:00",
        sections=(Section(title="Server", rows=(("Server", names),)),),
    )
    first, *_ = PdfReader(io.BytesIO(order_record_pdf(record))).pages
    assert "server-0.a-rather" in first.extract_text()
