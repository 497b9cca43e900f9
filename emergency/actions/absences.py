"""An absence calendar (iCalendar) becomes rows. Only times are kept, no words.

The file is anybody's: its size, how far it reaches and how much it unfolds to are
bounded, and what cannot be read is refused as a whole, because an absence that is
silently left out is a gap in the roster.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from dateutil.rrule import rrulestr
from django.conf import settings
from django.db import transaction
from icalendar import Calendar, Component, vRecur

from emergency.actions.audit import Area, Via, record
from emergency.actions.refusal import Refused
from emergency.models import Absence, Schedule, Staff, Technician

LARGEST_FILE = 1024 * 1024
MOST_ABSENCES = 1000
AHEAD = timedelta(days=548)
# A series that began before this, or repeats more often than daily, is no absence and
# would only cost time to unfold.
EARLIEST = date(2000, 1, 1)
# What a rule costs does not show in what it yields: one that fits no day is walked to
# its end. Series of a file, the days on which those that are daily are looked at, and
# how often all of them fall since they began.
MOST_SERIES = 200
MOST_DAYS_WALKED = 40_000
MOST_FALLS = 40_000
# Years after which weekdays and leap days repeat.
CALENDAR_CYCLE = 400
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
WITHIN_A_DAY = {"BYHOUR", "BYMINUTE", "BYSECOND"}
LONGEST_UID = 255
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)

Period = tuple[str, datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import changed. ``absences`` is how many stand in the file."""

    absences: int
    added: int
    removed: int


def import_absences(
    *,
    technician: Technician,
    content: bytes,
    now: datetime,
    staff: Staff | None = None,
) -> Imported:
    """The technician's imported absences of the next 18 months are those of the file.

    The same file again changes nothing. What was imported before and is no longer in
    the file is removed, unless it has begun. Whole days are days in the zone of the
    technician's schedule; free and cancelled entries do not count. Raises Refused.
    """
    zone = _zone_of(technician)
    periods = {(uid, begin): end for uid, begin, end in _read(content, zone, now)}
    with transaction.atomic():
        # One import at a time: two of them would remove each other's rows.
        Technician.objects.select_for_update().get(pk=technician.pk)
        gone = [
            row.pk
            for row in technician.absences.filter(starts_at__gt=now).exclude(uid="")
            if (row.uid, row.starts_at) not in periods
        ]
        technician.absences.filter(pk__in=gone).delete()
        before = technician.absences.count()
        Absence.objects.bulk_create(
            [
                Absence(
                    technician=technician,
                    uid=uid,
                    starts_at=begin,
                    ends_at=end,
                    imported_at=now,
                )
                for (uid, begin), end in periods.items()
            ],
            update_conflicts=True,
            unique_fields=["technician", "uid", "starts_at"],
            update_fields=["ends_at", "imported_at"],
        )
        added = technician.absences.count() - before
        record(
            Area.TRANSFER,
            "absences_imported",
            now=now,
            by=staff,
            via="" if staff else Via.COMMAND,
            about=f"technician:{technician.pk}",
            absences=len(periods),
            added=added,
            removed=len(gone),
        )
    return Imported(absences=len(periods), added=added, removed=len(gone))


def _zone_of(technician: Technician) -> ZoneInfo:
    schedule = (
        Schedule.objects.filter(rotations__members__technician=technician)
        .order_by("pk")
        .first()
    )
    return ZoneInfo(schedule.time_zone if schedule else settings.TIME_ZONE)


def _read(content: bytes, zone: ZoneInfo, now: datetime) -> list[Period]:
    if len(content) > LARGEST_FILE:
        raise Refused("calendar_too_large")
    try:
        calendar = Calendar.from_ical(content.decode("utf-8-sig"))
        if calendar.name != "VCALENDAR":
            raise Refused("calendar_unreadable")
        periods: list[Period] = []
        for period in _periods(calendar, zone, now):
            if len(periods) == MOST_ABSENCES:
                raise Refused("calendar_too_many")
            periods.append(period)
    except UNREADABLE as error:
        raise Refused("calendar_unreadable") from error
    return periods


def _periods(calendar: Component, zone: ZoneInfo, now: datetime) -> Iterator[Period]:
    """The absences that end after now, in order, as far as we look."""
    for event in calendar.walk("VEVENT"):
        _check(event)
    for component in calendar.walk():
        # A zone changes its clock a few times a year.
        in_zone = component.name in {"STANDARD", "DAYLIGHT"}
        _check_rules(
            component, TOO_OFTEN | {"DAILY", "WEEKLY"} if in_zone else TOO_OFTEN
        )
    last = now + AHEAD
    _bound_series(calendar, now, last)
    for event in recurring_ical_events.of(calendar).between(now, last):
        begin = _instant(event.start, zone)
        end = _instant(event.end, zone)
        status, shown = str(event.get("STATUS", "")), str(event.get("TRANSP", ""))
        if status.upper() == "CANCELLED" or shown.upper() == "TRANSPARENT":
            continue
        if end > max(begin, now):
            yield _uid(event), begin, end


def _bound_series(calendar: Component, now: datetime, last: datetime) -> None:
    """Every series ends with what we look at, and all together stay within bounds."""
    walked = falls = coming = 0
    series = [
        (event.decoded("DTSTART"), rule)
        for event in calendar.walk("VEVENT")
        for rule in _rules(event)
    ]
    for start, rule in series:
        if "DAILY" in {str(word).upper() for word in rule["FREQ"]}:
            walked += max(0, (last.date() - _naive(start).date()).days)
        if len(series) > MOST_SERIES or walked > MOST_DAYS_WALKED:
            raise Refused("calendar_too_many")
        for moment in _end_with(rule, start, last):
            falls += 1
            coming += moment >= _naive(now) - timedelta(days=1)
            if falls > MOST_FALLS or coming > MOST_ABSENCES:
                raise Refused("calendar_too_many")


def _end_with(rule: Any, start: date | datetime, last: datetime) -> Iterator[datetime]:
    """The rule ends with ``last``; yields when it falls until then. Raises Refused for
    one that falls on no day.

    Whoever unfolds such a rule looks through all years up to the last that there is.
    So we look first, as near to that year as whole cycles of the calendar allow.
    """
    most = min((int(number) for number in rule.get("COUNT", [])), default=None)
    until = min([_naive(last), *(_naive(given) for given in rule.get("UNTIL", []))])
    own = {name: rule[name] for name in rule if name not in {"UNTIL", "COUNT"}}
    words = vRecur(own).to_ical().decode()  # type: ignore[no-untyped-call]
    years = (MAXYEAR - last.year) // CALENDAR_CYCLE * CALENDAR_CYCLE
    late = _naive(start).replace(year=start.year + years)
    falls = 0
    for moment in islice(rrulestr(words, dtstart=late), most):
        earlier = moment.replace(year=moment.year - years)
        if earlier > until:
            rule.pop("COUNT", None)
            rule["UNTIL"] = [_alike(start, until)]
            return
        falls += 1
        yield earlier
    if falls != most:
        raise Refused("calendar_never")


def _alike(start: date | datetime, until: datetime) -> date | datetime:
    """The end of a series in the form that RFC 5545 wants beside this start."""
    if not isinstance(start, datetime):
        return until.date()
    return until.replace(tzinfo=UTC) if start.tzinfo else until


def _naive(moment: date | datetime) -> datetime:
    """The wall clock of the moment, which is enough to bound what is unfolded."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time())


def _check(event: Component) -> None:
    """Refuse what is broken or would unfold without end."""
    if event.errors or "DTSTART" not in event:
        raise Refused("calendar_unreadable")
    start = event.decoded("DTSTART")
    if _rules(event) and date(start.year, start.month, start.day) < EARLIEST:
        raise Refused("calendar_too_many")


def _check_rules(component: Component, too_often: set[str]) -> None:
    for rule in _rules(component):
        often = {str(word).upper() for word in rule.get("FREQ", [])}
        if not often or any(int(n) < 1 for n in rule.get("INTERVAL", [])):
            raise Refused("calendar_unreadable")
        if often & too_often or WITHIN_A_DAY & set(rule):
            raise Refused("calendar_too_many")


def _rules(component: Component) -> list[Any]:
    found: list[Any] = []
    for name in ("RRULE", "EXRULE"):
        rules = component.get(name, [])
        found += rules if isinstance(rules, list) else [rules]
    return found


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    """A day means its midnight, a time without a zone the wall clock of ours."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def _uid(event: Component) -> str:
    uid = str(event.get("UID", "")) or "without a name"
    if len(uid) > LONGEST_UID:
        return sha256(uid.encode()).hexdigest()
    return uid
