"""iCalendar (RFC 5545): announced windows, once or repeated, with MAINTNOTE inside.

A plain calendar has no states, the clock is the rule; a cancelled entry is over, a
tentative one is not confirmed. The highest SEQUENCE of a UID stands. An entry with no
end has an unknown length (the RFC calls it none at all), a day is a whole local day. Of
what repeats the occurrences of 32 days before and after now are kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Calendar, Component

from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.maintnote import is_notice, notice_facts
from status.sources.recurrence import Unfoldable, occurrences, repeats
from status.sources.tame_zones import tame_zones, zone_called
from status.sources.values import LONGEST_ID, address, mentions, text

LARGEST_CALENDAR = 1024 * 1024
MOST_EVENTS = 2000
# Unfolding costs time; who announces more than this repeats nothing.
MOST_SERIES = 200
UNREADABLE = (
    *(ValueError, TypeError, KeyError, AttributeError, IndexError),
    *(ArithmeticError, RecursionError),
)
# Some write the name of a rule and none behind it.
_NO_RULE = re.compile(
    r"^(?:RRULE|EXRULE|RDATE|EXDATE)(?:;[^:\r\n]*)?:[ \t]*\r?\n",
    re.MULTILINE | re.IGNORECASE,
)
_STATES = {
    "CANCELLED": WindowState.FINISHED,
    "CANCELED": WindowState.FINISHED,
    # By the RFC a word for things to do; some write it for what is done all the same.
    "COMPLETED": WindowState.FINISHED,
    "TENTATIVE": WindowState.TENTATIVE,
    "CONFIRMED": WindowState.TIMED,
    "": WindowState.TIMED,
}
# Damage here changes when a window is, or whether it is one.
_DECISIVE = {
    *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS", "UID"),
    *("SEQUENCE", "RECURRENCE-ID"),
}


def read(page: Page) -> Document:
    """The calendar's windows."""
    calendar = _calendar(page.body)
    windows: list[WindowFacts] = []
    try:
        # What the calendar says of itself is nearer than what was set for it.
        zone = zone_called(str(calendar.get("X-WR-TIMEZONE", ""))) or page.zone
        groups = _by_uid(calendar)
        if sum(any(map(repeats, group)) for group in groups) > MOST_SERIES:
            raise refused("too_many_windows")
        for group in groups:
            windows += _windows(calendar, group, zone, page.now)
    except UNREADABLE as error:
        raise refused("not_a_calendar") from error
    return Document(
        components=None,
        windows=distinct(windows),
        unfolded=any(map(repeats, calendar.walk("VEVENT"))),
    )


def _calendar(body: bytes) -> Component:
    """All calendars of the body as one. Raises SourceError."""
    if len(body) > LARGEST_CALENDAR:
        raise refused("too_large")
    try:
        found = body.decode("utf-8-sig").strip()
        # What ends early may have ended before the window that runs.
        if not found.upper().endswith("END:VCALENDAR"):
            raise refused("not_a_calendar")
        found = _NO_RULE.sub("", tame_zones(found + "\r\n"))
        calendar = _joined(Calendar.from_ical(found, multiple=True))
        events = len(calendar.walk("VEVENT"))
    except UNREADABLE as error:
        raise refused("not_a_calendar") from error
    if events > MOST_EVENTS:
        raise refused("too_many_windows")
    marks = [found.upper().count(f"{edge}:VEVENT") for edge in ("BEGIN", "END")]
    if marks != [events, events]:
        raise refused("not_a_calendar")
    return calendar


def _joined(calendars: Iterable[Component]) -> Component:
    """One calendar with the entries of all; those of a cancellation are cancelled."""
    whole = Calendar()
    for calendar in calendars:
        # The version is often left out; a shell with nothing in it tells nothing.
        if calendar.name != "VCALENDAR" or not (
            len(calendar) or calendar.subcomponents
        ):
            raise refused("not_a_calendar")
        if "X-WR-TIMEZONE" in calendar:
            whole.setdefault("X-WR-TIMEZONE", calendar["X-WR-TIMEZONE"])
        cancels = str(calendar.get("METHOD", "")).strip().upper() == "CANCEL"
        for part in calendar.subcomponents:
            if cancels and part.name == "VEVENT":
                part["STATUS"] = "CANCELLED"
            whole.add_component(part)
    return whole


def _by_uid(calendar: Component) -> list[list[Component]]:
    """The events that belong together, of each the version that stands."""
    groups: dict[str, dict[str, Component]] = {}
    for position, event in enumerate(calendar.walk("VEVENT")):
        uid = str(event.get("UID", "")).strip() or f"entry-{position}"
        part = _key(event.get("RECURRENCE-ID"))
        versions = groups.setdefault(uid, {})
        known = versions.get(part)
        if known is not None and _is_another(known, event):
            groups[f"{uid}#{position}"] = {part: event}
        elif known is None or _version(event) >= _version(known):
            versions[part] = event
    return [list(versions.values()) for versions in groups.values()]


def _is_another(known: Component, event: Component) -> bool:
    """True for two entries that share an id and are no versions of each other: neither
    is the newer one, and they begin at different times."""
    if _version(known) != _version(event) or "RECURRENCE-ID" in event:
        return False
    begun = [getattr(part.get("DTSTART"), "dt", None) for part in (known, event)]
    return begun[0] != begun[1]


def _key(recurrence_id: Any) -> str:
    moment = getattr(recurrence_id, "dt", None)
    return "" if recurrence_id is None else str(moment or recurrence_id)


def _version(event: Component) -> tuple[int, str]:
    sequence, stamp = event.get("SEQUENCE", 0), event.get("DTSTAMP")
    return (
        sequence if isinstance(sequence, int) else 0,
        str(getattr(stamp, "dt", "")),
    )


def _windows(
    calendar: Component, group: list[Component], zone: tzinfo | None, now: datetime
) -> Iterable[WindowFacts]:
    """The windows of one UID; a damaged one is a window without times."""
    masters = [event for event in group if "RECURRENCE-ID" not in event]
    first = (masters or group)[0]
    try:
        if any(_is_damaged(event) for event in group):
            return [_unclear(first)]
        if len(group) == 1 and not repeats(first):
            return [_window(first, zone)]
        if any(_ends_before_start(event, zone) for event in group):
            return [_unclear(first)]
        found = list(_occurrences(calendar, group, zone, now))
        if masters and _state(first) is WindowState.FINISHED:
            # What becomes of one occurrence no longer matters.
            return [replace(window, state=WindowState.FINISHED) for window in found]
        return found
    except (*UNREADABLE, Unfoldable):
        return [_unclear(first)]


def _is_damaged(event: Component) -> bool:
    if "DTSTART" not in event or any(name in _DECISIVE for name, _ in event.errors):
        return True
    # A rule under a name that is none may be the one that makes it run now.
    named = (value for name, value in event.items() if name not in {"RRULE", "EXRULE"})
    return any(str(value).upper().startswith("FREQ=") for value in named)


def _occurrences(
    calendar: Component, group: list[Component], zone: tzinfo | None, now: datetime
) -> Iterator[WindowFacts]:
    # Occurrences no longer say in which zone they were written.
    zone_known = all(_times(event, zone).zone_known for event in group)
    for event in occurrences(calendar, group, now):
        window = replace(_window(event, zone), zone_known=zone_known)
        stamp = f"{window.starts_at:%Y%m%dT%H%M%SZ}" if window.starts_at else ""
        yield replace(
            window, id=f"{window.id[:180]}@{stamp}", series=window.series or window.id
        )


def _ends_before_start(event: Component, zone: tzinfo | None) -> bool:
    times = _times(event, zone)
    return bool(times.ends_at and times.starts_at and times.ends_at < times.starts_at)


@dataclass(frozen=True, kw_only=True)
class _Times:
    starts_at: datetime | None
    ends_at: datetime | None
    zone_known: bool


def _times(event: Component, zone: tzinfo | None) -> _Times:
    start = event.decoded("DTSTART")
    starts_at, known = _instant(event["DTSTART"], start, zone)
    ends_at: datetime | None = None
    whole_day = not isinstance(start, datetime)
    if "DTEND" in event:
        end = event.decoded("DTEND")
        ends_at, end_known = _instant(event["DTEND"], end, zone)
        known = known and end_known
        if ends_at <= starts_at:
            # It may begin in the hour that a change of the clock leaves out.
            ends_at = starts_at + max(_on_the_wall(start, end), ends_at - starts_at)
        # Many write the last day of a whole day, which should be the one after it.
        whole_day = whole_day and end == start
    elif "DURATION" in event:
        length = event.decoded("DURATION")
        # On the local clock days are days, also when the clock is changed in them.
        day = start + timedelta(days=length.days) if whole_day else None
        ends_at = (
            _instant(event["DTSTART"], day, zone)[0] + (length - timedelta(length.days))
            if day is not None
            else starts_at + length
        )
        whole_day = False
    if whole_day:
        ends_at, _ = _instant(event["DTSTART"], start + timedelta(days=1), zone)
    if ends_at == starts_at:
        ends_at = None
    return _Times(starts_at=starts_at, ends_at=ends_at, zone_known=known)


def _on_the_wall(start: date | datetime, end: date | datetime) -> timedelta:
    """The time between two readings of one clock; none between those of two clocks."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        return timedelta.min
    if str(start.tzinfo) != str(end.tzinfo):
        return timedelta.min
    return end.replace(tzinfo=None) - start.replace(tzinfo=None)


def _instant(
    written: Any, moment: date | datetime, zone: tzinfo | None
) -> tuple[datetime, bool]:
    """The moment in UTC, and whether its zone is known. A day begins at midnight."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC), True
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    named = "TZID" in getattr(written, "params", {})
    known = zone is not None and not named
    return moment.replace(tzinfo=zone or UTC).astimezone(UTC), known


def _state(event: Component) -> WindowState:
    word = str(event.get("STATUS", "")).strip().upper()
    return _STATES.get(word, WindowState.UNKNOWN)


def _named(event: Component) -> tuple[str, str]:
    """Id and name. Without an id it goes by its name, as on other pages."""
    name = text(str(event.get("SUMMARY", "")))
    own = text(str(event.get("UID", "")), LONGEST_ID)
    return own or text(name, LONGEST_ID) or "entry", name


def _window(event: Component, zone: tzinfo | None) -> WindowFacts:
    times = _times(event, zone)
    own, name = _named(event)
    window = WindowFacts(
        id=own,
        name=name,
        state=_state(event),
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        url=address(str(event.get("URL", ""))),
        zone_known=times.zone_known,
        mentions=mentions(
            *(str(event.get(n, "")) for n in ("DESCRIPTION", "LOCATION"))
        ),
    )
    return notice_facts(event, window) if is_notice(event) else window


def _unclear(event: Component) -> WindowFacts:
    """Something was announced, and when it is cannot be said. A notice may still say
    itself that it runs or is over."""
    own, name = _named(event)
    window = WindowFacts(
        id=own, name=name, state=WindowState.UNKNOWN, starts_at=None, ends_at=None
    )
    if not is_notice(event):
        return window
    notice = notice_facts(event, window)
    if notice.state in {WindowState.RUNNING, WindowState.FINISHED}:
        return notice
    return replace(notice, state=WindowState.UNKNOWN)
