"""When somebody who waits for the end of a maintenance is written to."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

# How long somebody waits for an end that no page tells of.
GIVE_UP = timedelta(days=3)
LOOK_AGAIN = timedelta(minutes=1)
# Waiting notices for one address.
MOST = 3


class News(StrEnum):
    """What can be told: that it is over, or that nobody can see whether it is."""

    OVER = "over"
    UNKNOWN = "unknown"


def news(
    *,
    shown: Collection[tuple[str, str]],
    still: Collection[tuple[str, str]],
    readable: bool,
    asked_at: datetime,
    now: datetime,
) -> News | None:
    """What the person can be told at ``now``; None while there is nothing to tell.

    ``shown`` and ``still`` are page and id of the windows that were shown and of those
    that are active now; ``readable`` says whether the pages can be relied on.
    """
    if readable and not set(shown) & set(still):
        return News.OVER
    return News.UNKNOWN if now - asked_at >= GIVE_UP else None
