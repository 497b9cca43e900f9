"""An export is a row with its documents, sums and bytes, and stays what it was."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction

from billing.actions.exporting import (
    LEASE,
    make_export,
    make_waiting,
    request_export,
)
from billing.actions.refusal import BillingRefusal
from billing.exports import formats
from billing.exports.handing_out import BrokenExport, stream
from billing.exports.piece import Piece
from billing.exports.selection import Wanted
from billing.models import Document, ExportEntry, ExportPiece, ExportRun
from billing.rules.bookkeeping import Problem
from emergency.models import AuditEntry
from tests import people
from tests.integration.billing.bookkeeping import (
    NOW,
    a_document,
    a_run,
    bytes_of,
    rows_of,
    settled_settings,
)

FORMATS = ExportRun.Format.values
LATER = NOW + timedelta(days=30)


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


def test_a_pdf_that_was_tampered_with_stops_the_archive(march):
    tamper("UPDATE billing_documentfile SET content = 'other'")
    run = a_run("zip")
    assert (run.status, run.problem) == ("failed", "bytes_changed")
    assert run.problem_about == "RE-2026-00001"
    assert not run.pieces.exists()


def test_an_e_invoice_that_was_tampered_with_stops_the_archive(books):
    a_document("RE-2026-00001", forms={"factur_x": b"<xml/>"})
    tamper("UPDATE billing_einvoice SET content = '<other/>'")
    run = a_run("zip")
    assert (run.status, run.problem) == ("failed", "form_changed")


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
    monkeypatch.setattr("billing.exports.archive.EInvoice", property(lambda _: None))
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


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_what_is_new_never_get_the_same_document():
    settled_settings()
    for n in range(1, 6):
        a_document(f"RE-2026-{n:05}", content=b"%PDF")
    wanted = Wanted(format="bmd", only_new=True)
    start = threading.Barrier(4)
    made: list[int] = []
    refused: list[str] = []

    def ask():
        try:
            start.wait(timeout=30)
            run = request_export(wanted=wanted, staff_id=None, now=NOW)
            made.append(run.documents)
        except Problem as problem:
            refused.append(problem.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert made == [5]
    assert refused == ["nothing_selected"] * 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_file_and_nobody_makes_the_other_half():
    settled_settings()
    for n in range(1, 6):
        a_document(f"RE-2026-{n:05}", content=b"%PDF")
    run = request_export(wanted=Wanted(format="zip"), staff_id=None, now=NOW)
    start = threading.Barrier(4)
    done: list[bool] = []

    def work():
        try:
            start.wait(timeout=30)
            done.append(make_export(run_id=run.pk, now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(done) == [False, False, False, True]
    run.refresh_from_db()
    assert len(bytes_of(run)) == run.size


def test_a_worker_that_lost_its_lease_writes_nothing_more(march, monkeypatch):
    run = request_export(wanted=Wanted(format="csv"), staff_id=None, now=NOW)
    write = formats.WRITERS["csv"]

    def slowly(job, tally):
        later = NOW + LEASE + timedelta(seconds=1)
        monkeypatch.setitem(formats.WRITERS, "csv", write)
        assert make_export(run_id=run.pk, now=later)
        yield Piece(b"too late")

    monkeypatch.setitem(formats.WRITERS, "csv", slowly)
    assert not make_export(run_id=run.pk, now=NOW)
    run.refresh_from_db()
    assert run.is_made
    assert b"too late" not in bytes_of(run)


def test_who_asked_for_which_documents_stands_in_the_audit(march):
    ines = people.accountant()
    run = request_export(wanted=Wanted(format="csv"), staff_id=ines.pk, now=NOW)
    entry = AuditEntry.objects.get(code="invoices_exported")
    assert (entry.staff, entry.subject) == (ines, f"export:{run.pk}")
    assert entry.values == {"format": "csv", "documents": run.documents}
