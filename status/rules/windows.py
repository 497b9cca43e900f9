"""What is a window at this instant? Pure: values in, answer out.

State beats clock: a window its provider calls running is running, however late it is,
and one it calls finished is over, however early.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from status.rules.matching import Component, Ground

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


@dataclass(frozen=True, kw_only=True)
class WindowFacts:
    """A window as stored. Instants are aware UTC. No components: the whole page.

    ``open_ended``: it was announced without an end and lasts until further notice.
    ``zone_known``: false when its times may be hours off. ``no_impact``: its provider
    expects nobody to notice. ``mentions`` are the words of its text that may be hosts.
    ``series`` names what repeats, for one of its occurrences.
    In an answer, ``source`` is the page it stands on and ``ground`` why it is about the
    server that was asked for.
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
    mentions: str = ""
    series: str = ""
    source: str = ""
    ground: Ground | None = None


def phase_at(window: WindowFacts, now: datetime) -> Phase:
    """What the window is at ``now``.

    A scheduled window whose end has passed is a forgotten entry: over. One that has
    begun and names no end is unclear, until it is so long ago that it was forgotten;
    one that ends before it begins is unclear while the clock is between the two.
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
        lasting = window.open_ended and window.state is WindowState.TIMED
        if now - start > FORGOTTEN_AFTER and not lasting:
            return Phase.OVER
        return Phase.DUE if window.open_ended else Phase.UNCLEAR
    if now >= max(start, end) + margin:
        return Phase.OVER
    if now < min(start, end) - margin:
        return Phase.UPCOMING
    return Phase.DUE if start < end else Phase.UNCLEAR
