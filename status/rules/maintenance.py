"""Is this component under maintenance at this instant? Pure: values in, answer out.

What is stored are windows, never verdicts, so the same rows answer correctly for an
instant the poller has not seen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from status.rules.matching import (
    Asked,
    Component,
    Ground,
    matching_components,
    normalised,
)
from status.rules.windows import Phase, WindowFacts, phase_at

# A reading older than this cannot rule maintenance out any more.
FRESHNESS_LIMIT = timedelta(minutes=60)


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
    body_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class PageRead:
    """A page as an answer rests on it: when it was read, and what was read."""

    name: str
    fetched_at: datetime | None
    body_hash: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer. ``windows`` are about this server, ``others`` run elsewhere.

    ``sources`` are the names of the pages asked, ``pages`` what was read of each, and
    ``fetched_at`` the oldest reading the answer rests on (None when there is none).
    """

    result: Result
    reason: Reason
    windows: tuple[WindowFacts, ...] = ()
    others: tuple[WindowFacts, ...] = ()
    sources: tuple[str, ...] = ()
    fetched_at: datetime | None = None
    pages: tuple[PageRead, ...] = ()


def is_fresh(source: SourceFacts, now: datetime) -> bool:
    if source.fetched_at is None:
        return False
    if source.good_until is not None:
        return now <= source.good_until
    return now - source.fetched_at <= FRESHNESS_LIMIT


def covered_groups(window: WindowFacts) -> frozenset[str]:
    """The groups all of which the window is about, as names are compared. A group that
    stands beside some of its own parts is there for these alone."""
    named = {normalised(part.name) for part in window.components}
    partly = {normalised(part.group) for part in window.components}
    return frozenset(named - partly - {""})


def _concern(
    window: WindowFacts, server: Sequence[Component], asked: Asked
) -> Ground | None:
    """Why the window is about this server; None when nothing says so.

    An ambiguous name concerns a window only when the window covers all of it, its
    parts or the groups they belong to.
    """
    if not window.components:
        mentioned = asked.is_mentioned_in(_words(window))
        return Ground.MENTIONED if mentioned else Ground.WHOLE_PAGE
    affected = {part.id for part in window.components}
    outside = [part for part in server if part.id not in affected]
    if not server:
        return None
    if outside:
        groups = covered_groups(window)
        covered = all(normalised(part.group) in groups for part in outside)
        return Ground.PARENT if covered else None
    grounds = [asked.ground_of(part) for part in server]
    return min((g for g in grounds if g), key=list(Ground).index, default=None)


def _unnoticed(window: WindowFacts, server: frozenset[str]) -> bool:
    """True when nobody should notice the work, or nobody who asks for this server."""
    own = [part.no_impact for part in window.components if part.id in server]
    return window.no_impact or (bool(own) and all(own))


def _words(window: WindowFacts) -> str:
    return f"{window.name}\n{window.mentions}"


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


def _read(source: SourceFacts, now: datetime, asked: Asked) -> _Reading:
    known = _known(source)
    ids = matching_components(components=known, asked=asked)
    server = [part for part in known if part.id in ids]
    active: list[WindowFacts] = []
    due: list[WindowFacts] = []
    others: list[WindowFacts] = []
    doubt: Reason | None = None
    for stored in source.windows:
        phase = phase_at(stored, now)
        if phase in {Phase.OVER, Phase.UPCOMING, Phase.TENTATIVE}:
            continue
        ground = _concern(stored, server, asked)
        hinted = not ground and not server and asked.is_mentioned_in(_words(stored))
        if hinted:
            ground = Ground.MENTIONED
        window = replace(stored, source=source.name, ground=ground)
        if phase is Phase.UNCLEAR:
            if ground or not server:
                doubt = Reason.UNCLEAR_WINDOW
        elif ground is None:
            others.append(window)
            if not server or ids & {part.id for part in window.components}:
                doubt = doubt or Reason.NOT_MATCHED
        else:
            # Work that nobody should notice, or that is only mentioned, must not talk
            # anybody out of a report.
            certain = (
                phase is Phase.ACTIVE and not _unnoticed(window, ids) and not hinted
            )
            (active if certain else due).append(window)
    doubt = doubt or source.doubt
    if any(part.in_maintenance for part in server):
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
    asked = Asked.of(names=names, addresses=addresses, mapped=mapped)
    readings = [_read(source, now, asked) for source in fresh]
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
        pages=tuple(
            PageRead(name=s.name, fetched_at=s.fetched_at, body_hash=s.body_hash)
            for s in sources
        ),
    )


def strongest(verdicts: Sequence[Verdict]) -> Verdict:
    """One answer for several servers, asked of the same pages: what is found for one
    of them is found. "None" is said only where it is said of each."""
    order = (Result.ACTIVE, Result.DUE, Result.UNKNOWN, Result.NONE)
    first = min(verdicts, key=lambda verdict: order.index(verdict.result))
    found = {
        (window.source, window.id): window
        for verdict in reversed(verdicts)
        if verdict.result is first.result
        for window in verdict.windows
    }
    others = {
        (window.source, window.id): window
        for verdict in verdicts
        for window in verdict.others
    }
    return replace(
        first,
        windows=tuple(found.values()),
        others=tuple(others[key] for key in others if key not in found),
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
