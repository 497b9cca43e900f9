"""Cancelling an order before we have spoken with the customer.

Source: the operator's rule. It is free until the later of a short window after the
order and the take-over by a technician; afterwards the initial fee is due, and a person
of accounting looks at it.
"""

from datetime import datetime, timedelta

# Until the operator sets another one.
FREE_WINDOW = timedelta(minutes=2)


def free_until(opened_at: datetime, window: timedelta) -> datetime:
    """The last instant at which cancelling is free whoever has taken the incident."""
    return opened_at + window


def is_free(
    at: datetime, *, opened_at: datetime, window: timedelta, taken_at: datetime | None
) -> bool:
    """Whether cancelling at ``at`` costs nothing. Both limits themselves are free."""
    if at <= free_until(opened_at, window):
        return True
    return taken_at is None or at <= taken_at
