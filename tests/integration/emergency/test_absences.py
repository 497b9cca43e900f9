"""Absence calendars: what the file says stands in the rows, and nothing else."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from emergency.actions.absences import Imported, import_absences
from emergency.actions.refusal import Refused
from tests import people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
HOLIDAY = """UID:summer
DTSTART;VALUE=DATE:20261024
DTEND;VALUE=DATE:20261026
SUMMARY:Hospital
"""


@pytest.fixture
def anna():
    anna = people.technician("Anna Berger")
    people.on_call(anna)
    return anna


def ics(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n{event.strip()}\nEND:VEVENT\n"
        for event in events
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def imported(anna, *events, now=NOW):
    return import_absences(technician=anna, content=ics(*events), now=now)


def rows(anna):
    return [(a.starts_at, a.ends_at) for a in anna.absences.order_by("starts_at")]


def test_whole_days_are_days_in_the_zone_of_the_schedule(anna):
    imported(anna, HOLIDAY)
    # The second day has 25 hours.
    assert rows(anna) == [
        (datetime(2026, 10, 23, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    ]


def test_a_time_without_a_zone_is_on_our_wall_clock(anna):
    imported(anna, "UID:a\nDTSTART:20261102T090000\nDTEND:20261102T120000")
    assert rows(anna) == [
        (datetime(2026, 11, 2, 8, tzinfo=UTC), datetime(2026, 11, 2, 11, tzinfo=UTC))
    ]


def test_a_series_unfolds_on_the_wall_clock_without_its_exceptions(anna):
    imported(
        anna,
        "UID:a\nDTSTART;TZID=Europe/Vienna:20261014T090000\nDURATION:PT2H\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Vienna:20261028T090000",
    )
    # 14 October is over, 28 October is excepted.
    assert [begin for begin, _ in rows(anna)] == [
        datetime(2026, 10, 21, 7, tzinfo=UTC),
        datetime(2026, 11, 4, 8, tzinfo=UTC),
    ]


def test_an_endless_series_ends_after_eighteen_months(anna):
    imported(anna, "UID:a\nDTSTART:20260105T090000Z\nRRULE:FREQ=WEEKLY\nDURATION:PT1H")
    assert len(rows(anna)) == 78
    assert rows(anna)[-1][0] < NOW + timedelta(days=548)


@pytest.mark.parametrize("extra", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"])
def test_free_and_cancelled_entries_do_not_count(anna, extra):
    assert imported(anna, HOLIDAY + extra).absences == 0


def test_the_same_file_again_changes_nothing(anna):
    assert imported(anna, HOLIDAY) == Imported(absences=1, added=1, removed=0)
    before = rows(anna)
    assert imported(anna, HOLIDAY) == Imported(absences=1, added=0, removed=0)
    assert rows(anna) == before


def test_what_left_the_file_is_removed_unless_it_has_begun(anna):
    other = HOLIDAY.replace("summer", "winter").replace("202610", "202612")
    imported(anna, HOLIDAY, other)
    during = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert imported(anna, now=during).removed == 1
    assert len(rows(anna)) == 1


def test_an_absence_that_grew_longer_is_the_same_absence(anna):
    imported(anna, HOLIDAY)
    imported(anna, HOLIDAY.replace("20261026", "20261028"))
    assert rows(anna)[0][1] == datetime(2026, 10, 27, 23, tzinfo=UTC)


def test_absences_that_came_from_no_calendar_stay(anna):
    anna.absences.create(
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=2),
        imported_at=NOW,
    )
    imported(anna)
    assert len(rows(anna)) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "calendar_unreadable"),
        (b"\xff\xfe no calendar", "calendar_unreadable"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "calendar_unreadable"),
        (ics("UID:a\nSUMMARY:No beginning"), "calendar_unreadable"),
        (ics("UID:a\nDTSTART:yesterday"), "calendar_unreadable"),
        (ics("UID:a\nDTSTART:20261101T000000Z\nRRULE:NO"), "calendar_unreadable"),
        # Either would be unfolded for ever.
        (
            ics("UID:a\nDTSTART:20261101T000000Z\nRRULE:FREQ=DAILY;INTERVAL=0"),
            "calendar_unreadable",
        ),
        (
            ics("UID:a\nDTSTART:20261101T000000Z\nRRULE:FREQ=DAILY;BYSECOND=1,2"),
            "calendar_too_many",
        ),
        (b" " * (1024 * 1024 + 1), "calendar_too_large"),
        (
            ics("UID:a\nDTSTART:20261101T000000Z\nRRULE:FREQ=SECONDLY"),
            "calendar_too_many",
        ),
        (ics("UID:a\nDTSTART:00010101T000000Z\nRRULE:FREQ=DAILY"), "calendar_too_many"),
        (
            ics(
                *(
                    f"UID:{n}\nDTSTART:20261101T000000Z\nDURATION:PT1H"
                    for n in range(1001)
                )
            ),
            "calendar_too_many",
        ),
    ],
    ids=range(12),
)
def test_a_bad_file_is_refused_as_a_whole(anna, content, code):
    imported(anna, HOLIDAY)
    with pytest.raises(Refused) as refused:
        import_absences(technician=anna, content=content, now=NOW)
    assert refused.value.code == code
    assert str(refused.value)
    assert len(rows(anna)) == 1


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("20000131", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"),
        ("20270131", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"),
        ("20270131", "FREQ=WEEKLY;COUNT=1000000;BYMONTH=4;BYMONTHDAY=31"),
        ("20270131", "FREQ=YEARLY;UNTIL=20280101;BYMONTH=2;BYMONTHDAY=30"),
    ],
)
def test_a_series_on_a_day_that_does_not_exist_costs_nothing(anna, start, rule):
    began = process_time()
    with pytest.raises(Refused) as refused:
        imported(anna, f"UID:a\nDTSTART;VALUE=DATE:{start}\nRRULE:{rule}")
    assert refused.value.code == "calendar_never"
    assert process_time() - began < 2.0


def test_a_series_without_end_is_unfolded_for_18_months(anna):
    began = process_time()
    imported(anna, "UID:a\nDTSTART;VALUE=DATE:20000103\nRRULE:FREQ=WEEKLY;BYDAY=MO")
    assert len(rows(anna)) == 78
    assert process_time() - began < 2.0


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY;COUNT=3", "20261103"),
        ("FREQ=DAILY;UNTIL=20261104", "20261104"),
        ("FREQ=MONTHLY;COUNT=2", "20261201"),
    ],
)
def test_a_series_keeps_its_own_end(anna, rule, last):
    imported(anna, f"UID:a\nDTSTART;VALUE=DATE:20261101\nRRULE:{rule}")
    begins, _ends = rows(anna)[-1]
    assert f"{begins.astimezone(ZoneInfo('Europe/Vienna')):%Y%m%d}" == last


def test_many_series_are_refused_before_they_are_unfolded(anna):
    daily = "DTSTART;VALUE=DATE:20000101\nRRULE:FREQ=DAILY;UNTIL=20100101"
    began = process_time()
    with pytest.raises(Refused) as refused:
        imported(anna, *(f"UID:{n}\n{daily}" for n in range(500)))
    assert refused.value.code == "calendar_too_many"
    assert process_time() - began < 5.0


def test_the_command_says_what_it_did(anna, tmp_path: Path):
    file = tmp_path / "absences.ics"
    file.write_bytes(ics(HOLIDAY.replace("2026", "2027")))
    out = StringIO()
    call_command("import_absences", anna.staff.email, str(file), stdout=out)
    assert out.getvalue().strip() == "1 absences: 1 new, 0 removed"
    with pytest.raises(CommandError):
        call_command("import_absences", "nobody@example.com", str(file))
    with pytest.raises(CommandError):
        call_command("import_absences", anna.staff.email, str(tmp_path / "none.ics"))
