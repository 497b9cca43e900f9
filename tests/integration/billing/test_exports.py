"""An export is a row with its documents, sums and bytes, and stays what it was."""

import csv
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction

from billing.actions.exporting import (
    LEASE,
    make_export,
    make_waiting,
    request_export,
)
from billing.actions.refusal import BillingRefusal
from billing.exports import archive, stored_files
from billing.exports.handing_out import BrokenExport, stream
from billing.exports.selection import Wanted
from billing.models import Document, ExportEntry, ExportPiece, ExportRun
from billing.rules.bookkeeping import Problem
from tests.integration.billing.bookkeeping import (
    NOW,
    a_credit_note,
    a_document,
    a_run,
    bytes_of,
    settled_settings,
)

FORMATS = ExportRun.Format.values
LATER = NOW + timedelta(days=30)


@pytest.fixture
def books(db):
    return settled_settings()


@pytest.fixture
def march(books):
    """Two invoices and a credit note for the first."""
    first = a_document("RE-2026-00001")
    second = a_document("RE-2026-00002", date(2026, 3, 9), name="Łódź & Söhne")
    return [first, second, a_credit_note("RK-2026-00001", first, date(2026, 3, 9))]


def rows_of(run, encoding="utf-8-sig"):
    text = bytes_of(run).decode(encoding)
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def tamper(statement):
    """Somebody who may do everything at the database changes what was issued."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_made_and_handed_out_as_it_was_made(march, name):
    run = a_run(name)
    assert run.status == "made", run.problem
    content = bytes_of(run)
    assert (len(content), sha256(content).hexdigest()) == (run.size, run.sha256)
    assert (run.documents, run.net, run.vat_total, run.gross) == (
        *(3, Decimal("203.33")),
        *(Decimal("40.67"), Decimal("244.00")),
    )


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_stays_the_same_whatever_happens_afterwards(march, name):
    run = a_run(name)
    content = bytes_of(run)
    a_document("RE-2026-00003", date(2026, 3, 9))
    Document.objects.update(status="transmitted", transmitted_at=LATER)
    settled_settings(debtor_offset=70_000, decimal_mark=".", bmd_tax_sign="same")
    assert bytes_of(ExportRun.objects.get(pk=run.pk)) == content


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_documents_at_the_same_moment_give_the_same_bytes(march, name):
    assert a_run(name).sha256 == a_run(name).sha256


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
    assert rows[1]["text"].startswith("Lódz & Söhne RE-2026-00002 Leistung 08.03.")


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
    assert '"Lódz & Söhne"' in lines[3]


def test_the_workbook_holds_numbers_and_days(march):
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(a_run("xlsx"))))
    documents = list(book["documents"].iter_rows(values_only=True))
    first = dict(zip(documents[0], documents[1], strict=True))
    assert first["issue_date"].date() == date(2026, 3, 4)
    assert sum(row[documents[0].index("gross")] for row in documents[1:]) == 244
    assert book["lines"].max_row == 7


def test_the_archive_holds_what_was_issued_and_says_its_hashes(march, monkeypatch):
    with_xml = march[1].file.pk
    for module in (archive, stored_files):
        monkeypatch.setattr(
            module, "stored_xml", lambda f: b"<xml/>" if f.pk == with_xml else b""
        )
    run = a_run("zip")
    with zipfile.ZipFile(io.BytesIO(bytes_of(run))) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        contents = {name: opened.read(name) for name in names}
    assert contents["documents/RE-2026-00001.pdf"] == bytes(march[0].file.content)
    assert contents["documents/RE-2026-00002.xml"] == b"<xml/>"
    assert "documents/RE-2026-00001.xml" not in names
    sums = {}
    for line in contents["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        sums[name] = digest
    assert set(sums) == set(names) - {"manifest.csv", "SHA256SUMS"}
    for name, digest in sums.items():
        assert sha256(contents[name]).hexdigest() == digest, name
    manifest = contents["manifest.csv"].decode().splitlines()
    assert len(manifest) == 1 + len(sums)
    size = len(march[0].file.content)
    assert any(m.startswith(f"documents/RE-2026-00001.pdf;{size};") for m in manifest)


def test_an_archive_keeps_no_second_copy_of_a_pdf(march):
    run = a_run("zip")
    own = b"".join(bytes(piece.content) for piece in run.pieces.all())
    assert b"%PDF of" not in own
    assert b"%PDF of" in bytes_of(run)


def test_a_pdf_that_was_tampered_with_stops_the_archive(march):
    tamper("UPDATE billing_documentfile SET content = 'other'")
    run = a_run("zip")
    assert (run.status, run.problem) == ("failed", "bytes_changed")
    assert run.problem_about == "RE-2026-00001"
    assert not run.pieces.exists()


def test_a_file_that_is_not_what_it_was_is_not_handed_out_whole(march):
    run = a_run("csv")
    tamper("UPDATE billing_exportpiece SET content = content || 'x'")
    with pytest.raises(BrokenExport):
        list(stream(run))


def test_documents_know_their_exports_and_a_second_one_is_marked(march):
    first = a_run("bmd")
    assert first.repeated == 0
    again = a_run("bmd")
    assert again.repeated == 3
    assert a_run("csv").repeated == 0
    runs = march[0].exports.order_by("pk").values_list("run_id", flat=True)
    assert list(runs)[:2] == [first.pk, again.pk]


def test_what_is_new_is_what_no_export_of_this_format_holds(march):
    a_run("bmd")
    with pytest.raises(Problem, match="nothing_selected"):
        a_run("bmd", only_new=True)
    a_document("RE-2026-00003", date(2026, 3, 20))
    assert a_run("bmd", only_new=True).documents == 1
    assert a_run("datev", only_new=True).documents == 4


def test_an_export_that_failed_holds_nothing(march, monkeypatch):
    monkeypatch.setattr(
        "billing.exports.archive.stored_xml", lambda f: (_ for _ in ()).throw(OSError)
    )
    run = a_run("zip")
    assert (run.status, run.problem) == ("failed", "making_failed")
    monkeypatch.undo()
    assert a_run("zip", only_new=True).documents == 3


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"issued_from": date(2026, 3, 5)}, {"RE-2026-00002", "RK-2026-00001"}),
        ({"issued_to": date(2026, 3, 8)}, {"RE-2026-00001"}),
        ({"kind": "credit_note"}, {"RK-2026-00001"}),
    ],
)
def test_an_export_holds_what_fits_its_filter(march, wanted, numbers):
    run = a_run("csv", **wanted)
    assert {row["number"] for row in rows_of(run)} == numbers
    assert run.documents == len(numbers)


def test_an_account_is_exported_alone(march):
    a_document("RE-2026-00007", date(2026, 3, 20), account_number="K-7")
    assert a_run("csv", account_number="K-7").documents == 1


def test_drafts_are_never_exported(march):
    Document.objects.create(
        incident_reference="NF-DRAFT", created_at=NOW, computed_at=NOW
    )
    assert a_run("csv").documents == 3


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


def test_an_account_that_is_not_set_is_named_and_nothing_is_made(march):
    settled_settings(debtor_rule="collective", debtor_account="")
    with pytest.raises(Problem, match="debtor_account_missing"):
        a_run("bmd")
    assert not ExportRun.objects.exists()


def test_without_any_settings_plain_formats_are_made_and_bookings_refused(db):
    a_document("RE-2026-00001")
    assert a_run("csv").status == "made"
    with pytest.raises(Problem, match="bmd_account_missing: S 20"):
        a_run("bmd")
    with pytest.raises(Problem, match="datev_consultant_missing"):
        a_run("datev")


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


def test_a_document_whose_taxes_do_not_come_to_its_sums_stops_the_export(books):
    a_document("RE-2026-00001")
    tamper("UPDATE billing_documenttax SET amount = 40.66")
    run = a_run("csv")
    assert (run.status, run.problem) == ("failed", "sums_differ")


def test_what_somebody_agreed_to_is_what_is_exported(march):
    wanted = Wanted(format="csv")
    with pytest.raises(BillingRefusal) as refusal:
        request_export(
            wanted=wanted, staff_id=None, now=NOW, seen=(2, Decimal("488.00"))
        )
    assert refusal.value.code == "export_changed"
    run = request_export(
        wanted=wanted, staff_id=None, now=NOW, seen=(3, Decimal("244.00"))
    )
    assert run.status == "due"


def refused(statement, *values):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
    return True


def test_the_database_refuses_to_change_what_was_exported(march):
    run = a_run("csv")
    assert refused("UPDATE billing_exportrun SET gross = gross, documents = 1")
    assert refused("DELETE FROM billing_exportrun")
    assert refused("UPDATE billing_exportpiece SET content = ''")
    assert refused("DELETE FROM billing_exportpiece")
    assert refused("DELETE FROM billing_exportentry")
    assert refused("UPDATE billing_exportsettings SET debtor_offset = 1")
    assert refused("DELETE FROM billing_exporttaxcode")
    other = a_document("RE-2026-00009", date(2026, 3, 20))
    assert refused(
        "INSERT INTO billing_exportentry (run_id, document_id) VALUES (%s, %s)",
        run.pk,
        other.pk,
    )
    assert refused(
        "INSERT INTO billing_exportpiece (run_id, position, content, part)"
        " VALUES (%s, 99, '', '')",
        run.pk,
    )


def test_a_waiting_run_keeps_its_documents_and_sums(march):
    request_export(wanted=Wanted(format="csv"), staff_id=None, now=NOW)
    assert refused("UPDATE billing_exportrun SET documents = 1, gross = 0, net = 0")
    a_document("RE-2026-00009", date(2026, 3, 20))
    assert make_waiting(now=LATER) == 1
    assert len(rows_of(ExportRun.objects.get())) == 3
    assert ExportEntry.objects.count() == 3


def test_an_attempt_that_died_is_made_good_and_leaves_nothing(march):
    run = request_export(wanted=Wanted(format="csv"), staff_id=None, now=NOW)
    ExportRun.objects.update(status="making", lease_until=NOW + LEASE)
    ExportPiece.objects.create(run=run, position=0, content=b"half of it")
    assert not make_export(run_id=run.pk, now=NOW)
    assert make_export(run_id=run.pk, now=NOW + LEASE + timedelta(seconds=1))
    run.refresh_from_db()
    assert b"half of it" not in bytes_of(run)


def test_making_twice_makes_one_file(march):
    run = a_run("csv")
    assert not make_export(run_id=run.pk, now=LATER)
    assert make_waiting(now=LATER) == 0
