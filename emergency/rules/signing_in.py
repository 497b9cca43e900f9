"""For how long a sign-in counts, and when we ask again who somebody is.

Source: ISO/IEC 27002:2022, 8.5 (secure authentication), and our own judgement: whoever
is woken at night must be able to take an emergency by one press.
"""

from datetime import datetime, timedelta

# A browser that its owner trusts asks for no second factor and stays signed in.
TRUSTED_FOR = timedelta(days=30)
# Every other browser, once somebody has a second factor: a shift, and no more.
SHIFT = timedelta(hours=12)


def must_confirm(
    *, confirmed_at: datetime | None, now: datetime, within: timedelta
) -> bool:
    """Whether we ask again: password or second factor were last shown longer ago than
    ``within``. Nobody is asked where that is nothing."""
    if not within:
        return False
    return confirmed_at is None or not (now - within < confirmed_at <= now)
