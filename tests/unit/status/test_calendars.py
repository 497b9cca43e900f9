"""Calendars: what a time means, what repeats, what a later version replaces."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from status.rules.windows import Phase, WindowFacts, WindowState, phase_at
from status.sources import ics, static
from status.sources.base import Document, Page, SourceError
from tests.unit.status.sample import NOW, calendar, entry

pytestmark = pytest.mark.no_servers

HOUR = timedelta(hours=1)
START, END = "DTSTART:20261122T010000Z", "DTEND:20261122T030000Z"
NOTE = ("X-MAINTNOTE-PROVIDER:example.net", "X-MAINTNOTE-MAINTENANCE-ID:WO-1")


def read(*lines: str, now: datetime = NOW, **config: Any) -> Document:
    page = Page(body=calendar(*lines).encode(), now=now, config=config)
    return ics.read(page)


def only(*lines: str, now: datetime = NOW, **config: Any) -> WindowFacts:
    (window,) = read(*lines, now=now, **config).windows
    return window


def phases(document: Document, now: datetime = NOW) -> list[Phase]:
    return [phase_at(window, now) for window in document.windows]


@pytest.mark.parametrize(
    ("lines", "zone", "starts", "ends", "known"),
    [
        (("DTSTART:20261122T010000Z", "DTEND:20261122T030000Z"), "", 1, 3, True),
        (
            (
                "DTSTART;TZID=Europe/Vienna:20261122T020000",
                "DTEND;TZID=Europe/Vienna:20261122T040000",
            ),
            *("", 1, 3, True),
        ),
        (
            ("DTSTART;TZID=W. Europe Standard Time:20261122T020000", "DURATION:PT2H"),
            *("", 1, 3, True),
        ),
        (("DTSTART:20261122T020000", "DURATION:PT2H"), "Europe/Vienna", 1, 3, True),
        (("DTSTART:20261122T010000", "DURATION:PT2H"), "", 1, 3, False),
        (
            ("DTSTART;TZID=Nowhere/At all:20261122T010000", "DURATION:PT2H"),
            *("", 1, 3, False),
        ),
        (("DTSTART;VALUE=DATE:20261122",), "Europe/Vienna", -1, 23, True),
        (
            ("DTSTART;VALUE=DATE:20261122", "DTEND;VALUE=DATE:20261123"),
            *("UTC", 0, 24, True),
        ),
    ],
)
def test_every_way_to_write_a_time_is_read(lines, zone, starts, ends, known):
    window = only(*entry(*lines), timezone=zone)
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    assert window.starts_at == midnight + starts * HOUR
    assert window.ends_at == midnight + ends * HOUR
    assert window.zone_known is known


def test_the_zone_of_the_calendar_is_nearer_than_the_one_that_was_set():
    lines = ("X-WR-TIMEZONE:Europe/Vienna", *entry("DTSTART:20261122T020000", END))
    assert only(*lines).starts_at == datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert only(*lines, timezone="UTC").starts_at == only(*lines).starts_at


@pytest.mark.parametrize("lines", [(START,), (START, "DTEND:20261122T010000Z")])
def test_an_entry_without_an_end_has_an_unknown_length(lines):
    window = only(*entry(*lines))
    assert phase_at(window, NOW) is Phase.UNCLEAR
    assert phase_at(window, NOW - HOUR) is Phase.UPCOMING


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("CONFIRMED", Phase.ACTIVE),
        ("cancelled", Phase.OVER),
        ("TENTATIVE", Phase.TENTATIVE),
        ("PERHAPS", Phase.DUE),
    ],
)
def test_the_status_of_a_plain_entry(status, phase):
    assert phase_at(only(*entry(START, END, f"STATUS:{status}")), NOW) is phase


def test_a_calendar_that_cancels_runs_nothing():
    assert phases(read("METHOD:CANCEL", *entry(START, END))) == [Phase.OVER]


def test_the_highest_sequence_of_an_entry_stands_wherever_it_is():
    new = entry(START, END, "SEQUENCE:2", "STATUS:CANCELLED")
    old = entry(START, END, "SEQUENCE:1")
    assert phases(read(*new, *old)) == phases(read(*old, *new)) == [Phase.OVER]


@pytest.mark.parametrize(
    ("more", "active"),
    [
        ((), True),
        (("EXDATE:20261122T010000Z",), False),
        (("EXDATE;TZID=Europe/Vienna:20261122T020000",), False),
    ],
)
def test_a_repeated_entry_is_there_but_where_it_is_excepted(more, active):
    lines = entry(
        "DTSTART;TZID=Europe/Vienna:20260104T020000",
        *("DURATION:PT2H", "RRULE:FREQ=WEEKLY", *more),
    )
    document = read(*lines)
    assert (Phase.ACTIVE in phases(document)) is active
    assert {window.series for window in document.windows} == {"w1"}
    assert len({window.id for window in document.windows}) == len(document.windows)
    reach = timedelta(days=33)
    assert all(abs(w.starts_at - NOW) < reach for w in document.windows if w.starts_at)


def test_a_moved_or_cancelled_occurrence_leaves_its_place():
    master = entry(
        "DTSTART:20261115T010000Z", "DURATION:PT2H", "RRULE:FREQ=WEEKLY;COUNT=3"
    )
    moved = entry(
        "RECURRENCE-ID:20261122T010000Z", "DTSTART:20261122T050000Z", "DURATION:PT1H"
    )
    assert Phase.ACTIVE not in phases(read(*master, *moved))
    later = NOW + 4 * HOUR
    assert Phase.ACTIVE in phases(read(*master, *moved, now=later), later)
    cancelled = entry(
        *("RECURRENCE-ID:20261122T010000Z", START, END, "STATUS:CANCELLED")
    )
    assert Phase.ACTIVE not in phases(read(*master, *cancelled))


def test_further_dates_count():
    lines = entry("DTSTART:20261101T010000Z", "DURATION:PT2H", "RDATE:20261122T010000Z")
    assert Phase.ACTIVE in phases(read(*lines))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5",
        "FREQ=SOMETIMES",
        "INTERVAL=2",
    ],
)
def test_a_rule_that_costs_too_much_or_says_nothing_is_unclear(rule):
    damaged = entry(START, END, f"RRULE:{rule}")
    other = entry(START, END, uid="other")
    document = read(*damaged, *other)
    assert sorted(phases(document)) == [Phase.ACTIVE, Phase.UNCLEAR]


def zone(name: str, rule: str) -> tuple[str, ...]:
    return (
        *("BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD"),
        *("DTSTART:19700101T000000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300"),
        *(f"RRULE:{rule}", "END:STANDARD", "END:VTIMEZONE"),
    )


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=-1SU", True),
        ("FREQ=SECONDLY", False),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", False),
        ("FREQ=YEARLY;BYHOUR=1", False),
    ],
)
def test_a_zone_that_a_calendar_defines_itself_is_read_if_it_is_tame(rule, known):
    name = f"Own/{rule}".replace(";", "-").replace("=", "-")
    times = (f"DTSTART;TZID={name}:20261122T040000", "DURATION:PT2H")
    window = only(*zone(name, rule), *entry(*times))
    assert window.zone_known is known
    if known:
        assert window.starts_at == datetime(2026, 11, 22, 1, tzinfo=UTC)


def test_a_zone_hidden_behind_parameters_is_refused():
    hidden = ("BEGIN;X=1:VTIMEZONE", *zone("Own/hidden", "FREQ=SECONDLY")[1:])
    with pytest.raises(SourceError):
        read(*hidden, *entry(START, END))


def test_a_zone_that_everybody_knows_is_not_taken_from_the_calendar():
    times = ("DTSTART;TZID=Europe/Vienna:20261122T020000", "DURATION:PT2H")
    window = only(*zone("Europe/Vienna", "FREQ=SECONDLY"), *entry(*times))
    assert window.starts_at == datetime(2026, 11, 22, 1, tzinfo=UTC)


def test_a_calendar_that_costs_too_much_to_unfold_is_refused():
    series = [
        line
        for number in range(ics.MOST_SERIES + 1)
        for line in entry(START, END, "RRULE:FREQ=DAILY", uid=str(number))
    ]
    with pytest.raises(SourceError, match="too_many_windows"):
        read(*series)


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("IN-PROCESS", Phase.ACTIVE),
        ("In Process", Phase.ACTIVE),
        ("CONFIRMED", Phase.DUE),
        ("TENTATIVE", Phase.TENTATIVE),
        ("CANCELLED", Phase.OVER),
        ("COMPLETED", Phase.OVER),
        ("NEWWORD", Phase.DUE),
    ],
)
def test_a_notice_has_states_of_its_own(status, phase):
    window = only(*entry(START, END, *NOTE, f"X-MAINTNOTE-STATUS:{status}"))
    assert (window.id, phase_at(window, NOW)) == ("WO-1", phase)


def test_a_notice_that_says_it_runs_does_so_after_its_end():
    window = only(*entry(START, END, *NOTE, "X-MAINTNOTE-STATUS:IN-PROCESS"))
    assert phase_at(window, NOW + 9 * HOUR) is Phase.ACTIVE


@pytest.mark.parametrize(
    ("summary", "phase"),
    [("Work on circuits", Phase.DUE), ("[Completed] Work on circuits", Phase.OVER)],
)
def test_a_notice_without_a_state_is_due_unless_its_summary_ends_it(summary, phase):
    assert phase_at(only(*entry(START, END, f"SUMMARY:{summary}", *NOTE)), NOW) is phase


def test_what_a_notice_is_about_and_whether_anybody_should_notice():
    objects = (
        "X-MAINTNOTE-OBJECT-ID:web-01.example.net",
        "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:db-01",
    )
    quiet = (*NOTE, "X-MAINTNOTE-IMPACT:NO-IMPACT")
    window = only(*entry(START, END, *quiet, *objects))
    names = [part.name for part in window.components]
    assert names == ["web-01.example.net", "db-01"]
    assert not window.no_impact
    mixed = ("X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=NO-IMPACT:web-01",)
    parts = only(*entry(START, END, *NOTE, *mixed, objects[1])).components
    assert [(part.name, part.no_impact) for part in parts] == [
        ("web-01", True),
        ("db-01", False),
    ]
    assert only(*entry(START, END, *quiet, objects[0])).no_impact


WEEKLY = {
    "name": "Every Sunday",
    "timezone": "Europe/Vienna",
    "starts": "2026-01-04T02:00",
    "minutes": 120,
    "rule": "FREQ=WEEKLY",
    "components": ["web-01"],
}


def fixed(now: datetime = NOW, **changes: Any) -> Document:
    return static.read(Page(body=b"", now=now, config={**WEEKLY, **changes}))


def test_fixed_times_go_the_way_of_a_calendar():
    document = fixed()
    now = [w for w in document.windows if phase_at(w, NOW) is Phase.ACTIVE]
    assert [part.name for part in now[0].components] == ["web-01"]
    assert now[0].state is WindowState.TIMED
    summer = datetime(2026, 7, 19, 0, 30, tzinfo=UTC)
    assert Phase.ACTIVE in phases(fixed(summer), summer)
    second = fixed(rule="FREQ=WEEKLY;INTERVAL=2", starts="2026-01-11T02:00")
    assert Phase.ACTIVE not in phases(second)


def test_fixed_times_stay_known_for_a_month_without_being_read():
    document = fixed()
    assert document.good_until is not None
    assert document.good_until - NOW >= timedelta(days=30)
    last = max(w.starts_at for w in document.windows if w.starts_at)
    assert last + timedelta(days=7) > document.good_until


@pytest.mark.parametrize(
    "changes",
    [
        {"timezone": "Nowhere"},
        {"starts": "soon"},
        {"starts": "2026-01-04T02:00+01:00"},
        {"minutes": 0},
        {"minutes": "long"},
        {"minutes": 60 * 24 * 30},
        {"rule": "FREQ=NOW"},
    ],
)
def test_fixed_times_that_say_nothing_are_refused(changes):
    with pytest.raises(SourceError):
        fixed(**changes)
