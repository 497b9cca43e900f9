"""When is a status page read next? Pure: what happened in, a delay out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

NEAR_EDGE = timedelta(minutes=10)
NEAR_EDGE_DELAY = timedelta(seconds=20)
QUIET_DELAY = timedelta(minutes=5)
# A page may ask to be read often, but not in a hurry.
SHORTEST_WANTED = timedelta(seconds=20)
FAILURES_BEFORE_PAUSE = 3
FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(minutes=15)
LONGEST_REQUESTED_PAUSE = timedelta(hours=24)
# Each source is shifted by up to a tenth, so that many do not fall on one second.
_JITTER_STEPS = 21


def jittered(delay: timedelta, seed: int) -> timedelta:
    """``delay`` plus or minus at most a tenth, the same for the same seed."""
    return delay * (90 + seed % _JITTER_STEPS) / 100


def delay_after_success(
    *,
    interval: timedelta,
    edges: Iterable[datetime],
    planned: bool,
    now: datetime,
    conditional: bool,
    seed: int,
    wanted: timedelta | None = None,
) -> timedelta:
    """How long to wait after a good reading.

    ``edges`` are the starts and ends of all windows not yet over, ``planned`` whether
    there are any. Close to an edge the page is read every 20 s; with nothing planned
    and a server that answers conditional requests every 5 min; otherwise after the
    source's own ``interval``. What the page itself asks for (``wanted``) wins over all
    of this.
    """
    if wanted is not None:
        return jittered(max(wanted, SHORTEST_WANTED), seed)
    if any(abs(edge - now) < NEAR_EDGE for edge in edges):
        return min(interval, NEAR_EDGE_DELAY)
    if not planned and conditional:
        return jittered(max(interval, QUIET_DELAY), seed)
    return jittered(interval, seed)


def delay_after_failure(
    *,
    interval: timedelta,
    failures: int,
    retry_after: timedelta | None,
    seed: int,
) -> timedelta:
    """How long to wait after the ``failures``-th failure in a row.

    From the third on the source rests 2, 4, 8 and then always 15 minutes. What the
    server asked for (Retry-After) wins, up to a day.
    """
    if retry_after is not None:
        return min(max(retry_after, interval), LONGEST_REQUESTED_PAUSE)
    if failures < FAILURES_BEFORE_PAUSE:
        return jittered(interval, seed)
    doublings = min(failures - FAILURES_BEFORE_PAUSE, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
