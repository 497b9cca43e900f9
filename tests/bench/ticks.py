"""What a tick costs while many decisions wait, and what one decision costs.

The floor of a quiet tick is one look at the index and the mark that the loop is alive;
that of a decision is one row claimed, marked and written about.
"""

import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from emergency.actions.escalate import take_one_decision, tick
from emergency.models import DueRow, Heartbeat, Incident, TimelineEntry
from emergency.queries.policies import BARE_SNAPSHOT
from tests.bench.table import Row

SIZES = (1_000, 10_000)
QUIET_TICKS = 60
DECISIONS = 150


def measure() -> list[Row]:
    """Medians in milliseconds, for each number of rows that are due."""
    rows: list[Row] = []
    # What the demo left behind is decided beforehand.
    tick(now=timezone.now(), by="bench")
    for size in SIZES:
        grow_to(size)
        now = timezone.now()
        _make_due(now)
        decision, least = in_turn(
            partial(take_one_decision, now=now), partial(_claim, now), DECISIONS
        )
        rows.append(Row(f"one decision, {size} rows are due", decision, least))
        _make_wait(now)
    return rows


def in_turn(
    product: Callable[[], object], floor: Callable[[], object], count: int
) -> tuple[float, float]:
    """Medians of both in milliseconds."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        for act, times in zip((product, floor), taken, strict=True):
            began = time.perf_counter()
            act()
            times.append((time.perf_counter() - began) * 1000)
    return median(taken[0]), median(taken[1])


def look(now: datetime) -> None:
    """The least a tick can do."""
    with transaction.atomic():
        DueRow.objects.due(now).first()
    Heartbeat.objects.filter(name="tick").update(at=now)


def _claim(now: datetime) -> None:
    with transaction.atomic():
        row = (
            DueRow.objects.due(now)
            .select_for_update(skip_locked=True, no_key=True)
            .first()
        )
        assert row is not None
        DueRow.objects.filter(pk=row.pk).update(done_at=now)
        TimelineEntry.objects.create(
            incident_id=row.incident_id, at=now, code="no_reminder", values={}
        )


def grow_to(size: int) -> None:
    """So many open incidents of the bench, each with one decision in an hour."""
    now = timezone.now()
    missing = size - ours().count()
    # Another part of the bench may have grown to the same size before.
    batch = secrets.token_hex(3)
    pattern = Incident.objects.create(
        reference=f"P-{batch}",
        opened_at=now,
        callback_deadline_at=now + timedelta(hours=2),
        policy_snapshot=BARE_SNAPSHOT,
    )
    names = [f.column for f in Incident._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f'"{name}"' for name in names)
    values = columns.replace('"reference"', f"'B-{batch}-' || number")
    with connection.cursor() as cursor:
        # Copied by the server: a hundred thousand objects take a minute to build.
        cursor.execute(
            f"INSERT INTO emergency_incident ({columns}) SELECT {values}"
            " FROM emergency_incident, generate_series(1, %s) AS number WHERE id = %s",
            [missing, pattern.pk],
        )
        # A reminder nobody needs: the decision is taken and written down, nothing is
        # sent.
        cursor.execute(
            "INSERT INTO emergency_duerow"
            " (incident_id, kind, round, step, due_at, failures, last_error)"
            " SELECT id, 'reminder', 0, 0, %s, 0, '' FROM emergency_incident"
            " WHERE reference LIKE %s",
            [now + timedelta(hours=1), f"B-{batch}-%"],
        )
        cursor.execute("VACUUM ANALYZE emergency_incident")
        cursor.execute("VACUUM ANALYZE emergency_duerow")


def ours() -> QuerySet[DueRow]:
    """The rows of the bench that wait."""
    return DueRow.objects.filter(incident__reference__startswith="B-", done_at=None)


def _make_due(now: datetime) -> None:
    ours().update(due_at=now - timedelta(hours=1))


def _make_wait(now: datetime) -> None:
    ours().update(due_at=now + timedelta(hours=1))
