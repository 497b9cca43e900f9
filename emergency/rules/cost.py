"""When the customer is shown what it costs so far, and when we ask before going on.

Source: the operator's rule. The covered minutes are part of the fee; five minutes
before they end the running cost is shown, and from then on. A cost limit of the
customer is asked about before it is passed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

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
