"""Imports of accounts and servers: read, looked at, written; every run is a row."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from emergency.actions.account_writing import facts_of, write
from emergency.actions.audit import Area, Via, record, record_all
from emergency.actions.refusal import Refused
from emergency.models import AccountImport, AccountImportFile, Staff
from emergency.queries.stored_accounts import planned, stopped_by_brake
from emergency.rules.account_plan import Plan
from emergency.sources.base import ListUnreadable

# The first half of the key of an advisory lock: "AI".
LOCK = 0x4149
# More of them help nobody; all are counted.
MOST_PROBLEMS = 500
Status, Origin = AccountImport.Status, AccountImport.Origin
VIA: dict[str, str] = {
    Origin.UPLOAD: Via.DESK,
    Origin.COMMAND: Via.COMMAND,
    Origin.NIGHTLY: Via.ENGINE,
}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list as it came. ``source`` is the name of its file, or its address."""

    content: bytes
    source: str
    partial: bool = False


def preview(*, listed: Listed, staff: Staff, now: datetime) -> AccountImport:
    """The list waits for somebody to look at it and confirm; nothing else changed. A
    list that cannot be read is a run that failed. Raises Refused (``import_running``).
    """
    run = AccountImport(origin=Origin.UPLOAD, due_at=now, staff=staff)
    with transaction.atomic():
        plan = _read(run, listed, now)
        if plan is not None:
            braked = bool(stopped_by_brake(plan))
            _wait(run, Status.STOPPED if braked else Status.PREVIEW, listed, now)
    return run


def import_list(
    *,
    listed: Listed,
    origin: str,
    confirmed: bool,
    now: datetime,
    run: AccountImport | None = None,
) -> AccountImport:
    """The good rows of the list are written, in one transaction, unless the brake on
    mass changes stops the run, which then waits at the desk; ``confirmed`` lets it go
    on. ``run`` is the row that was planned for it, else it is a new one. Raises Refused
    (``import_running``)."""
    run = run or AccountImport(origin=origin, due_at=now)
    with transaction.atomic():
        plan = _read(run, listed, now)
        if plan is None:
            return run
        if confirmed or not stopped_by_brake(plan):
            _write(run, plan, now, by=None)
            return run
        _wait(run, Status.STOPPED, listed, now)
        record(
            Area.TRANSFER,
            "import_stopped",
            now=now,
            by=None,
            via=VIA[run.origin],
            about=f"import:{run.pk}",
        )
    return run


def confirm(
    *, run_id: int, fingerprint: str, staff: Staff, now: datetime
) -> AccountImport:
    """What was shown is written. Raises Refused: ``import_decided`` when the run does
    not wait any more, ``import_changed`` when it would change something else by now."""
    with transaction.atomic():
        _lock()
        run = _waiting(run_id)
        plan = planned(bytes(run.file.content), partial=run.partial)
        if plan.fingerprint != fingerprint:
            raise Refused("import_changed")
        run.confirmed_by = staff
        _write(run, plan, now, by=staff)
    return run


def discard(*, run_id: int, staff: Staff, now: datetime) -> None:
    """Nothing of the list is written, and its file is gone. Raises Refused
    (``import_decided``)."""
    with transaction.atomic():
        run = _waiting(run_id)
        _end(run, Status.DISCARDED, now)
        record(
            Area.TRANSFER,
            "import_discarded",
            now=now,
            by=staff,
            about=f"import:{run.pk}",
        )


def discard_older(*, than: AccountImport, now: datetime) -> None:
    """Earlier nightly lists do not wait any more: there is a newer one."""
    older = AccountImport.objects.waiting().filter(origin=Origin.NIGHTLY)
    for run in older.exclude(pk=than.pk).select_for_update(of=("self",)):
        _end(run, Status.DISCARDED, now)


def fail(*, run: AccountImport, code: str, place: str = "", now: datetime) -> None:
    """The run ended without a list that could be read."""
    run.failure = code
    run.problems = [{"place": place, "code": code}] if place else []
    _end(run, Status.FAILED, now)


def _read(run: AccountImport, listed: Listed, now: datetime) -> Plan | None:
    """The run says what the list would change; None when it cannot be read."""
    _lock()
    run.source, run.partial = listed.source[:200], listed.partial
    run.read_at, run.digest = now, sha256(listed.content).hexdigest()
    try:
        plan = planned(listed.content, partial=listed.partial)
    except ListUnreadable as error:
        fail(run=run, code=error.code, place=error.place, now=now)
        return None
    _tell(run, plan)
    return plan


def _wait(run: AccountImport, status: str, listed: Listed, now: datetime) -> None:
    run.status, run.lease_until = status, None
    run.save()
    AccountImportFile.objects.create(run=run, at=now, content=listed.content)


def _write(run: AccountImport, plan: Plan, now: datetime, *, by: Staff | None) -> None:
    write(plan, now=now)
    _tell(run, plan)
    _end(run, Status.DONE, now)
    via = Via.DESK if by is not None else VIA[run.origin]
    record(
        Area.TRANSFER,
        "accounts_imported",
        now=now,
        by=by,
        via=via,
        about=f"import:{run.pk}",
        digest=run.digest,
        counts=run.counts,
        problems=run.problem_count,
    )
    record_all(facts_of(plan, run.pk), now=now, by=by, via=via)


def _tell(run: AccountImport, plan: Plan) -> None:
    run.fingerprint = plan.fingerprint
    run.counts = {**plan.counts(), "held_back": plan.held_back}
    run.problem_count = len(plan.problems)
    run.problems = [
        {name: value for name, value in asdict(problem).items() if value}
        for problem in plan.problems[:MOST_PROBLEMS]
    ]


def _end(run: AccountImport, status: str, now: datetime) -> None:
    run.status, run.ended_at, run.lease_until = status, now, None
    run.save()
    AccountImportFile.objects.filter(run=run).delete()


def _waiting(run_id: int) -> AccountImport:
    waiting = AccountImport.objects.waiting().select_for_update(of=("self",))
    run = waiting.filter(pk=run_id).first()
    if run is None:
        raise Refused("import_decided")
    return run


def _lock() -> None:
    """One import at a time: two of them would add the same rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [LOCK])
        if cursor.fetchone() != (True,):
            raise Refused("import_running")
