"""The nightly import: a due row, claimed by one worker, planned anew when it ends."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from emergency.actions.account_import import Listed, discard_older, fail, import_list
from emergency.actions.refusal import Refused
from emergency.models import AccountImport
from emergency.outbound import ListNotFetched, fetch_list
from emergency.rules.nightly import next_night, next_run

logger = logging.getLogger(__name__)

# Longer than any run takes; afterwards another worker begins it anew.
LEASE = timedelta(minutes=5)
Status, Origin = AccountImport.Status, AccountImport.Origin


def run_due(*, clock: Callable[[], datetime]) -> AccountImport | None:
    """The nightly list is imported, if it is time; the run, or None. Without an address
    nothing is asked and nothing is planned."""
    if not settings.ACCOUNTS_IMPORT_URL:
        return None
    run = _claim(clock())
    if run is None:
        return None
    try:
        content = fetch_configured()
    except ListNotFetched as error:
        with transaction.atomic():
            fail(run=run, code=error.code, now=clock())
            _plan_next(clock(), failed=True)
        return run
    try:
        _take_in(run, content, clock())
    except Refused:
        # Somebody imports by hand: the lease runs out, and it is tried again.
        return None
    except Exception:
        logger.exception("the nightly import broke")
        _end_broken(run.pk, clock())
    run.refresh_from_db()
    return run


def fetch_configured() -> bytes:
    """The list at the address of the settings. Raises ListNotFetched."""
    return fetch_list(
        settings.ACCOUNTS_IMPORT_URL,
        token=settings.ACCOUNTS_IMPORT_TOKEN,
        allow_host=settings.ACCOUNTS_IMPORT_ALLOW_HOST,
    )


def shown_address(url: str) -> str:
    """The address without what may be a secret: its query and a user."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _take_in(run: AccountImport, content: bytes, now: datetime) -> None:
    source = shown_address(settings.ACCOUNTS_IMPORT_URL)
    with transaction.atomic():
        import_list(
            listed=Listed(content=content, source=source),
            origin=Origin.NIGHTLY,
            confirmed=False,
            now=now,
            run=run,
        )
        discard_older(than=run, now=now)
        _plan_next(now, failed=run.status == Status.FAILED)


def _end_broken(run_id: int, now: datetime) -> None:
    """Nothing of the list was written; it is tried again within the hour."""
    with transaction.atomic():
        fail(run=AccountImport.objects.get(pk=run_id), code="broken", now=now)
        _plan_next(now, failed=True)


def _claim(now: datetime) -> AccountImport | None:
    """The run, ours until the lease ends; None when it is not time or another's."""
    planned = _planned().first()
    if planned is None:
        _plan(next_night(now, ZoneInfo(settings.TIME_ZONE)))
        return None
    ours = AccountImport.objects.claimable(now).filter(pk=planned.pk)
    if not ours.update(status=Status.RUNNING, lease_until=now + LEASE):
        return None
    planned.refresh_from_db()
    return planned


def _planned() -> "QuerySet[AccountImport]":
    return AccountImport.objects.filter(
        origin=Origin.NIGHTLY, status__in=[Status.DUE, Status.RUNNING]
    )


def _plan_next(now: datetime, *, failed: bool) -> None:
    _plan(next_run(now, ZoneInfo(settings.TIME_ZONE), failed=failed))


def _plan(at: datetime) -> None:
    """One is planned at a time, however many ask for it."""
    AccountImport.objects.bulk_create(
        [AccountImport(origin=Origin.NIGHTLY, status=Status.DUE, due_at=at)],
        ignore_conflicts=True,
    )
