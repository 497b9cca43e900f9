"""What payroll is told: time on call by kind of day, interventions, rests."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.calendar_days import midnight, month_of
from emergency.rules.duty_figures import Figures, Work, figures, overlap
from emergency.rules.duty_limits import joined
from emergency.rules.rotation import Shift
from tests.unit.emergency.rosters import OFFICE, VIENNA, ZONES, vienna

HOUR = timedelta(hours=1)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
# OFFICE is open from 8 to 17 on weekdays; these are holidays of the calendar.
HOLIDAYS = {date(2026, 12, 8), date(2026, 12, 25), date(2026, 11, 1)}


def counted(duty=(), work=(), month=date(2026, 12, 1), **fields) -> Figures:
    given = {
        "until": LATER,
        "zone": VIENNA,
        "holidays": HOLIDAYS,
        "office": OFFICE,
        "rest": 8 * HOUR,
        **fields,
    }
    return figures(duty=list(duty), work=list(work), month=month, **given)


def work(begin, end, incident=1):
    return Work(incident=incident, starts_at=begin, ends_at=end)


def test_time_on_call_is_split_by_kind_of_day_at_midnight() -> None:
    # Saturday 18:00 to Wednesday 06:00 over a holiday on Tuesday.
    found = counted([(vienna(2026, 12, 5, 18), vienna(2026, 12, 9, 6))])
    assert found.workday == (6 + 24 + 6) * HOUR
    assert found.sunday == 24 * HOUR
    assert found.holiday == 24 * HOUR
    assert found.on_call == 84 * HOUR


def test_a_holiday_on_a_sunday_is_a_sunday() -> None:
    day = (vienna(2026, 11, 1), vienna(2026, 11, 2))
    found = counted([day], month=date(2026, 11, 1))
    assert (found.sunday, found.holiday) == (24 * HOUR, timedelta())


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25)])
def test_the_nights_of_the_clock_count_the_hours_that_pass(month, day, hours) -> None:
    duty = (
        vienna(2026, month, day).astimezone(UTC),
        midnight(date(2026, month, day) + timedelta(days=1), VIENNA),
    )
    assert counted([duty], month=date(2026, month, 1)).sunday == hours * HOUR


def test_only_the_month_counts_and_only_what_is_past() -> None:
    duty = [(vienna(2026, 11, 20), vienna(2027, 1, 10))]
    assert counted(duty).on_call == 31 * 24 * HOUR
    assert counted(duty, until=vienna(2026, 12, 2, 6)).on_call == 30 * HOUR


def test_an_intervention_is_an_incident_on_which_work_began_on_call() -> None:
    duty = [(vienna(2026, 12, 2, 17), vienna(2026, 12, 3, 8))]
    found = counted(
        duty,
        [
            work(vienna(2026, 12, 2, 20), vienna(2026, 12, 2, 21), 1),
            work(vienna(2026, 12, 2, 22), vienna(2026, 12, 2, 23), 1),
            work(vienna(2026, 12, 3, 7), vienna(2026, 12, 3, 9), 2),
            work(vienna(2026, 12, 4, 10), vienna(2026, 12, 4, 12), 3),
            work(vienna(2026, 11, 30, 23), vienna(2026, 12, 1, 1), 4),
        ],
    )
    assert found.interventions == 2
    assert found.worked_on_call == 3 * HOUR
    assert found.worked_besides == 4 * HOUR


def night(*pieces):
    """Rests of a night on call, Wednesday to Thursday; pieces are (hour, hour)."""
    duty = [(vienna(2026, 12, 2, 17), vienna(2026, 12, 3, 8))]
    at = [vienna(2026, 12, 2), vienna(2026, 12, 3)]
    done = [
        work(at[a < 12] + a * HOUR, at[b < 12] + b * HOUR, number)
        for number, (a, b) in enumerate(pieces)
    ]
    found = counted(duty, done)
    return found.rests_interrupted, found.rests_broken


def test_a_rest_is_broken_when_no_eight_hours_are_left_in_one_piece() -> None:
    assert night() == (0, 0)
    assert night((22, 23)) == (1, 0)  # nine hours follow
    assert night((1, 2)) == (1, 0)  # eight hours came before
    assert night((0.5, 2)) == (1, 1)
    assert night((22, 23), (3, 4)) == (1, 1)


def test_work_in_the_office_or_when_not_on_call_breaks_no_rest() -> None:
    assert night((9, 10)) == (0, 0)
    done = [work(vienna(2026, 12, 2, 22), vienna(2026, 12, 3, 4))]
    assert counted([], done).rests_interrupted == 0


def test_on_a_free_day_a_long_piece_is_left() -> None:
    duty = [(vienna(2026, 12, 4, 17), vienna(2026, 12, 7, 8))]
    done = [work(vienna(2026, 12, 6, 3), vienna(2026, 12, 6, 4))]
    found = counted(duty, done)
    assert (found.rests_interrupted, found.rests_broken) == (1, 0)


periods = st.lists(
    st.tuples(
        st.datetimes(datetime(2026, 1, 15), datetime(2026, 4, 20)),  # noqa: DTZ001
        st.timedeltas(timedelta(minutes=1), timedelta(days=9)),
    ),
    max_size=6,
)


def utc(begin, length):
    begin = begin.replace(tzinfo=UTC)
    return begin, begin + length


@given(
    on_call=periods,
    worked=periods,
    zone=st.sampled_from(ZONES),
    holidays=st.frozensets(st.dates(date(2026, 2, 1), date(2026, 3, 31)), max_size=4),
    month=st.sampled_from((date(2026, 2, 1), date(2026, 3, 31))),
    office=st.none() | st.just(OFFICE),
)
def test_the_kinds_add_up_and_nothing_is_counted_twice(
    on_call, worked, zone, holidays, month, office
) -> None:
    duty = joined(
        Shift(starts_at=a, ends_at=b, technician=1)
        for a, b in (utc(*one) for one in on_call)
    )
    done = joined(
        Shift(starts_at=a, ends_at=b, technician=1)
        for a, b in (utc(*one) for one in worked)
    )
    entries = [work(a, b, number) for number, (a, b) in enumerate(done)]
    found = counted(duty, entries, month, zone=zone, holidays=holidays, office=office)
    first, last = month_of(month)
    begin = midnight(first, zone)
    end = midnight(last + timedelta(days=1), zone)
    assert found.on_call == overlap(duty, begin, end)
    assert found.worked_on_call + found.worked_besides == overlap(done, begin, end)
    assert found.worked_on_call <= found.on_call
    assert found.rests_broken <= found.rests_interrupted
    assert found.interventions <= len(entries)
