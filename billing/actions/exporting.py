"""Hand documents to the books: a run is fixed, its file is made, both are kept."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from billing import wake
from billing.actions.refusal import BillingRefusal
from billing.exports.formats import WRITERS, job_of
from billing.exports.piece import Piece, Tally
from billing.exports.readiness import problems
from billing.exports.selection import Wanted, repeated, selected
from billing.models import Document, ExportEntry, ExportPiece, ExportRun, ExportSettings
from billing.queries import sums
from billing.rules.bookkeeping import Problem
from emergency.billable import record_export

logger = logging.getLogger(__name__)

# The first half of the key of an advisory lock: "EX".
LOCK = 0x4558
# Longer than any file takes; afterwards another worker begins it anew.
LEASE = timedelta(minutes=30)
# What is written at once, so that the page sees the file grow.
MOST_PIECES, MOST_BYTES = 200, 512 * 1024
Status = ExportRun.Status
OPEN = (Status.DUE, Status.MAKING)


@transaction.atomic
def request_export(
    *,
    wanted: Wanted,
    staff_id: int | None,
    now: datetime,
    seen: tuple[int, Decimal] | None = None,
) -> ExportRun:
    """A run with exactly the documents that fit now; its file is made afterwards.

    ``seen``: the number and gross sum that somebody agreed to. Raises BillingRefusal
    when the documents are others by now, and Problem when no file can be made of them.
    """
    with connection.cursor() as cursor:
        # Two people who ask for what is new do not get the same documents.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    documents = selected(wanted)
    settings = ExportSettings.current()
    books = settings.bookkeeping()
    problem = next(problems(documents, wanted.format, books), None)
    if problem is not None:
        raise problem
    found = sums(documents)
    if seen is not None and seen != (found.count, found.gross):
        raise BillingRefusal("export_changed")
    if settings._state.adding:
        settings.created_at = now
        settings.save()
    run = ExportRun.objects.create(
        format=wanted.format,
        requested_at=now,
        requested_by_id=staff_id,
        settings=settings,
        issued_from=wanted.issued_from,
        issued_to=wanted.issued_to,
        kind=wanted.kind,
        account_number=wanted.account_number,
        only_new=wanted.only_new,
        documents=found.count,
        repeated=repeated(documents, wanted.format).count(),
        net=found.net,
        vat_total=found.vat_total,
        gross=found.gross,
    )
    if _enter(run, documents) != found.count:
        raise BillingRefusal("export_changed")
    record_export(
        "invoices_exported",
        about=f"export:{run.pk}",
        staff_id=staff_id,
        now=now,
        format=run.format,
        documents=found.count,
    )
    wake.after_commit(wake.MAKE_EXPORT, run.pk)
    return run


def _enter(run: ExportRun, documents: QuerySet[Document]) -> int:
    """The documents stand in the run; how many."""
    chosen, values = documents.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ExportEntry._meta.db_table} (run_id, document_id)"  # noqa: S608
            f" SELECT %s, chosen.pk FROM ({chosen}) AS chosen (pk)",
            [run.pk, *values],
        )
        return int(cursor.rowcount)


def make_waiting(*, now: datetime) -> int:
    """Every run that waits has its file, or says why not; how many files were made."""
    waiting = ExportRun.objects.filter(_to_make(now)).order_by("pk")
    made = [
        make_export(run_id=pk, now=now)
        for pk in list(waiting.values_list("pk", flat=True))
    ]
    return made.count(True)


def make_export(*, run_id: int, now: datetime) -> bool:
    """The run has its file, kept byte for byte; False when it could not be made or
    somebody else makes it."""
    run = _claim(run_id, now)
    if run is None:
        return False
    tally = Tally()
    digest, size, position = sha256(), 0, 0
    try:
        for some in _batches(WRITERS[run.format](job_of(run), tally)):
            for piece in some:
                for part in (piece.content, piece.issued):
                    digest.update(part)
                    size += len(part)
            _keep(run, some, position, tally)
            position += len(some)
    except Problem as problem:
        _fail(run, problem)
        return False
    except BillingRefusal:
        # Another worker took over when our time was up.
        return False
    except Exception:
        logger.exception("export %s cannot be made", run.pk)
        _fail(run, Problem("making_failed"))
        return False
    return (
        _owned(run).update(
            status=Status.MADE,
            made_at=now,
            lease_until=None,
            sha256=digest.hexdigest(),
            size=size,
            rows=tally.rows,
            replaced=tally.replaced,
            progress=run.documents,
        )
        == 1
    )


def _to_make(now: datetime) -> Q:
    return Q(status=Status.DUE) | Q(status=Status.MAKING, lease_until__lt=now)


@transaction.atomic
def _claim(run_id: int, now: datetime) -> ExportRun | None:
    run = (
        ExportRun.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("settings")
        .filter(_to_make(now), pk=run_id)
        .first()
    )
    if run is None:
        return None
    run.status, run.lease_until, run.progress = Status.MAKING, now + LEASE, 0
    run.save(update_fields=["status", "lease_until", "progress"])
    # What an attempt that died has left.
    ExportPiece.objects.filter(run=run).delete()
    return run


def _owned(run: ExportRun) -> QuerySet[ExportRun]:
    """The run, as long as it is ours to make."""
    return ExportRun.objects.filter(
        pk=run.pk, status=Status.MAKING, lease_until=run.lease_until
    )


def _batches(pieces: Iterator[Piece]) -> Iterator[list[Piece]]:
    some: list[Piece] = []
    size = 0
    for piece in pieces:
        some.append(piece)
        size += len(piece.content) + len(piece.issued)
        if len(some) >= MOST_PIECES or size >= MOST_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


@transaction.atomic
def _keep(run: ExportRun, pieces: list[Piece], position: int, tally: Tally) -> None:
    """The pieces are stored, and the page knows how far the file is."""
    if not _owned(run).update(progress=tally.documents):
        raise BillingRefusal("changed")
    ExportPiece.objects.bulk_create(
        ExportPiece(
            run=run,
            position=number,
            content=piece.content,
            file_id=piece.file_id,
            part=piece.part,
        )
        for number, piece in enumerate(pieces, start=position)
    )


@transaction.atomic
def _fail(run: ExportRun, problem: Problem) -> None:
    if not _owned(run).exists():
        return
    ExportPiece.objects.filter(run=run).delete()
    _owned(run).update(
        status=Status.FAILED,
        lease_until=None,
        problem=problem.code[:40],
        problem_about=problem.about[:200],
    )
