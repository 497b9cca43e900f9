"""The promise month by month."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.callback_report import (
    BUCKETS,
    CAUSES,
    Fact,
    by_month,
    every_month,
    promises,
    spread,
)

VIENNA = ZoneInfo("Europe/Vienna")
NIGHT = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def fact(
    at=NIGHT, outcome="met", taken=2.0, reached=9.0, proof="bridge", cause=""
) -> Fact:
    return Fact(
        opened_at=at,
        taken_at=None if taken is None else at + minutes(taken),
        reached_at=None if reached is None else at + minutes(reached),
        outcome=outcome,
        proof=proof if reached is not None else "",
        cause=cause,
    )


def test_nothing_happened_in_no_month():
    assert by_month([], VIENNA) == []


def test_outcomes_and_proofs_are_counted():
    (month,) = by_month(
        [
            fact(),
            fact(proof="declared", reached=29),
            fact(outcome="missed", reached=44),
            fact(outcome="attempted", reached=None),
            fact(outcome="pending", reached=None, taken=None),
        ],
        VIENNA,
    )
    assert (month.year, month.month, month.incidents) == (2026, 3, 5)
    counts = (month.met, month.attempted, month.missed, month.pending)
    assert counts == (2, 1, 1, 1)
    assert (month.proven, month.declared) == (2, 1)
    assert (month.to_take.count, month.to_reach.count) == (4, 3)
    assert month.to_reach.median == minutes(29)
    assert month.to_reach.longest == minutes(44)


def test_the_month_is_that_of_the_operators_clock():
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    months = by_month([fact(at=NIGHT), fact(at=new_year)], VIENNA)
    assert [(m.year, m.month) for m in months] == [(2026, 1), (2026, 3)]


def test_the_edge_of_a_bucket_belongs_to_it():
    found = spread([minutes(5), minutes(5.1), minutes(30), minutes(31)])
    assert found.within == (1, 1, 0, 0, 0, 1)
    assert found.longer == 1


def test_where_nothing_was_measured_nothing_is_claimed():
    found = spread([])
    assert (found.median, found.nine_in_ten, found.longest) == (None, None, None)
    assert found.within == (0,) * len(BUCKETS)


@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=minutes(600))))
def test_every_duration_is_in_one_bucket_and_ranks_are_durations(durations):
    found = spread(durations)
    assert sum(found.within) + found.longer == found.count == len(durations)
    if durations:
        ranks = [found.median, found.nine_in_ten, found.longest]
        assert set(ranks) <= set(durations)
        assert ranks == sorted(rank for rank in ranks if rank is not None)
        assert found.longest == max(durations)


def test_months_without_an_order_are_there_when_a_period_is_asked_for():
    first, last = date(2025, 12, 5), date(2026, 3, 31)
    months = every_month([fact()], VIENNA, first=first, last=last)
    assert [(m.year, m.month, m.incidents) for m in months] == [
        (2025, 12, 0),
        (2026, 1, 0),
        (2026, 2, 0),
        (2026, 3, 1),
    ]


def test_causes_are_counted_and_one_that_is_not_named_is_one_too():
    found = promises(
        [fact(cause="application"), fact(cause="application"), fact(cause="")]
    )
    assert dict(zip(CAUSES, found.causes, strict=True)) == {
        "infrastructure": 0,
        "application": 2,
        "other": 0,
        "undetermined": 0,
        "": 1,
    }


def test_a_promise_is_kept_by_trying_often_enough_and_undecided_while_it_runs():
    found = promises(
        [
            fact(),
            fact(outcome="attempted", reached=None),
            fact(outcome="missed", reached=44),
            fact(outcome="pending", reached=None),
        ]
    )
    assert (found.in_time, found.decided) == (2, 3)
