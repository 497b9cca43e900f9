"""What every kind of status page has in common: fetched bytes in, windows out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from status.rules.maintenance import WindowFacts
from status.rules.matching import Component


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One HTTP answer. ``body`` is None when the server says nothing has changed."""

    body: bytes | None
    etag: str
    last_modified: str
    body_hash: str


class SourceError(Exception):
    """The page cannot be used now. ``code`` is short, stable and fit for a row.

    ``unreadable`` is true when an answer came and was not understood; otherwise the
    last good reading may be kept until it is too old. ``retry_after`` is what the
    server asked for.
    """

    def __init__(
        self,
        code: str,
        *,
        unreadable: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.unreadable = unreadable
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class Document:
    """A page as understood. ``components`` is None where the format lists none."""

    components: tuple[Component, ...] | None
    windows: tuple[WindowFacts, ...]


# Raises SourceError for anything that is not a complete document of its kind.
Parser = Callable[[bytes], Document]
