"""Is this component under maintenance at this instant? Pure: values in, answer out.

What is stored are windows, never verdicts, so the same rows answer correctly for an
instant the poller has not seen. State beats clock: a window its provider calls running
is running, however late it is, and one it calls finished is over, however early.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from status.rules.matching import Component, matching_components

# A reading older than this cannot rule maintenance out any more.
FRESHNESS_LIMIT = timedelta(minutes=60)
# How far a time may be off whose zone nobody named.
ZONE_MARGIN = timedelta(hours=2)
# Announced without an end, begun longer ago and never confirmed: forgotten.
FORGOTTEN_AFTER = timedelta(days=32)


class WindowState(StrEnum):
    """What the provider says about a window.

    UNKNOWN: nothing that we understand. TIMED: this product has no states, its windows
    are what the clock makes of them. TENTATIVE: announced and not yet confirmed.
    AHEAD: listed as not begun, whether or not it has times.
    """

    SCHEDULED = "scheduled"
    RUNNING = "running"
    FINISHED = "finished"
    TIMED = "timed"
    TENTATIVE = "tentative"
    AHEAD = "ahead"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """What a window is at one instant. UNCLEAR: its own data contradict or lack.

    TENTATIVE: the clock is inside a window that its provider has not confirmed.
    """

    ACTIVE = "active"
    DUE = "due"
    TENTATIVE = "tentative"
    UPCOMING = "upcoming"
    OVER = "over"
    UNCLEAR = "unclear"


class Result(StrEnum):
    ACTIVE = "active"
    DUE = "due"
    NONE = "none"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why the result is what it is; worded by whoever shows it."""

    MATCHED = "matched"
    WHOLE_PAGE = "whole_page"
    NOTHING_RUNNING = "nothing_running"
    OTHER_COMPONENTS = "other_components"
    NOT_MATCHED = "not_matched"
    UNCLEAR_WINDOW = "unclear_window"
    COMPONENT_COLOUR = "component_colour"
    INCOMPLETE = "incomplete"
    FEED_ONLY = "feed_only"
    STALE = "stale"
    NEVER_READ = "never_read"
    NO_SOURCE = "no_source"
    # Given by readers of a verdict when the verdict itself cannot be had.
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, kw_only=True)
class WindowFacts:
    """A window as stored. Instants are aware UTC. No components: the whole page.

    ``open_ended``: it was announced without an end and lasts until further notice.
    ``zone_known``: false when its times may be hours off. ``no_impact``: its provider
    expects nobody to notice. ``series`` names what repeats, for one of its occurrences.
    """

    id: str
    name: str
    state: WindowState
    starts_at: datetime | None
    ends_at: datetime | None
    components: tuple[Component, ...] = ()
    url: str = ""
    open_ended: bool = False
    zone_known: bool = True
    no_impact: bool = False
    series: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """One status page as last read. ``fetched_at`` is None when it never was.

    ``good_until`` replaces the general limit of freshness where the source knows
    better; ``doubt`` is why it cannot rule maintenance out.
    """

    name: str
    fetched_at: datetime | None
    components: tuple[Component, ...]
    windows: tuple[WindowFacts, ...]
    good_until: datetime | None = None
    doubt: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer. ``windows`` are about this server, ``others`` run elsewhere.

    ``sources`` are the names of the pages asked, ``fetched_at`` the oldest reading the
    answer rests on (None when there is none).
    """

    result: Result
    reason: Reason
    windows: tuple[WindowFacts, ...] = ()
    others: tuple[WindowFacts, ...] = ()
    sources: tuple[str, ...] = ()
    fetched_at: datetime | None = None


def phase_at(window: WindowFacts, now: datetime) -> Phase:
    """What the window is at ``now``.

    A scheduled window whose end has passed is a forgotten entry: over. One that has
    begun and names no end is unclear, and so is one that ends before it begins, while
    the clock is between the two.
    """
    if window.state is WindowState.RUNNING:
        return Phase.ACTIVE
    if window.state is WindowState.FINISHED:
        return Phase.OVER
    if window.state is WindowState.AHEAD and not (window.starts_at or window.ends_at):
        return Phase.UPCOMING
    by_clock = _by_clock(window, now, timedelta(0))
    if by_clock is Phase.DUE:
        return _INSIDE.get(window.state, Phase.DUE)
    if not window.zone_known and by_clock is not Phase.UNCLEAR:
        # Hours off in either direction it would be due: more cannot be said.
        widened = _by_clock(window, now, ZONE_MARGIN)
        return Phase.DUE if widened is Phase.DUE else by_clock
    return by_clock


_INSIDE = {
    WindowState.TIMED: Phase.ACTIVE,
    WindowState.TENTATIVE: Phase.TENTATIVE,
}


def _by_clock(window: WindowFacts, now: datetime, margin: timedelta) -> Phase:
    """The phase by times alone; DUE stands for "inside"."""
    start, end = window.starts_at, window.ends_at
    if start is None:
        return Phase.OVER if end is not None and end <= now else Phase.UNCLEAR
    if end is None:
        if now < start - margin:
            return Phase.UPCOMING
        if not window.open_ended:
            return Phase.UNCLEAR
        forgotten = now - start > FORGOTTEN_AFTER
        timed = window.state is WindowState.TIMED
        return Phase.OVER if forgotten and not timed else Phase.DUE
    if now >= max(start, end) + margin:
        return Phase.OVER
    if now < min(start, end) - margin:
        return Phase.UPCOMING
    return Phase.DUE if start < end else Phase.UNCLEAR


def is_fresh(source: SourceFacts, now: datetime) -> bool:
    if source.fetched_at is None:
        return False
    if source.good_until is not None:
        return now <= source.good_until
    return now - source.fetched_at <= FRESHNESS_LIMIT


def _concerns(window: WindowFacts, server: frozenset[str]) -> bool:
    """An ambiguous name concerns a window only when the window covers all of it."""
    affected = {component.id for component in window.components}
    return not affected or bool(server and server <= affected)


def _known(source: SourceFacts) -> tuple[Component, ...]:
    """Every component under every name it is given, by the page or by a window."""
    named = [part for window in source.windows for part in window.components]
    seen = {(part.id, part.name): part for part in (*named, *source.components)}
    return tuple(seen.values())


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One fresh source, sorted for one server."""

    active: tuple[WindowFacts, ...]
    due: tuple[WindowFacts, ...]
    others: tuple[WindowFacts, ...]
    doubt: Reason | None


def _read(
    source: SourceFacts,
    now: datetime,
    names: Collection[str],
    addresses: Collection[str],
    mapped: Collection[str],
) -> _Reading:
    known = _known(source)
    server = matching_components(
        components=known, names=names, addresses=addresses, mapped=mapped
    )
    active: list[WindowFacts] = []
    due: list[WindowFacts] = []
    others: list[WindowFacts] = []
    doubt: Reason | None = None
    for window in source.windows:
        phase = phase_at(window, now)
        if phase in {Phase.OVER, Phase.UPCOMING, Phase.TENTATIVE}:
            continue
        concerned = _concerns(window, server)
        if phase is Phase.UNCLEAR:
            if concerned or not server:
                doubt = Reason.UNCLEAR_WINDOW
        elif not concerned:
            others.append(window)
            affected = {component.id for component in window.components}
            if not server or server & affected:
                doubt = doubt or Reason.NOT_MATCHED
        else:
            # Work that nobody should notice must not talk anybody out of a report.
            certain = phase is Phase.ACTIVE and not window.no_impact
            (active if certain else due).append(window)
    doubt = doubt or source.doubt
    if any(part.in_maintenance for part in known if part.id in server):
        doubt = doubt or Reason.COMPONENT_COLOUR
    return _Reading(
        active=tuple(active), due=tuple(due), others=tuple(others), doubt=doubt
    )


def judge(
    sources: Sequence[SourceFacts],
    *,
    now: datetime,
    names: Collection[str],
    addresses: Collection[str] = (),
    mapped: Collection[str] = (),
) -> Verdict:
    """The union over all sources: active beats due beats unknown beats none.

    None is answered only when every source is fresh and nothing is left in doubt: a
    window that runs for other components rules this server out only if the server is
    itself found on that page.
    """
    fresh = [source for source in sources if is_fresh(source, now)]
    readings = [_read(source, now, names, addresses, mapped) for source in fresh]
    active = tuple(window for reading in readings for window in reading.active)
    due = tuple(window for reading in readings for window in reading.due)
    others = tuple(window for reading in readings for window in reading.others)
    result, reason = _outcome(sources, fresh, readings, active or due)
    if active:
        result = Result.ACTIVE
    elif due:
        result = Result.DUE
    instants = [s.fetched_at for s in sources if s.fetched_at is not None]
    return Verdict(
        result=result,
        reason=reason,
        windows=active or due,
        others=others,
        sources=tuple(source.name for source in sources),
        fetched_at=min(instants, default=None),
    )


def _outcome(
    sources: Sequence[SourceFacts],
    fresh: Sequence[SourceFacts],
    readings: Sequence[_Reading],
    found: Sequence[WindowFacts],
) -> tuple[Result, Reason]:
    if found:
        matched = any(window.components for window in found)
        return Result.ACTIVE, Reason.MATCHED if matched else Reason.WHOLE_PAGE
    if not sources:
        return Result.UNKNOWN, Reason.NO_SOURCE
    if len(fresh) < len(sources):
        never = any(source.fetched_at is None for source in sources)
        return Result.UNKNOWN, Reason.NEVER_READ if never else Reason.STALE
    for reading in readings:
        if reading.doubt is not None:
            return Result.UNKNOWN, reading.doubt
    if any(reading.others for reading in readings):
        return Result.NONE, Reason.OTHER_COMPONENTS
    return Result.NONE, Reason.NOTHING_RUNNING
