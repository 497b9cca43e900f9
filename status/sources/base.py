"""What every kind of status page has in common: a fetched page in, a document out.

The protocol is one function per product, `read(page) -> Document`. It raises
SourceError for whatever is not a complete document of its kind, and nothing else;
damage inside a document becomes a window without state and times, which reads as
unclear. So no damage ever reads as "no maintenance".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from status.rules.maintenance import Reason
from status.rules.matching import Component
from status.rules.windows import Phase, WindowFacts, WindowState, phase_at

MOST_WINDOWS = 1000
# Windows that have been over for longer answer no question.
KEPT_AFTER_END = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One HTTP answer. ``body`` is None when the server says nothing has changed.

    ``sent_at`` is the server's own clock (its Date header), ``url`` where the answer
    came from in the end.
    """

    body: bytes | None
    etag: str
    last_modified: str
    body_hash: str
    sent_at: datetime | None = None
    url: str = ""


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


def _nothing_more(path: str) -> bytes:
    raise SourceError("no_companion", unreadable=True)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a reader gets. ``now`` is the time of the reading, ``sent_at`` the server's.

    ``more`` fetches another document of the same host by its path (with query) and
    raises SourceError. ``config`` is what the operator told us about this page.
    """

    body: bytes
    now: datetime
    url: str = ""
    sent_at: datetime | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    more: Callable[[str], bytes] = _nothing_more

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the page's own clock as the operator named it; else None."""
        return zone_named(self.config.get("timezone"))


@dataclass(frozen=True, kw_only=True)
class Document:
    """A page as understood. ``components`` is None where the format lists none.

    ``doubt`` is why this page cannot rule maintenance out, whatever it names;
    ``good_until`` and ``poll_after`` are the page's own words on its freshness.
    ``unfolded``: its windows were made for the time of the reading, so that the same
    page read later says more.
    """

    components: tuple[Component, ...] | None
    windows: tuple[WindowFacts, ...]
    doubt: Reason | None = None
    good_until: datetime | None = None
    poll_after: timedelta | None = None
    unfolded: bool = False


Reader = Callable[[Page], Document]


def refused(code: str) -> SourceError:
    """The answer is not a document of the kind that was asked for."""
    return SourceError(code, unreadable=True)


def zone_named(name: object) -> tzinfo | None:
    if not isinstance(name, str) or not name:
        return None
    if name.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def unless(window: WindowFacts, *, damaged: bool) -> WindowFacts:
    """The window; where what says its state is damaged, one whose times say nothing.

    A word that we do not know leaves the clock to decide. Something that is no word at
    all could have been "running", which no clock ends.
    """
    if not damaged:
        return window
    return replace(window, state=WindowState.UNKNOWN, starts_at=None, ends_at=None)


def distinct(windows: Iterable[WindowFacts]) -> tuple[WindowFacts, ...]:
    """Every window under an id of its own, none of them lost.

    Two entries with one id that may be the same are one. Others that share an id,
    because all that names them is a title, are numbered and keep what they share as
    their series.
    """
    found: dict[str, WindowFacts] = {}
    numbers: dict[str, int] = {}
    for window in windows:
        known = found.get(window.id)
        if known is None:
            found[window.id] = window
        elif _same(known, window):
            found[window.id] = _both(known, window)
        else:
            stem = window.id[:190]
            number = numbers.get(stem, 2)
            while f"{stem}#{number}" in found:
                number += 1
            numbers[stem] = number + 1
            own = f"{stem}#{number}"
            found[own] = replace(window, id=own, series=window.series or window.id)
    return tuple(found.values())


def _same(one: WindowFacts, other: WindowFacts) -> bool:
    if one == other:
        return True
    if one.name != other.name:
        return False
    starts = {one.starts_at, other.starts_at}
    running = WindowState.RUNNING in {one.state, other.state}
    return len(starts) == 1 or (None in starts and running)


def _both(one: WindowFacts, other: WindowFacts) -> WindowFacts:
    """One window of two entries: what is not over stands, before all what runs, with
    the components of both. No components are the whole page."""
    standing = [w for w in (one, other) if w.state is not WindowState.FINISHED]
    if len(standing) == 1:
        return standing[0]
    first = other if other.state is WindowState.RUNNING else one
    parts = {part.id: part for window in (one, other) for part in window.components}
    whole = not (one.components and other.components)
    ends = [window.ends_at for window in (one, other) if window.ends_at]
    return replace(
        first,
        components=() if whole else tuple(parts.values()),
        ends_at=max(ends) if len(ends) == 2 else first.ends_at,
        no_impact=one.no_impact and other.no_impact,
    )


def worth_keeping(
    windows: Iterable[WindowFacts], now: datetime
) -> tuple[WindowFacts, ...]:
    """The windows that may still answer a question. Raises SourceError for too many:
    leaving some out could hide the one that runs."""
    kept = tuple(
        window
        for window in windows
        if phase_at(window, now) is not Phase.OVER
        or (window.ends_at is not None and window.ends_at > now - KEPT_AFTER_END)
    )
    if len(kept) > MOST_WINDOWS:
        raise refused("too_many_windows")
    return kept
