"""How late decisions are taken by the running engine, and what it costs to wait.

Beat, worker and watcher run as always. Decisions fall due at instants that know nothing
of the tick; lateness is counted until another connection sees the decision committed.
"""

import os
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import redis
from django.conf import settings
from django.utils import timezone

from emergency.actions.escalate import tick
from emergency.beat_schedule import TICK_INTERVAL
from emergency.models import DueRow, Message, Page
from tests.bench.table import Row, quantile
from tests.bench.ticks import QUIET_TICKS, grow_to, in_turn, look, ours
from tests.telephone import eventually

IDLE_SECONDS = 8.0
DECISIONS = 200
# Processor seconds of all processes in two seconds.
AT_REST = 0.08
SPREAD = timedelta(seconds=14)
PATIENCE = 60.0
INTERVAL = TICK_INTERVAL.total_seconds() * 1000


def measure(sizes: list[int], engine: dict[str, int]) -> list[Row]:
    """For each number of open rows: a quiet tick, lateness, the engine's idle time.

    ``engine`` names the processes whose CPU time counts.
    """
    rows: list[Row] = []
    flat: float | None = None
    for size in sizes:
        grow_to(size)
        # What an earlier measurement left is no part of being idle.
        eventually(_nothing_waits, within=PATIENCE, why="everything is sent")
        eventually(
            partial(_is_at_rest, engine),
            within=PATIENCE,
            why="the engine does no more than look at its clock",
        )
        now = timezone.now()
        quiet, least = in_turn(
            partial(tick, now=now, by="bench"), partial(look, now), QUIET_TICKS
        )
        # Flat: half as much again as with the fewest rows is noise on a shared machine.
        rows.append(
            Row(
                f"{size} open: quiet tick",
                quiet,
                least,
                at_most=None if flat is None else round(1.5 * flat, 1),
            )
        )
        flat = quiet if flat is None else flat
        before, began = _cpu_seconds(engine), time.monotonic()
        time.sleep(IDLE_SECONDS)
        passed = time.monotonic() - began
        shares = {
            name: 100 * (seconds - before[name]) / passed
            for name, seconds in _cpu_seconds(engine).items()
        }
        rows.append(
            Row(f"{size} open: idle engine", sum(shares.values()), 0, "%", at_most=2)
        )
        rows += [
            Row(f"{size} open:   of it {name}", share, 0, "%")
            for name, share in shares.items()
        ]
        late = _lateness()
        rows += [
            Row(f"{size} open: lateness p50", quantile(late, 0.5), INTERVAL / 2),
            Row(
                f"{size} open: lateness p99",
                quantile(late, 0.99),
                INTERVAL,
                at_most=INTERVAL + 50,
            ),
            Row(f"{size} open: lateness max", max(late), INTERVAL),
        ]
    return rows


def _nothing_waits() -> bool:
    """Whether all pages and messages are with their providers, and every nudge about
    them was heard."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        # A list for each priority of each queue, which is gone when it is empty. Nobody
        # serves the queue of documents here.
        queues = [*broker.scan_iter("default*"), *broker.scan_iter("pages*")]
        if any(broker.type(key) == b"list" for key in queues):
            return False
    waiting = ("queued", "claimed")
    return not (
        Page.objects.filter(status__in=waiting, due_at__lte=timezone.now()).exists()
        or Message.objects.filter(status__in=waiting).exists()
    )


def _is_at_rest(engine: dict[str, int]) -> bool:
    """Whether the engine's processes hardly worked for two seconds: what they still
    know of earlier work is theirs alone."""
    before = _cpu_seconds(engine)
    time.sleep(2)
    after = _cpu_seconds(engine)
    return sum(after.values()) - sum(before.values()) < AT_REST


def _lateness() -> list[float]:
    """Milliseconds from due to decided, of decisions spread over some seconds."""
    start = timezone.now() + timedelta(seconds=1)
    waiting: dict[int, datetime] = {}
    chosen = list(ours().values_list("pk", flat=True)[:DECISIONS])
    for number, key in enumerate(chosen):
        waiting[key] = start + SPREAD * number / len(chosen)
    DueRow.objects.bulk_update(
        [DueRow(pk=key, due_at=due) for key, due in waiting.items()], ["due_at"]
    )
    late: list[float] = []
    end = time.monotonic() + PATIENCE
    while waiting and time.monotonic() < end:
        time.sleep(0.01)
        decided = list(
            DueRow.objects.filter(
                pk__in=list(waiting), done_at__isnull=False
            ).values_list("pk", flat=True)
        )
        seen = timezone.now()
        late += [(seen - waiting.pop(key)).total_seconds() * 1000 for key in decided]
    assert not waiting, f"{len(waiting)} decisions were not taken"
    return late


def _cpu_seconds(engine: dict[str, int]) -> dict[str, float]:
    """User and system time that each process has used so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    used = {}
    for name, pid in engine.items():
        # The name in brackets may hold blanks; utime and stime are 14 and 15.
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        used[name] = (int(fields[11]) + int(fields[12])) / ticks
    return used
