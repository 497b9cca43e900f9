"""What repeats in a calendar, and notices of carriers, with one trap each."""

from tests.integration.status.case import Case
from tests.integration.status.cases_calendars import END, START, VIENNA, plain
from tests.unit.status.sample import calendar, entry

NOTE = ("X-MAINTNOTE-PROVIDER:example.net", "X-MAINTNOTE-MAINTENANCE-ID:WO-1")
LOCAL = "DTSTART;TZID=Europe/Vienna:20261101T020000"
LOCAL_END = "DTEND;TZID=Europe/Vienna:20261101T040000"


def notice(status: str, *lines: str) -> str:
    return plain(START, END, *NOTE, f"X-MAINTNOTE-STATUS:{status}", *lines)


WEEKLY = "RRULE:FREQ=WEEKLY"
MASTER = (LOCAL, LOCAL_END, WEEKLY)  # Sundays, 02:00 to 04:00 in Vienna
SERIES = (
    Case(
        says="an occurrence goes by the id of its series",
        kind="ics",
        body=plain(*MASTER),
        active=("w1",),
        upcoming=("w1",),
    ),
    Case(
        says="a series keeps its local hour when the clock is changed",
        kind="ics",
        body=plain(*MASTER),
        at="2027-04-04T00:30:00Z",
        active=("w1",),
        upcoming=("w1",),
    ),
    Case(
        says="an occurrence is left out by a date in another zone",
        kind="ics",
        body=plain(*MASTER, "EXDATE:20261122T010000Z"),
        upcoming=("w1",),
    ),
    Case(
        says="several dates are left out by one line",
        kind="ics",
        body=plain(
            *MASTER, "EXDATE;TZID=Europe/Vienna:20261115T020000,20261122T020000"
        ),
        upcoming=("w1",),
    ),
    Case(
        says="a series ends with its last count",
        kind="ics",
        body=plain(LOCAL, LOCAL_END, f"{WEEKLY};COUNT=3"),
    ),
    Case(
        says="a series ends at an instant told in another zone",
        kind="ics",
        body=plain(LOCAL, LOCAL_END, f"{WEEKLY};UNTIL=20261122T010000Z"),
        active=("w1",),
    ),
    Case(
        says="every second week is not every week",
        kind="ics",
        body=plain(LOCAL, LOCAL_END, f"{WEEKLY};INTERVAL=2"),
        upcoming=("w1",),
    ),
    Case(
        says="the third Sunday of a month is not the fourth",
        kind="ics",
        body=plain(LOCAL, LOCAL_END, "RRULE:FREQ=MONTHLY;BYDAY=3SU"),
        upcoming=("w1",),
    ),
    Case(
        says="a further date may be a span of its own",
        kind="ics",
        body=plain(
            *("DTSTART:20261001T010000Z", "DURATION:PT10M"),
            "RDATE;VALUE=PERIOD:20261122T010000Z/PT1H",
        ),
        at="2026-11-22T01:50:00Z",
        active=("w1",),
    ),
    Case(
        says="an occurrence that was moved here runs under the id of its series",
        kind="ics",
        body=calendar(
            *entry("DTSTART:20261119T010000Z", "DURATION:PT1H", f"{WEEKLY};COUNT=1"),
            *entry(
                *("RECURRENCE-ID:20261119T010000Z", "DTSTART:20261122T010000Z", END),
                "SUMMARY:Moved",
            ),
        ),
        active=("w1",),
    ),
    Case(
        says="an occurrence of a cancelled series is cancelled whatever it says itself",
        kind="ics",
        body=calendar(
            *entry(*MASTER, "STATUS:CANCELLED"),
            *entry(*("RECURRENCE-ID:20261122T010000Z", START, END, "STATUS:CONFIRMED")),
        ),
    ),
    Case(
        says="a change to one occurrence and all that follow moves them all",
        kind="ics",
        body=calendar(
            *entry(*MASTER),
            *entry(
                "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Vienna:20261108T020000",
                "DTSTART;TZID=Europe/Vienna:20261108T050000",
                "DTEND;TZID=Europe/Vienna:20261108T060000",
            ),
        ),
        at="2026-11-22T04:30:00Z",
        active=("w1",),
        upcoming=("w1",),
    ),
    Case(
        says="a series that began with the clocks of computers runs",
        kind="ics",
        body=plain("DTSTART:19700104T010000Z", "DURATION:PT2H", WEEKLY),
        active=("w1",),
        upcoming=("w1",),
    ),
    Case(
        says="a rule of which only the name is there is no rule",
        kind="ics",
        body=plain(START, END, "RRULE:", "EXDATE:"),
        active=("w1",),
    ),
    *(
        Case(
            says=f"an hour that is left out keeps its length until {at}",
            kind="ics",
            body=plain(
                "DTSTART;TZID=Europe/Vienna:20260315T023000",
                "DTEND;TZID=Europe/Vienna:20260315T031500",
                f"{WEEKLY};COUNT=3",
            ),
            at=at,
            active=active,
        )
        for at, active in (
            ("2026-03-29T02:14:59Z", ("w1",)),
            ("2026-03-29T02:15:00Z", ()),
        )
    ),
    Case(
        says="an hour that is left out keeps its length where nothing repeats, too",
        kind="ics",
        body=plain(
            "DTSTART;TZID=Europe/Vienna:20260329T023000",
            "DTEND;TZID=Europe/Vienna:20260329T033000",
        ),
        at="2026-03-29T02:29:59Z",
        active=("w1",),
    ),
    Case(
        says="a whole day that repeats is a local day each time",
        kind="ics",
        body=plain("DTSTART;VALUE=DATE:20261101", WEEKLY),
        config=VIENNA,
        at="2026-11-22T22:30:00Z",
        active=("w1",),
        upcoming=("w1",),
    ),
    Case(
        says="a rule under a damaged name is no answer",
        kind="ics",
        body=plain(LOCAL, LOCAL_END, "RULE:FREQ=WEEKLY"),
        result="unknown",
    ),
    Case(
        says="an unknown kind of rule is no answer",
        kind="ics",
        body=plain(LOCAL, LOCAL_END, "RRULE:FREQ=FORTNIGHTLY"),
        result="unknown",
    ),
)

OBJECT = "X-MAINTNOTE-OBJECT-ID:web-01.example.net"
NOTICES = (
    Case(
        says="a notice in process is active, also in the name of the plain kind",
        kind="ics_maintnote",
        body=notice("IN-PROCESS", OBJECT),
        at="2026-11-23T01:00:00Z",
        active=("WO-1",),
        affected={"WO-1": ["web-01.example.net"]},
    ),
    Case(
        says="a notice in process runs although its start is missing",
        kind="ics_maintnote",
        body=plain(END, *NOTE, "X-MAINTNOTE-STATUS:IN-PROCESS"),
        active=("WO-1",),
    ),
    Case(
        says="a completed notice is over although its start is missing",
        kind="ics_maintnote",
        body=plain(END, *NOTE, "X-MAINTNOTE-STATUS:COMPLETED"),
    ),
    Case(
        says="a confirmed notice ahead is ahead",
        kind="ics_maintnote",
        body=notice("CONFIRMED"),
        at="2026-11-21T01:00:00Z",
        upcoming=("WO-1",),
    ),
    Case(
        says="a confirmed notice whose end has passed is forgotten",
        kind="ics_maintnote",
        body=notice("CONFIRMED"),
        at="2026-11-22T03:00:00Z",
    ),
    Case(
        says="a notice cancelled in the words of any calendar is cancelled",
        kind="ics_maintnote",
        body=notice("CONFIRMED", "STATUS:CANCELLED"),
    ),
    Case(
        says="of several numbers of a notice the primary one names it",
        kind="ics_maintnote",
        body=plain(
            *(START, END, "X-MAINTNOTE-PROVIDER:example.net"),
            "X-MAINTNOTE-MAINTENANCE-ID;X-MAINTNOTE-PRECEDENCE=NON-PRIMARY:EXT-9",
            "X-MAINTNOTE-MAINTENANCE-ID;X-MAINTNOTE-PRECEDENCE=PRIMARY:WO-2",
        ),
        due=("WO-2",),
    ),
    Case(
        says="a notice without a number goes by its id",
        kind="ics_maintnote",
        body=plain(START, END, "X-MAINTNOTE-PROVIDER:example.net"),
        due=("w1",),
    ),
    Case(
        says="two notices of one number keep the objects of both",
        kind="ics_maintnote",
        body=calendar(
            *entry(START, END, *NOTE, "X-MAINTNOTE-OBJECT-ID:web-01", uid="a"),
            *entry(START, END, *NOTE, "X-MAINTNOTE-OBJECT-ID:db-01", uid="b"),
        ),
        due=("WO-1",),
        affected={"WO-1": ["web-01", "db-01"]},
    ),
    Case(
        says="a later notice of the same id replaces the earlier one",
        kind="ics_maintnote",
        body=calendar(
            *entry(START, END, *NOTE, "SEQUENCE:2", "X-MAINTNOTE-STATUS:COMPLETED"),
            *entry(START, END, *NOTE, "SEQUENCE:1", "X-MAINTNOTE-STATUS:IN-PROCESS"),
        ),
    ),
    Case(
        says="a notice without an end and not in process is no answer",
        kind="ics_maintnote",
        body=plain(START, *NOTE, "X-MAINTNOTE-STATUS:CONFIRMED"),
        result="unknown",
    ),
)

CASES = SERIES + NOTICES
