"""The claim of a page, in statements written in SQL.

The promise is a telephone that rings at once, and a claim stands between every order
and every call. Building the same statements from querysets took longer than all else
together (decision 0014), so they are written down; a test holds them against
``Page.objects.due``.

``take_at_once`` is the one statement of the plain case, the first call of an emergency
whose telephone is free. Everything else is decided between ``ready_page`` and ``take``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connection
from django.db.models import Field, Model

from emergency.actions.identifiers import new_token
from emergency.models import Incident, Page, PageAttempt, Staff, Technician

# What a pager must be told; the other columns are read when somebody asks for them.
PAGE = frozenset(field.name for field in Page._meta.concrete_fields)
INCIDENT = frozenset(
    ("id", "reference", "status", "owner", "callback_deadline_at", "policy_snapshot")
)
TECHNICIAN = frozenset(("id", "staff"))
STAFF = frozenset(("id", "full_name", "language"))
_PREPARED = "take_a_plain_page"
# Connections that know the statement; a new one to a restarted server is not in it.
_prepared: "WeakSet[psycopg.Connection[Any]]" = WeakSet()


@dataclass(frozen=True, kw_only=True)
class ReadyPage:
    """A page that is due, with its row locked until the transaction ends.

    ``server`` is the first server of the incident that we know, or empty.
    ``line_is_shared`` says that other emergencies have a call to the same telephone
    waiting or under way.
    """

    page: Page
    server: str
    line_is_shared: bool


def ready_page(*, page_id: int, now: datetime) -> ReadyPage | None:
    """The page with its incident, the owner and the technician, locked. None when it
    is not due, or when somebody else holds it.

    Inside a transaction. The lock of the line, if any, is taken before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ready_sql(), [page_id, now, now])
        row = cursor.fetchone()
    if row is None:
        return None
    server, shared, *columns = row
    return ReadyPage(page=_page(columns), server=server or "", line_is_shared=shared)


def take_at_once(
    *,
    page_id: int,
    providers: Mapping[str, str],
    unanswered: Sequence[str],
    lock: int,
    lease_until: datetime,
    now: datetime,
) -> tuple[PageAttempt, str] | None:
    """The page is held until ``lease_until`` and a new attempt stands with its token;
    also the name of the server, or empty.

    None, and nothing has changed, unless it is the plain case: the first sending of an
    emergency's page that is due, by a kind with only one provider (``providers``), in
    an incident whose status is one of ``unanswered``, to a telephone that no other
    emergency calls and whose line (``lock``) nobody decides about just now. Raises
    OperationalError over a connection that died unnoticed.
    """
    token = new_token()
    # The caller asks again where the connection is dead; asking the server beforehand
    # whether it lives would cost every call a turn.
    connection.health_check_done = True  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        _prepare()
        cursor.execute(
            f"EXECUTE {_PREPARED} (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                page_id,
                list(providers),
                list(providers.values()),
                [str(status) for status in unanswered],
                lock,
                lease_until,
                now,
                token,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    attempt_id, provider, server, *columns = row
    page = _page(columns)
    _mark_taken(page, lease_until)
    attempt = _attempt(attempt_id, page, token=token, provider=provider, now=now)
    return attempt, server or ""


def _prepare() -> None:
    """This connection knows the statement; planning it anew for every call would take
    longer than it runs."""
    current = connection.connection
    if current not in _prepared:
        with connection.wrap_database_errors:
            current.execute(_at_once_sql())
        _prepared.add(current)


def _page(columns: Sequence[Any]) -> Page:
    """The page with its incident, the owner and the technician."""
    values = iter(columns)
    page: Page = _read(Page, PAGE, values)
    incident = _read(Incident, INCIDENT, values)
    owner, owner_staff = (
        _read(Technician, TECHNICIAN, values),
        _read(Staff, STAFF, values),
    )
    technician, staff = (
        _read(Technician, TECHNICIAN, values),
        _read(Staff, STAFF, values),
    )
    technician.staff = staff
    page.technician = technician
    if page.incident_id is None:
        page.incident = None
    else:
        page.incident = incident
        if incident.owner_id is not None:
            owner.staff = owner_staff
            incident.owner = owner
    return page


def take(
    page: Page, *, provider: str, lease_until: datetime, now: datetime
) -> PageAttempt:
    """The page is held until ``lease_until``, and a new attempt stands with its token.

    The page is locked by the caller.
    """
    token = new_token()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [lease_until, page.pk, page.pk, token, now, provider])
        attempt_id = cursor.fetchone()[0]
    _mark_taken(page, lease_until)
    return _attempt(attempt_id, page, token=token, provider=provider, now=now)


def _mark_taken(page: Page, lease_until: datetime) -> None:
    page.status, page.lease_until = Page.Status.CLAIMED, lease_until
    page.sends += 1
    page.held_reason, page.digest = "", None


def _attempt(
    key: int, page: Page, *, token: str, provider: str, now: datetime
) -> PageAttempt:
    attempt = PageAttempt(
        pk=key, page=page, token=token, started_at=now, provider=provider
    )
    attempt._state.adding = False
    return attempt


def _read(model: type[Model], names: frozenset[str], values: Iterator[Any]) -> Any:
    """A row of ``model`` with these fields; the others are read when asked for."""
    fields = _fields(model, names)
    taken = []
    for field in fields:
        value = next(values)
        if value is not None and hasattr(field, "from_db_value"):
            value = field.from_db_value(value, None, connection)
        taken.append(value)
    return model.from_db(connection.alias, [f.attname for f in fields], taken)


@cache
def _fields(model: type[Model], names: frozenset[str]) -> "tuple[Field[Any, Any], ...]":
    """The named fields, in the order in which ``from_db`` wants them."""
    return tuple(f for f in model._meta.concrete_fields if f.name in names)


def _columns(table: str, model: type[Model], names: frozenset[str]) -> str:
    return ", ".join(f'{table}."{f.column}"' for f in _fields(model, names))


@cache
def _told() -> str:
    """The columns of a page with all that a pager is told, as ``_page`` reads them."""
    return ", ".join(
        (
            _columns("page", Page, PAGE),
            _columns("incident", Incident, INCIDENT),
            _columns("owner", Technician, TECHNICIAN),
            _columns("owner_staff", Staff, STAFF),
            _columns("technician", Technician, TECHNICIAN),
            _columns("staff", Staff, STAFF),
        )
    )


_SERVER = """(
                SELECT server.name
                  FROM "emergency_reportserver" named
                  JOIN "emergency_report" report ON report.id = named.report_id
                  JOIN "emergency_server" server ON server.id = named.server_id
                 WHERE report.incident_id = page.incident_id
                 ORDER BY report.ordered_at, report.id, named.id LIMIT 1)"""
_SHARED = """(page.kind = 'voice' AND EXISTS (
                SELECT FROM "emergency_page" other
                 WHERE other.address = page.address AND other.kind = 'voice'
                   AND other.status IN ('queued', 'claimed', 'sent')
                   AND other.incident_id IS DISTINCT FROM page.incident_id))"""
_FROM = """
          FROM "emergency_page" page
          LEFT JOIN "emergency_incident" incident ON incident.id = page.incident_id
          LEFT JOIN "emergency_technician" owner ON owner.id = incident.owner_id
          LEFT JOIN "emergency_staff" owner_staff ON owner_staff.id = owner.staff_id
          JOIN "emergency_technician" technician ON technician.id = page.technician_id
          JOIN "emergency_staff" staff ON staff.id = technician.staff_id"""


@cache
def _ready_sql() -> str:
    return f"""
        SELECT {_SERVER}, {_SHARED}, {_told()} {_FROM}
         WHERE page.id = %s
           AND (page.status = 'queued' AND page.due_at <= %s
                OR page.status = 'claimed' AND page.lease_until < %s)
           FOR NO KEY UPDATE OF page SKIP LOCKED"""


@cache
def _at_once_sql() -> str:
    # The line is tried, not waited for: its lock ends with this statement, and whoever
    # decides about the same telephone next sees the page taken.
    return f"""
        PREPARE {_PREPARED} (bigint, text[], text[], text[], integer, timestamptz,
                             timestamptz, text) AS
        WITH ready AS MATERIALIZED (
            SELECT ($3)[array_position($2, page.kind::text)] AS provider,
                   {_SERVER} AS server, {_told()} {_FROM}
             WHERE page.id = $1 AND page.kind = ANY($2)
               AND page.status = 'queued' AND page.due_at <= $7
               AND page.purpose = 'emergency' AND page.sends = 0
               AND NOT page.values ? 'route'
               AND incident.status = ANY($4) AND NOT {_SHARED}
               AND (page.kind <> 'voice'
                    OR pg_try_advisory_xact_lock($5, hashtext(page.address)))
               FOR NO KEY UPDATE OF page SKIP LOCKED),
        taken AS (
            UPDATE "emergency_page"
               SET status = 'claimed', lease_until = $6, sends = sends + 1,
                   held_reason = '', digest_id = NULL
             WHERE id = $1 AND EXISTS (SELECT FROM ready)),
        attempt AS (
            INSERT INTO "emergency_pageattempt" (page_id, token, started_at, provider,
                        provider_id, provider_status, sequence, error_code)
            SELECT $1, $8, $7, ready.provider, '', '', -1, '' FROM ready RETURNING id)
        SELECT attempt.id, ready.* FROM ready, attempt"""  # noqa: S608 - columns are ours


_TAKE = """
    WITH taken AS (
        UPDATE "emergency_page"
           SET status = 'claimed', lease_until = %s, sends = sends + 1,
               held_reason = '', digest_id = NULL
         WHERE id = %s)
    INSERT INTO "emergency_pageattempt" (page_id, token, started_at, provider,
                provider_id, provider_status, sequence, error_code)
    VALUES (%s, %s, %s, %s, '', '', -1, '') RETURNING id"""
