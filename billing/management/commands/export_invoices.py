"""`manage.py export_invoices`: the same exports as on the page, from a terminal.

The file goes where --output says; what was exported is told on standard output (on
standard error when the file itself goes to standard output).
"""

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.actions.exporting import make_export, request_export
from billing.actions.refusal import BillingRefusal
from billing.exports.formats import file_name
from billing.exports.handing_out import BrokenExport, stream
from billing.exports.readiness import preview
from billing.exports.selection import Wanted, repeated, selected
from billing.models import Document, ExportRun, ExportSettings
from billing.queries import sums
from billing.rules.bookkeeping import Problem
from billing.rules.roles import ACCOUNTING

REFUSED = 2


class Command(BaseCommand):
    help = "Export issued documents, or hand out an earlier export again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=ExportRun.Format.values)
        parser.add_argument("--from", dest="issued_from", type=_day, metavar="DAY")
        parser.add_argument("--to", dest="issued_to", type=_day, metavar="DAY")
        parser.add_argument("--kind", choices=Document.Kind.values, default="")
        parser.add_argument("--account", default="", help="account number")
        parser.add_argument(
            "--only-new",
            action="store_true",
            help="leave out what an export of this format holds already",
        )
        parser.add_argument("--by", help="e-mail of the member of staff who asks")
        parser.add_argument("--run", type=int, help="hand out this export again")
        parser.add_argument(
            "--preview", action="store_true", help="make nothing, show the first rows"
        )
        parser.add_argument(
            "--output", help="file or folder; - is standard output; default: nowhere"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        try:
            if options["run"] is not None:
                self._hand_out(_run(options["run"]), options)
            elif options["format"] is None:
                raise CommandError("--format or --run is missing", returncode=REFUSED)
            elif options["preview"]:
                self._preview(_wanted(options))
            else:
                _check_output(options["output"])
                self._hand_out(_made(options), options)
        except (Problem, BillingRefusal) as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None

    def _preview(self, wanted: Wanted) -> None:
        documents = selected(wanted)
        found = sums(documents)
        shown = preview(documents, wanted, ExportSettings.current().bookkeeping())
        self.stdout.write(
            json.dumps(
                {
                    "documents": found.count,
                    "net": str(found.net),
                    "vat": str(found.vat_total),
                    "gross": str(found.gross),
                    "repeated": repeated(documents, wanted.format).count(),
                    "problems": [str(problem) for problem in shown.problems],
                    "replaced_names": dict(shown.losses),
                    "header": shown.header,
                    "rows": shown.rows,
                },
                ensure_ascii=False,
                indent=1,
            )
        )

    def _hand_out(self, run: ExportRun, options: dict[str, Any]) -> None:
        to = options["output"]
        try:
            if to == "-":
                sys.stdout.buffer.writelines(stream(run))
            elif to:
                _write(run, Path(to))
        except (OSError, BrokenExport) as error:
            # Its documents count as exported: say how to come by the file.
            raise CommandError(
                f"--output: {error}; --run {run.pk} hands export {run.pk} out again",
                returncode=REFUSED,
            ) from None
        out = self.stderr if to == "-" else self.stdout
        facts = _facts(run)
        if options["json"]:
            out.write(json.dumps(facts, ensure_ascii=False))
        else:
            for name, value in facts.items():
                out.write(f"{name}: {value}")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _run(pk: int) -> ExportRun:
    run = ExportRun.objects.filter(pk=pk).first()
    if run is None or not run.is_made:
        raise CommandError(
            f"--run: there is no file of export {pk}", returncode=REFUSED
        )
    return run


def _wanted(options: dict[str, Any]) -> Wanted:
    return Wanted(
        format=options["format"],
        issued_from=options["issued_from"],
        issued_to=options["issued_to"],
        kind=options["kind"],
        account_number=options["account"],
        only_new=options["only_new"],
    )


def _made(options: dict[str, Any]) -> ExportRun:
    """The export that is asked for, with its file. Raises Problem."""
    now = timezone.now()
    run = request_export(
        wanted=_wanted(options), staff_id=_staff(options["by"]), now=now
    )
    make_export(run_id=run.pk, now=now)
    run.refresh_from_db()
    if not run.is_made:
        raise Problem(run.problem or "made_elsewhere", run.problem_about)
    return run


def _staff(email: str | None) -> int | None:
    if email is None:
        return None
    staff = get_user_model().objects.filter(email=email, is_active=True).first()
    if staff is None or staff.role not in ACCOUNTING:
        raise CommandError(f"--by: {email} may not export", returncode=REFUSED)
    return int(staff.pk)


def _check_output(to: str | None) -> None:
    """Before anything counts as exported: there is a place for the file."""
    if not to or to == "-":
        return
    path = Path(to)
    folder = path if path.is_dir() else path.parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise CommandError(
            f"--output: {folder} is no folder to write to", returncode=REFUSED
        )


def _write(run: ExportRun, path: Path) -> None:
    """The whole file stands there, or what stood there before."""
    if path.is_dir():
        path /= file_name(run)
    if path.exists() and not path.is_file():
        # A pipe or a device takes what comes.
        with path.open("wb") as target:
            target.writelines(stream(run))
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as target:
            target.writelines(stream(run))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _facts(run: ExportRun) -> dict[str, Any]:
    return {
        "run": run.pk,
        "format": run.format,
        "file": file_name(run),
        "documents": run.documents,
        "repeated": run.repeated,
        "net": str(run.net),
        "vat": str(run.vat_total),
        "gross": str(run.gross),
        "rows": run.rows,
        "replaced": run.replaced,
        "bytes": run.size,
        "sha256": run.sha256,
    }
