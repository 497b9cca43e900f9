"""Exports from a terminal."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from billing.exports.handing_out import BrokenExport
from billing.management.commands import export_invoices
from billing.models import ExportRun
from tests.integration.billing.bookkeeping import (
    a_run,
    bytes_of,
    settled_settings,
)


def export(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("export_invoices", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_exports_like_the_page(documents, tmp_path, accountant):
    settled_settings()
    path = tmp_path / "march.csv"
    out, _ = export(
        *("--format", "datev", "--from", "2026-03-01", "--to", "2026-03-31"),
        *("--by", accountant.email, "--output", str(path), "--json"),
    )
    facts = json.loads(out)
    run = ExportRun.objects.get()
    assert (run.requested_by, run.is_made) == (accountant, True)
    assert path.read_bytes() == bytes_of(run)
    assert (facts["sha256"], facts["gross"], facts["replaced"]) == (
        *(run.sha256, "244.00", 2),
    )


def test_the_command_hands_out_an_earlier_export_again(documents, tmp_path):
    run = a_run("csv")
    out, _ = export("--run", str(run.pk), "--output", str(tmp_path))
    assert (tmp_path / f"documents-{run.pk}.csv").read_bytes() == bytes_of(run)
    assert f"sha256: {run.sha256}" in out
    assert ExportRun.objects.count() == 1


def test_the_commands_preview_makes_nothing(documents):
    settled_settings()
    out, _ = export("--format", "bmd", "--preview")
    shown = json.loads(out)
    assert (shown["documents"], shown["gross"], shown["problems"]) == (3, "244.00", [])
    assert shown["rows"][2][10:12] == ["-244,00", "40,67"]
    assert not ExportRun.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--format or --run"),
        (["--run", "77"], "no file of export 77"),
        (["--format", "bmd"], "bmd_account_missing: S 20"),
        (["--format", "csv", "--account", "K-0"], "nothing_selected"),
        (["--format", "csv", "--by", "x@example.com"], "may not export"),
        (["--format", "csv", "--output", "/nowhere/a.csv"], "no folder to write to"),
    ],
)
def test_the_command_says_why_it_does_nothing(documents, arguments, message):
    with pytest.raises(CommandError, match=message) as refused:
        export(*arguments)
    assert refused.value.returncode == 2
    assert not ExportRun.objects.exists()


def test_a_file_that_breaks_off_leaves_what_stood_there_before(
    documents, tmp_path, monkeypatch
):
    run = a_run("csv")
    path = tmp_path / "march.csv"
    path.write_text("February")

    def broken(run):
        yield b"half of it"
        raise BrokenExport("is not what it was")

    monkeypatch.setattr(export_invoices, "stream", broken)
    with pytest.raises(CommandError, match=f"--run {run.pk} hands export") as refused:
        export("--run", str(run.pk), "--output", str(path))
    assert refused.value.returncode == 2
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [
        ("march.csv", "February")
    ]
