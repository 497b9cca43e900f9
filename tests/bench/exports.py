"""What an export of many invoices takes: seconds, and the most memory.

Every format is made in a process of its own, first of few documents and then of all,
so that its peak is its own. The floor in time is PostgreSQL's COPY of the columns that
the plain table has; the floor in memory is what the few took.
"""

import json
import subprocess
import sys
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from django.db import connection
from django.utils import timezone

from billing.actions.exporting import make_export, request_export
from billing.exports.handing_out import stream
from billing.exports.readiness import preview
from billing.exports.selection import Wanted, selected
from billing.models import ExportRun, ExportSettings
from tests.bench.table import Row
from tests.integration.billing.bookkeeping import settled_settings
from tests.many_documents import many_documents

FEW = 2_000
# Far from the demo's invoices, so that both stay what they are.
FIRST = date(2001, 1, 1)
ONE = "import django; django.setup(); from tests.bench.exports import one; one({!r})"
COPY = """
COPY (
    SELECT number, kind, issue_date, supply_from, supply_to, due_date, account_number,
        recipient ->> 'legal_name', recipient ->> 'vat_id', category, rate, base,
        amount, currency, incident_reference, sha256
    FROM billing_document document
        JOIN billing_documenttax tax ON tax.document_id = document.id
        JOIN billing_documentfile file ON file.document_id = document.id
    WHERE issue_date < '2002-01-01' ORDER BY issued_at, document.id
) TO STDOUT (FORMAT csv, DELIMITER ';')
"""


def measure(count: int) -> list[Row]:
    """Seconds and megabytes of every format."""
    settled_settings()
    many_documents(FEW, first=FIRST - timedelta(days=31), pdf_bytes=4000)
    many_documents(count, first=FIRST, pdf_bytes=4000)
    floor = _copy()
    rows = []
    for name in ExportRun.Format.values:
        command = [sys.executable, "-c", ONE.format(name)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        found = json.loads(answer.stdout)
        rows += [
            Row(f"{name}, preview", found["preview"], floor, unit="s", at_most=10),
            Row(f"{name}, asked for", found["asked_for"], floor, unit="s", at_most=10),
            Row(f"{name}, made", found["made"], floor, unit="s"),
            Row(f"{name}, handed out", found["handed_out"], floor, unit="s"),
            Row(
                f"{name}, peak memory",
                found["peak"],
                found["peak_of_few"],
                unit="MB",
                ratio_at_most=1.25,
            ),
        ]
    return rows


def one(name: str) -> None:
    """Prints what one format took in this process."""
    _make(_ask(Wanted(format=name, issued_to=FIRST - timedelta(days=1))))
    few = _megabytes()
    wanted = Wanted(
        format=name, issued_from=FIRST, issued_to=FIRST + timedelta(days=30)
    )
    books = ExportSettings.current().bookkeeping()
    times = [time.perf_counter()]
    preview(selected(wanted), wanted, books)
    times.append(time.perf_counter())
    run = _ask(wanted)
    times.append(time.perf_counter())
    _make(run)
    times.append(time.perf_counter())
    size = sum(len(content) for content in stream(run))
    times.append(time.perf_counter())
    if size != run.size:
        raise AssertionError(f"{size} bytes of {run.size}")
    steps = ("preview", "asked_for", "made", "handed_out")
    took = {s: e - b for s, (b, e) in zip(steps, pairwise(times), strict=True)}
    print(json.dumps({**took, "peak": _megabytes(), "peak_of_few": few}))


def _ask(wanted: Wanted) -> ExportRun:
    return request_export(wanted=wanted, staff_id=None, now=timezone.now())


def _make(run: ExportRun) -> None:
    made = make_export(run_id=run.pk, now=timezone.now())
    run.refresh_from_db()
    if not made:
        raise AssertionError(f"{run.format}: {run.problem} {run.problem_about}")


def _copy() -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor, cursor.cursor.copy(COPY) as copy:
        for _ in copy:
            pass
    return time.perf_counter() - began


def _megabytes() -> float:
    """The most memory of this process; `getrusage` would count its parent's."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the kernel does not say how much memory was taken")
