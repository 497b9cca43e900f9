"""The limits of the law: counted on the wall clock, each instant once."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.duty_limits import Limits, joined, short_rests, too_much
from emergency.rules.rotation import Shift
from tests.unit.emergency.rosters import VIENNA, instants, vienna

NOVEMBER = date(2026, 11, 1)


def shift(starts_at: datetime, hours: float, technician: int = 1) -> Shift:
    return Shift(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        technician=technician,
    )


def evenings(count: int, month: int = 11) -> list[Shift]:
    return [shift(vienna(2026, month, day, 18), 4) for day in range(1, count + 1)]


def found(planned, **limits):
    return {
        (w.code, w.since): (w.planned, w.allowed)
        for w in too_much(planned, VIENNA, Limits(**limits))
    }


def test_ten_days_a_month_are_allowed_and_eleven_are_not():
    few = {"weekly_rests_per_month": 9}
    assert found(evenings(10), **few) == {}
    assert found(evenings(11), **few) == {("days", NOVEMBER): (11, 10)}


def test_a_shift_over_midnight_counts_for_two_days_but_not_when_it_ends_there():
    until_midnight = [shift(vienna(2026, 11, 2, 20), 4)]
    assert found(until_midnight, days_per_month=0) == {("days", NOVEMBER): (1, 0)}
    over_it = [shift(vienna(2026, 11, 2, 20), 4.5)]
    assert found(over_it, days_per_month=0) == {("days", NOVEMBER): (2, 0)}


def test_an_agreement_counts_three_months_instead():
    planned = evenings(12, 10) + evenings(12, 11) + evenings(7, 12)
    agreed = {"days_in_three_months": 30, "weekly_rests_per_month": 9}
    assert found(planned, **agreed) == {
        ("days_in_three_months", date(2026, 10, 1)): (31, 30)
    }


def test_168_hours_a_month_are_allowed_and_no_more():
    week = vienna(2026, 11, 2, 8)
    assert found([shift(week, 168)]) == {}
    assert found([shift(week, 169)]) == {("hours", NOVEMBER): (169, 168)}


def test_the_night_with_25_hours_has_25_hours():
    day = Shift(
        starts_at=vienna(2026, 10, 25), ends_at=vienna(2026, 10, 26), technician=1
    )
    assert found([day], hours_per_month=24) == {("hours", date(2026, 10, 1)): (25, 24)}


def test_two_schedules_at_once_count_once():
    week = vienna(2026, 11, 2, 8)
    assert found([shift(week, 168), shift(week + timedelta(hours=5), 24)]) == {}


def test_a_third_weekly_rest_is_one_too_many():
    saturdays = [shift(vienna(2026, 11, day, 20), 2) for day in (7, 14, 21)]
    assert found(saturdays[:2]) == {}
    assert found(saturdays) == {("weekly_rests", NOVEMBER): (3, 2)}
    # Saturday morning is no weekly rest.
    mornings = [shift(vienna(2026, 11, day, 9), 4) for day in (7, 14, 21)]
    assert found(mornings) == {}


def test_people_are_counted_apart():
    planned = evenings(6) + [
        shift(s.starts_at, 4, technician=2) for s in evenings(6, 11)
    ]
    assert found(planned, weekly_rests_per_month=9) == {}


def test_eight_hours_lie_between_work_and_the_next_duty():
    duty = [shift(vienna(2026, 11, 3, 18), 12)]

    def rests(until):
        worked = {1: [(until - timedelta(hours=2), until)]}
        return [
            (w.planned, w.allowed, w.at) for w in short_rests(duty, worked, Limits())
        ]

    assert rests(vienna(2026, 11, 3, 10)) == []
    assert rests(vienna(2026, 11, 3, 10, 1)) == [(7, 8, duty[0].starts_at)]
    # Work during the duty is what the duty is for.
    assert rests(vienna(2026, 11, 3, 20)) == []


spans = st.tuples(instants, st.timedeltas(timedelta(minutes=1), timedelta(days=9)))


@given(spans=st.lists(spans, max_size=8), at=instants)
def test_joining_keeps_every_instant_once(spans, at):
    planned = [
        Shift(starts_at=begin, ends_at=begin + length, technician=1)
        for begin, length in spans
    ]
    inside = [begin <= at < end for begin, end in joined(planned)]
    assert sum(inside) == any(s.starts_at <= at < s.ends_at for s in planned)
