"""What HTTP tells a pager beside the answer itself."""

from datetime import timedelta

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

# A provider that is up takes a connection at once; one that is gone must not cost the
# page the time its answer may take.
CONNECT_SECONDS = 3.0


def never_arrived(error: requests.RequestException) -> bool:
    """Whether the request certainly was not sent: there was no connection.

    A connection that was reset later proves nothing.
    """
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(
        cause.reason, NewConnectionError
    )


def seconds_asked_for(header: str) -> timedelta | None:
    """What a ``Retry-After`` asks for, at most an hour; None where it gives no
    number."""
    said = header.strip()
    if not said.isascii() or not said.isdecimal():
        return None
    return timedelta(seconds=min(int(said), 3600))
