"""How long this process waits for its database.

The server's own time limits end a slow statement. They end nothing when the server
itself hangs: its kernel goes on to answer for it, so that neither keepalives nor
``tcp_user_timeout`` notice. Only the client can give up then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

_patience: ContextVar[float | None] = ContextVar("patience", default=None)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Inside the block this thread waits at most so long for each answer, and for a
    new connection."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def current_patience() -> float | None:
    """Seconds to wait for one answer of the database; None is for ever."""
    chosen = _patience.get()
    return chosen if chosen is not None else settings.DATABASE_PATIENCE_SECONDS
