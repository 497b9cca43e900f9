"""Calendars with one trap each. What decides is RFC 5545, and for a missing end, a time
without a zone and the states of notices what we know of calendars in use."""

from tests.integration.status.case import Case
from tests.unit.status.sample import calendar, entry

START, END = "DTSTART:20261122T010000Z", "DTEND:20261122T030000Z"
VIENNA = {"timezone": "Europe/Vienna"}
DAILY = "RRULE:FREQ=DAILY"


def plain(*lines: str) -> str:
    return calendar(*entry(*lines))


ZONE = (
    *("BEGIN:VTIMEZONE", "TZID:Customized Time Zone", "BEGIN:STANDARD"),
    *("DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
    *("RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"),
    *("BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100"),
    *("TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3"),
    *("END:DAYLIGHT", "END:VTIMEZONE"),
)

PLAIN = (
    Case(
        says="a calendar need not tell its version",
        kind="ics",
        body=plain(START, END).replace("VERSION:2.0\r\n", ""),
        active=("w1",),
    ),
    Case(
        says="a shell with nothing in it tells nothing",
        kind="ics",
        body="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        result="unknown",
    ),
    Case(
        says="a byte order mark and bare line feeds do no harm",
        kind="ics",
        body=b"\xef\xbb\xbf" + plain(START, END).replace("\r\n", "\n").encode(),
        active=("w1",),
    ),
    Case(
        says="a folded line is one line",
        kind="ics",
        body=plain("DTSTART:20261122T01\r\n 0000Z", END),
        active=("w1",),
    ),
    Case(
        says="a window begins at its first instant",
        kind="ics",
        body=plain(START, END),
        at="2026-11-22T01:00:00Z",
        active=("w1",),
    ),
    Case(
        says="a window is over at its last instant",
        kind="ics",
        body=plain(START, END),
        at="2026-11-22T03:00:00Z",
    ),
    Case(
        says="a window a second before it begins is ahead",
        kind="ics",
        body=plain(START, END),
        at="2026-11-22T00:59:59Z",
        upcoming=("w1",),
    ),
    Case(
        says="an entry without an id goes by its name",
        kind="ics",
        body=calendar("BEGIN:VEVENT", "SUMMARY:Rack B", START, END, "END:VEVENT"),
        active=("Rack B",),
    ),
    Case(
        says="a missing end is an unknown length",
        kind="ics",
        body=plain(START),
        result="unknown",
    ),
    Case(
        says="a missing end months ago is forgotten",
        kind="ics",
        body=plain("DTSTART:20260822T010000Z"),
    ),
    Case(
        says="a missing start says nothing",
        kind="ics",
        body=plain(END),
        result="unknown",
    ),
    Case(
        says="an entry of no length is of unknown length",
        kind="ics",
        body=plain(START, "DTEND:20261122T010000Z"),
        result="unknown",
    ),
    Case(
        says="a tentative entry is due and not active",
        kind="ics",
        body=plain(START, END, "STATUS:TENTATIVE"),
        due=("w1",),
    ),
    Case(
        says="a cancelled entry is over",
        kind="ics",
        body=plain(START, END, "STATUS:CANCELLED"),
    ),
    Case(
        says="a calendar of cancellations announces nothing",
        kind="ics",
        body=calendar("METHOD:CANCEL", *entry(START, END)),
    ),
    Case(
        says="the highest sequence of an id stands",
        kind="ics",
        body=calendar(
            *entry(START, END, "SEQUENCE:3", "STATUS:CANCELLED"),
            *entry(START, END, "SEQUENCE:2"),
        ),
    ),
    Case(
        says="entries that share an id and no version are all there",
        kind="ics",
        body=calendar(
            *entry(START, END),
            *entry("DTSTART:20261125T010000Z", "DURATION:PT1H"),
        ),
        active=("w1",),
        upcoming=("w1",),
    ),
    Case(
        says="the highest sequence may move the window here",
        kind="ics",
        body=calendar(
            *entry(START, END, "SEQUENCE:11"),
            *entry("DTSTART:20261123T010000Z", "DURATION:PT1H", "SEQUENCE:9"),
        ),
        active=("w1",),
    ),
    Case(
        says="to-do entries and free time are no windows",
        kind="ics",
        body=calendar(
            *("BEGIN:VTODO", "UID:t", START, "DUE:20261122T030000Z", "END:VTODO"),
            *("BEGIN:VFREEBUSY", "UID:f", START, END, "END:VFREEBUSY"),
        ),
    ),
    Case(
        says="an alarm inside an entry is not its start",
        kind="ics",
        body=plain(
            *(START, END, "BEGIN:VALARM", "TRIGGER:-PT15M", "ACTION:DISPLAY"),
            *("DESCRIPTION:x", "END:VALARM"),
        ),
        active=("w1",),
    ),
    Case(
        says="two calendars in one file are both read",
        kind="ics",
        body=plain(START, END)
        + calendar("METHOD:CANCEL", *entry(START, END, uid="w2"))
        + calendar(*entry("DTSTART:20261125T010000Z", "DURATION:PT1H", uid="w3")),
        active=("w1",),
        upcoming=("w3",),
    ),
)

COSTLY = (
    Case(
        says="many zones that begin and never end are refused at once",
        kind="ics",
        body=calendar(*["BEGIN:VTIMEZONE"] * 20_000),
        result="unknown",
    ),
)

DAYS = (
    Case(
        says="a whole day is a local one and ends before the next",
        kind="ics",
        body=plain("DTSTART;VALUE=DATE:20261122"),
        config=VIENNA,
        at="2026-11-22T22:59:59Z",
        active=("w1",),
    ),
    Case(
        says="a whole day is over when the next one begins",
        kind="ics",
        body=plain("DTSTART;VALUE=DATE:20261122", "DTEND;VALUE=DATE:20261123"),
        config=VIENNA,
        at="2026-11-22T23:00:00Z",
    ),
    Case(
        says="a day that ends on itself is a whole day",
        kind="ics",
        body=plain("DTSTART;VALUE=DATE:20261122", "DTEND;VALUE=DATE:20261122"),
        config=VIENNA,
        active=("w1",),
    ),
    Case(
        says="a day on which the clock is changed has 23 hours",
        kind="ics",
        body=plain("DTSTART;VALUE=DATE:20260329", "DURATION:P1D"),
        config=VIENNA,
        at="2026-03-29T22:30:00Z",
    ),
    Case(
        says="a date need not say that it is one",
        kind="ics",
        body=plain("DTSTART:20261122", "DURATION:P3D"),
        config=VIENNA,
        at="2026-11-24T12:00:00Z",
        active=("w1",),
    ),
)

ZONES = (
    Case(
        says="a floating time stands in the zone that was set",
        kind="ics",
        body=plain("DTSTART:20261122T020000", "DTEND:20261122T040000"),
        config=VIENNA,
        at="2026-11-22T02:59:00Z",
        active=("w1",),
    ),
    Case(
        says="a floating time stands in the zone that the calendar names itself",
        kind="ics",
        body=calendar(
            "X-WR-TIMEZONE:America/New_York",
            *entry("DTSTART:20261121T200000", "DTEND:20261121T220000"),
        ),
        config=VIENNA,
        active=("w1",),
    ),
    Case(
        says="a calendar may name its zone as Windows does",
        kind="ics",
        body=calendar(
            "X-WR-TIMEZONE:W. Europe Standard Time",
            *entry("DTSTART:20261122T020000", "DTEND:20261122T030000"),
        ),
        active=("w1",),
    ),
    Case(
        says="a zone that Windows knows needs no definition of its own",
        kind="ics",
        body=calendar(
            *(
                line.replace("Customized Time Zone", "W. Europe Standard Time")
                for line in ZONE
            ),
            *entry(
                "DTSTART;TZID=W. Europe Standard Time:20261122T020000", "DURATION:PT30M"
            ),
        ),
        active=("w1",),
    ),
    Case(
        says="a floating time without any zone is due two hours beside itself",
        kind="ics",
        body=plain("DTSTART:20261122T030000", "DTEND:20261122T040000"),
        due=("w1",),
    ),
    Case(
        says="a floating time without any zone is ahead when it is further off",
        kind="ics",
        body=plain("DTSTART:20261122T040000", "DTEND:20261122T050000"),
        upcoming=("w1",),
    ),
    Case(
        says="a zone with a product's own words before it is known",
        kind="ics",
        body=plain(
            "DTSTART;TZID=/example.org/20260101_1/Europe/Vienna:20261122T020000",
            "DTEND;TZID=/example.org/20260101_1/Europe/Vienna:20261122T040000",
        ),
        at="2026-11-22T02:59:00Z",
        active=("w1",),
    ),
    Case(
        says="a zone in small letters is known",
        kind="ics",
        body=plain("DTSTART;TZID=europe/vienna:20261122T020000", "DURATION:PT30M"),
        active=("w1",),
    ),
    Case(
        says="a zone that only the calendar knows is taken from there",
        kind="ics",
        body=calendar(
            *ZONE,
            *entry(
                "DTSTART;TZID=Customized Time Zone:20261122T020000", "DURATION:PT30M"
            ),
        ),
        active=("w1",),
    ),
    Case(
        says="a repeated time in an unknown zone stays unsure where a zone was set",
        kind="ics",
        body=plain(
            *("DTSTART;TZID=Somewhere:20261101T040000", "DURATION:PT30M", DAILY)
        ),
        config=VIENNA,
        due=("w1",),
        upcoming=("w1",),
    ),
    Case(
        says="an hour that the change of the clock leaves out begins at once",
        kind="ics",
        body=plain("DTSTART;TZID=Europe/Vienna:20260329T023000", "DURATION:PT1H"),
        at="2026-03-29T01:30:00Z",
        active=("w1",),
    ),
)

CASES = PLAIN + COSTLY + DAYS + ZONES
