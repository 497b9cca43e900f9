"""Static windows: what a hoster has agreed with itself, typed in by staff.

"Every Tuesday from 00:00 for an hour" becomes one calendar entry and goes the way of
every other calendar. Nothing is fetched; the occurrences of the coming month are known.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, vRecur, vText

from status.rules.matching import Component
from status.sources.base import Document, Page, SourceError, refused, zone_named
from status.sources.ics import read as read_calendar
from status.sources.recurrence import REACH
from status.sources.values import text

_NOT_ONE = "not_a_static_window"
# Unfolded anew this often; good for as long as the reach of unfolding allows.
POLL_AFTER = timedelta(days=1)
LONGEST = timedelta(days=7)


def read(page: Page) -> Document:
    """The occurrences around now of the window that ``page.config`` describes.

    Its keys: `timezone`, `starts` (local time of the first one), `minutes`, `rule` (an
    RRULE; none for a window that happens once), `name`, `components` (names).
    """
    document = read_calendar(replace(page, body=calendar_of(page.config)))
    parts = components_of(page.config)
    return replace(
        document,
        components=parts or None,
        windows=tuple(replace(window, components=parts) for window in document.windows),
        good_until=page.now + REACH - POLL_AFTER,
        poll_after=POLL_AFTER,
    )


def calendar_of(config: Mapping[str, Any]) -> bytes:
    """The window as a calendar with one entry. Raises SourceError."""
    zone = zone_named(config.get("timezone"))
    try:
        starts = datetime.fromisoformat(str(config.get("starts")))
        length = timedelta(minutes=int(config.get("minutes", 0)))
        rule = str(config.get("rule") or "")
        if zone is None or starts.tzinfo is not None:
            raise refused(_NOT_ONE)
        if not timedelta(0) < length <= LONGEST:
            raise refused(_NOT_ONE)
        event = Event()
        event.add("UID", vText(str(config.get("uid") or "static-window")))
        event.add("SUMMARY", vText(text(config.get("name"))))
        event.add("DTSTAMP", datetime(2000, 1, 1, tzinfo=UTC))
        event.add("DTSTART", starts.replace(tzinfo=zone))
        event.add("DURATION", length)
        if rule:
            event.add("RRULE", vRecur.from_ical(rule))
        calendar = Calendar()
        calendar.add("PRODID", "-//emergency support//static windows//")
        calendar.add("VERSION", "2.0")
        calendar.add_component(event)
        return bytes(calendar.to_ical())
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise SourceError(_NOT_ONE, unreadable=True) from error


def components_of(config: Mapping[str, Any]) -> tuple[Component, ...]:
    listed = config.get("components")
    names = [text(name, 200) for name in listed] if isinstance(listed, list) else []
    return tuple(Component(id=n, name=n) for n in dict.fromkeys(names) if n)
