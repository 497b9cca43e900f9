"""Shifts as an iCalendar feed (RFC 5545) under an address that nobody can guess.

The address is the whole permission, as calendar programs do not sign in. It is signed
over the kind, the id and the ``feed_version`` of the row: counting that version up ends
every address given out before. A feed names technicians and schedules, never customers.
"""

import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from emergency.models import Schedule, Technician
from emergency.queries.roster import able, roster_of
from emergency.rules.rotation import Gap, Shift, gaps, shifts

WEEKS_BACK, WEEKS_AHEAD = timedelta(weeks=4), timedelta(weeks=26)
# Shifts that touch the edges of the feed are followed this far, so that they keep
# their beginning, and with it their name, while the feed moves on.
MARGIN = timedelta(weeks=9)
ASK_AGAIN_AFTER = timedelta(hours=1)
SIGNER = Signer(salt="emergency.calendar", sep=".")
NAMED = re.compile(r"(?P<kind>[st])(?P<key>[0-9]{1,18})v(?P<version>[0-9]{1,9})")


def feed_url(of: Technician | Schedule) -> str:
    """The address of the calendar, valid until ``feed_version`` is counted up."""
    kind = "t" if isinstance(of, Technician) else "s"
    token = SIGNER.sign(f"{kind}{of.pk}v{of.feed_version}")
    return settings.PUBLIC_BASE_URL + reverse("emergency:calendar", args=[token])


def feed(token: str, *, now: datetime) -> bytes | None:
    """The calendar behind this token, or None when it opens nothing (any more).

    The same roster gives the same bytes throughout a week, so that an entity tag works.
    """
    try:
        named = NAMED.fullmatch(SIGNER.unsign(token))
    except BadSignature:
        return None
    if named is None:
        return None
    key, version = int(named["key"]), int(named["version"])
    if named["kind"] == "t":
        technician = able().filter(pk=key, feed_version=version).first()
        return _of_technician(technician, now) if technician else None
    schedule = Schedule.objects.filter(pk=key, feed_version=version).first()
    return _of_schedule(schedule, now) if schedule else None


def _of_technician(technician: Technician, now: datetime) -> bytes:
    with override(technician.staff.language):
        calendar = _calendar(_("On call: %(name)s") % {"name": technician})
        for schedule in Schedule.objects.order_by("pk"):
            found, _gaps = _shifts_and_gaps(schedule, now)
            for shift in found:
                if shift.technician == technician.pk:
                    title = _("On call: %(name)s") % {"name": schedule.name}
                    calendar.add_component(_event(schedule, shift, title, now))
    return bytes(calendar.to_ical())


def _of_schedule(schedule: Schedule, now: datetime) -> bytes:
    found, missing = _shifts_and_gaps(schedule, now)
    people = Technician.objects.select_related("staff").in_bulk(
        {shift.technician for shift in found}
    )
    with override(settings.LANGUAGE_CODE):
        calendar = _calendar(schedule.name)
        for shift in found:
            title = str(people[shift.technician])
            calendar.add_component(_event(schedule, shift, title, now))
        for gap in missing:
            title = _("Nobody is on call")
            calendar.add_component(_event(schedule, gap, title, now))
    return bytes(calendar.to_ical())


def _shifts_and_gaps(
    schedule: Schedule, now: datetime
) -> tuple[list[Shift], list[Gap]]:
    monday = _monday(now)
    start, end = monday - WEEKS_BACK, monday + WEEKS_AHEAD
    roster = roster_of(schedule, start=start - MARGIN, end=end + MARGIN)
    return (
        [
            shift
            for shift in shifts(roster, start - MARGIN, end + MARGIN)
            if shift.ends_at > start and shift.starts_at < end
        ],
        # What is over needs nobody any more.
        gaps(roster, monday, end),
    )


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Emergency support//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _event(schedule: Schedule, period: Shift | Gap, title: str, now: datetime) -> Event:
    who = f"t{period.technician}" if isinstance(period, Shift) else "gap"
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    event = Event()
    event.add("uid", f"s{schedule.pk}-{who}-{period.starts_at:%Y%m%dT%H%M%SZ}@{host}")
    # The start of the week and not this instant: see `feed`.
    event.add("dtstamp", _monday(now))
    event.add("dtstart", period.starts_at)
    event.add("dtend", period.ends_at)
    event.add("summary", title)
    # Somebody on call is not busy, and no absence calendar must say so.
    event.add("transp", "TRANSPARENT")
    return event


def _monday(now: datetime) -> datetime:
    """00:00 UTC on the Monday of this week."""
    today = now.astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday, time(), tzinfo=UTC)
