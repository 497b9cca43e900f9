"""When the customer is shown what it costs so far, and when we ask before going on.

Source: the operator's rule. The covered minutes are part of the fee; five minutes
before they end the running cost is shown, and from then on. A cost limit of the
customer is asked about before it is passed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

# The gross amount if work ended at an instant; None where nobody can say.
CostAt = Callable[[datetime], Decimal | None]

SHOWN_BEFORE = timedelta(minutes=5)


def running_since(
    *, reached_at: datetime | None, ends: Sequence[datetime]
) -> datetime | None:
    """Since when work goes on that nobody has logged yet: since the customer was
    reached, or since the last logged work. None before that."""
    if reached_at is None:
        return None
    return max([reached_at, *ends])


def is_shown(supported: timedelta, included: timedelta) -> bool:
    """Whether so much support makes the running cost visible."""
    return supported >= included - SHOWN_BEFORE


def exceeds(gross: Decimal, limit: Decimal | None, agreed: Decimal | None) -> bool:
    """Whether this amount is beyond the customer's limit and beyond what they agreed to
    when they were asked."""
    if limit is None:
        return False
    return gross > max(limit, agreed or limit)


def within_limit_until(
    *,
    started_at: datetime,
    ended_at: datetime,
    cost_at: CostAt,
    limit: Decimal | None,
    agreed: Decimal | None,
) -> datetime:
    """Until when this work stays within what the customer agreed to, to the second: its
    end, an instant in between, or its start where nothing of it does or nobody can say.
    More work never costs less."""
    if limit is None:
        return ended_at

    def fits(seconds: int) -> bool:
        gross = cost_at(started_at + timedelta(seconds=seconds))
        return gross is not None and not exceeds(gross, limit, agreed)

    most = int((ended_at - started_at).total_seconds())
    if fits(most):
        return ended_at
    inside, beyond = 0, most
    while beyond - inside > 1:
        middle = (inside + beyond) // 2
        inside, beyond = (middle, beyond) if fits(middle) else (inside, middle)
    return started_at + timedelta(seconds=inside)
