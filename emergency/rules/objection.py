"""How long a customer may object to cause, time or invoice.

Source: the operator's rule; the days count from the end of the work, and again from the
last document.
"""

from datetime import datetime, timedelta

# Until the operator sets another one.
DAYS = 14


def last_moment(
    ended_at: datetime, documented_at: datetime | None, *, days: int
) -> datetime:
    """The last instant at which an objection counts."""
    begins = max(ended_at, documented_at) if documented_at else ended_at
    return begins + timedelta(days=days)


def matters(
    now: datetime,
    *,
    ended_at: datetime | None,
    invoiced_at: datetime | None,
    raised: frozenset[str] = frozenset(),
    days: int = DAYS,
) -> tuple[str, ...]:
    """What can be objected to at ``now``: cause and time once the work has ended, the
    invoice once there is one, and nothing twice."""
    if ended_at is None or now > last_moment(ended_at, invoiced_at, days=days):
        return ()
    open_to = ("cause", "time", *(("invoice",) if invoiced_at else ()))
    return tuple(matter for matter in open_to if matter not in raised)
