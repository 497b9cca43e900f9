"""Every format by its name."""

from django.utils import timezone

from billing.exports import archive, bmd, datev, plain_csv, workbook
from billing.exports.piece import Job, Write
from billing.exports.reading import read
from billing.exports.selection import of_run
from billing.models import ExportRun
from billing.rules.bookkeeping import Problem

WRITERS: dict[str, Write] = {
    ExportRun.Format.CSV: plain_csv.write_documents,
    ExportRun.Format.CSV_LINES: plain_csv.write_lines,
    ExportRun.Format.XLSX: workbook.write,
    ExportRun.Format.ZIP: archive.write,
    ExportRun.Format.BMD: bmd.write,
    ExportRun.Format.DATEV: datev.write,
}
_CSV = "text/csv"
MEDIA_TYPES: dict[str, str] = {
    ExportRun.Format.CSV: _CSV,
    ExportRun.Format.CSV_LINES: _CSV,
    ExportRun.Format.XLSX: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    ExportRun.Format.ZIP: "application/zip",
    ExportRun.Format.BMD: _CSV,
    ExportRun.Format.DATEV: _CSV,
}
_NAMES: dict[str, str] = {
    ExportRun.Format.CSV: "documents-{0}.csv",
    ExportRun.Format.CSV_LINES: "lines-{0}.csv",
    ExportRun.Format.XLSX: "documents-{0}.xlsx",
    ExportRun.Format.ZIP: "documents-{0}.zip",
    ExportRun.Format.BMD: "bmd-{0}.csv",
    ExportRun.Format.DATEV: "EXTF_Buchungsstapel_{0}.csv",
}


def file_name(run: ExportRun) -> str:
    """The name under which the file is handed out."""
    return _NAMES[run.format].format(run.pk)


def job_of(run: ExportRun) -> Job:
    """What the run's format is given. Raises Problem when the run holds nothing."""
    documents = of_run(run)
    first = documents.values_list("issue_date", flat=True).first()
    last = documents.values_list("issue_date", flat=True).last()
    if first is None or last is None:
        raise Problem("nothing_selected")
    return Job(
        documents=lambda: read(documents),
        books=run.settings.bookkeeping(),
        asked_at=timezone.localtime(run.requested_at),
        first=first,
        last=last,
    )
