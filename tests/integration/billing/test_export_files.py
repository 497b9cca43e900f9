"""What stands in the files of an export."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from hashlib import sha256

import openpyxl
import pytest

from billing.rules.bookkeeping import Problem
from tests.integration.billing.bookkeeping import (
    a_document,
    a_run,
    bytes_of,
    rows_of,
    settled_settings,
)


def test_credit_notes_take_back(march):
    rows = rows_of(a_run("csv"))
    assert [row["number"] for row in rows] == [
        *("RE-2026-00001", "RE-2026-00002", "RK-2026-00001"),
    ]
    assert [row["gross"] for row in rows] == ["244,00", "244,00", "-244,00"]
    assert rows[2]["refers_to"] == "RE-2026-00001"
    assert rows[0]["supply_from"] == "2026-03-03"
    lines = rows_of(a_run("csv_lines"))
    assert [row["net"] for row in lines[-2:]] == ["-200,00", "-3,33"]


def test_bmd_reads_gross_and_tax_with_opposite_signs(march):
    rows = rows_of(a_run("bmd"), "cp1252")
    assert [(r["belegnr"], r["betrag"], r["steuer"], r["buchcode"]) for r in rows] == [
        ("RE-2026-00001", "244,00", "-40,67", "1"),
        ("RE-2026-00002", "244,00", "-40,67", "1"),
        ("RK-2026-00001", "-244,00", "40,67", "1"),
    ]
    assert {row["konto"] for row in rows} == {"11001"}
    assert {row["gkonto"] for row in rows} == {"4000"}
    assert rows[1]["text"].startswith("Lódz <b>& Söhne</b> RE-2026-00002 Leistung 08")


def test_datev_books_positive_amounts_to_either_side(march):
    run = a_run("datev")
    lines = bytes_of(run).decode("cp1252").split("\r\n")
    assert lines[0].startswith('"EXTF";700;21;"Buchungsstapel";13;20260401093000000;')
    assert ";20260101;4;20260301;20260331;" in lines[0]
    assert [line[:30] for line in lines[2:5]] == [
        *['244,00;"S";"EUR";;;"";11001;44'] * 2,
        '244,00;"H";"EUR";;;"";11001;44',
    ]
    assert lines[5:] == [""]
    assert run.replaced == 2
    assert '"Lódz <b>& Söhne</b>"' in lines[3]


def test_the_workbook_holds_numbers_and_days(march):
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(a_run("xlsx"))))
    documents = list(book["documents"].iter_rows(values_only=True))
    first = dict(zip(documents[0], documents[1], strict=True))
    assert first["issue_date"].date() == date(2026, 3, 4)
    assert sum(row[documents[0].index("gross")] for row in documents[1:]) == 244
    assert book["lines"].max_row == 7


def test_the_archive_holds_what_was_issued_and_says_its_hashes(books):
    first = a_document("RE-2026-00001")
    forms = {"factur_x": b"<xml/>", "peppol": b"<ubl/>"}
    a_document("RE-2026-00002", forms=forms)
    run = a_run("zip")
    with zipfile.ZipFile(io.BytesIO(bytes_of(run))) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        contents = {name: opened.read(name) for name in names}
    assert contents["documents/RE-2026-00001.pdf"] == bytes(first.file.content)
    assert contents["documents/RE-2026-00002.xml"] == b"<xml/>"
    assert contents["documents/RE-2026-00002-peppol.xml"] == b"<ubl/>"
    assert [name for name in names if name.startswith("documents/RE-2026-00001")] == [
        "documents/RE-2026-00001.pdf"
    ]
    sums = {}
    for line in contents["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        sums[name] = digest
    assert set(sums) == set(names) - {"manifest.csv", "SHA256SUMS"}
    for name, digest in sums.items():
        assert sha256(contents[name]).hexdigest() == digest, name
    manifest = contents["manifest.csv"].decode().splitlines()
    assert len(manifest) == 1 + len(sums)
    size = len(first.file.content)
    assert any(m.startswith(f"documents/RE-2026-00001.pdf;{size};") for m in manifest)


def test_an_archive_keeps_no_second_copy_of_a_pdf(march):
    run = a_run("zip")
    own = b"".join(bytes(piece.content) for piece in run.pieces.all())
    assert b"%PDF of" not in own
    assert b"%PDF of" in bytes_of(run)


def test_names_that_begin_like_formulas_are_computed_nowhere(books):
    a_document("RE-2026-00001", name='=HYPERLINK("http://x.example";"pay")')
    a_document("RE-2026-00002", name="@SUM(1+1)*cmd|' /C calc'!A0")
    assert [row["name"] for row in rows_of(a_run("csv"))] == [
        '\'=HYPERLINK("http://x.example";"pay")',
        "'@SUM(1+1)*cmd|' /C calc'!A0",
    ]
    texts = [row["text"] for row in rows_of(a_run("bmd"), "cp1252")]
    assert all(text.startswith("'") for text in texts)
    datev = bytes_of(a_run("datev")).decode("cp1252")
    assert '"\'=HYPERLINK(""http://x.example"";""pay"")"' in datev
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(a_run("xlsx"))))
    names = [row[7] for row in book["documents"].iter_rows(min_row=2)]
    assert [(cell.data_type, cell.quotePrefix) for cell in names] == [("s", True)] * 2
    assert names[0].value == '=HYPERLINK("http://x.example";"pay")'


def test_reverse_charge_and_foreign_documents_have_their_own_accounts(books):
    a_document(
        "RE-2026-00001",
        category="AE",
        rate=Decimal(0),
        vat="0.00",
        vat_id="DE136695976",
    )
    a_document("RE-2026-00002", category="O", rate=None, vat="0.00")
    rows = rows_of(a_run("bmd"), "cp1252")
    assert [(r["gkonto"], r["steuercode"], r["prozent"]) for r in rows] == [
        ("4010", "77", ""),
        ("4020", "51", ""),
    ]
    lines = bytes_of(a_run("datev")).decode("cp1252").split("\r\n")
    assert '"DE136695976"' in lines[2]
    assert ";4336;" in lines[2]
    assert "ATU" not in lines[3]


def test_two_fiscal_years_do_not_fit_one_batch(books):
    a_document("RE-2025-00001", date(2025, 12, 30))
    a_document("RE-2026-00001")
    with pytest.raises(Problem, match="two_fiscal_years"):
        a_run("datev")
    assert a_run("datev", issued_from=date(2026, 1, 1)).documents == 1


def test_a_document_over_nothing_is_in_the_lists_and_not_in_the_bookings(books):
    a_document("RE-2026-00001", nets=(Decimal(0),), vat="0.00")
    a_document("RE-2026-00002")
    assert len(rows_of(a_run("csv"))) == 2
    for name in ("bmd", "datev"):
        run = a_run(name)
        assert (run.documents, run.rows) == (2, 1)


def test_numbers_that_could_be_mixed_up_are_refused_before_a_file_is_made(march):
    columns = "konto\ngkonto\nbelegnr = belegnr_ziffern\nbelegdatum\nbetrag\nsteuer"
    settled_settings(bmd_columns=columns)
    with pytest.raises(Problem, match="bmd_symbols_alike: AR"):
        a_run("bmd")
    assert a_run("bmd", kind="invoice").status == "made"
    settled_settings(bmd_columns=columns, bmd_credit_symbol="GU")
    assert a_run("bmd").status == "made"


def test_customers_are_not_mixed_up_in_the_books(march):
    a_document("RE-2026-00009", date(2025, 12, 9), account_number="L-1001")
    with pytest.raises(Problem, match="debtor_account_shared: K-1001, L-1001 = 11001"):
        a_run("bmd", account_number="K-1001")
    assert a_run("csv").status == "made"
    settled_settings(debtor_exceptions={"L-1001": "20001"})
    assert a_run("bmd").status == "made"
