"""When a timer is asked about and stopped, where it begins, and what is missing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules import disposition, timing
from emergency.rules.timing import Due, Span, Where

NIGHT = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NIGHT + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "asked", "due"),
    [
        (44.9, False, Due.NOTHING),
        (45, False, Due.ASK),
        (59.9, True, Due.NOTHING),
        (60, True, Due.STOP),
        # The engine stood still meanwhile: nothing is charged unseen all the same.
        (200, False, Due.STOP),
    ],
)
def test_it_is_asked_about_at_45_and_stopped_at_60_minutes(minutes, asked, due):
    assert timing.due(confirmed_at=NIGHT, asked=asked, now=at(minutes)) is due


@given(st.floats(0, 300), st.booleans())
def test_something_is_due_exactly_from_the_instant_that_was_named(minutes, asked):
    named = timing.due_next(confirmed_at=NIGHT, asked=asked)
    due = timing.due(confirmed_at=NIGHT, asked=asked, now=at(minutes))
    assert (due is not Due.NOTHING) == (at(minutes) >= named)


@pytest.mark.parametrize(
    ("reached", "last_end", "begins"),
    [
        (None, None, 60),
        (50, None, 50),
        (50, 55, 55),
        (50, 40, 50),
        # Long ago: the timer would claim time that nobody remembers.
        (10, None, 60),
        (10, 58, 58),
    ],
)
def test_a_timer_may_begin_with_the_call(reached, last_end, begins):
    since = timing.begins(
        reached_at=None if reached is None else at(reached),
        last_end=None if last_end is None else at(last_end),
        now=at(60),
    )
    assert since == at(begins)


def found(reached, done, *spans) -> list[tuple[Where, int]]:
    gaps = timing.gaps(
        reached_at=None if reached is None else at(reached),
        done_at=at(done),
        spans=[Span(started_at=at(a), ended_at=at(b)) for a, b in spans],
    )
    return [(gap.where, gap.minutes) for gap in gaps]


def test_missing_time_is_named_where_it_is_missing():
    assert found(38, 100, (70, 80), (90, 100)) == [
        (Where.START, 32),
        (Where.BETWEEN, 10),
    ]
    assert found(0, 60, (0, 30)) == [(Where.END, 30)]
    assert found(0, 60) == [(Where.NOTHING, 60)]
    assert found(None, 60) == []


def test_colleagues_fill_each_others_gaps_and_short_holes_are_none():
    assert found(0, 60, (4, 30), (10, 20), (33, 58)) == []
    # A short entry inside a long one opens no gap behind itself.
    assert found(0, 60, (0, 60), (5, 6)) == []


spans = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 60)).map(lambda s: (s[0], sum(s))),
    max_size=6,
)


@given(spans)
def test_no_gap_touches_logged_time(worked):
    gaps = timing.gaps(
        reached_at=NIGHT,
        done_at=at(400),
        spans=[Span(started_at=at(a), ended_at=at(b)) for a, b in worked],
    )
    for gap in gaps:
        assert gap.since < gap.until
        assert not any(at(a) < gap.until and at(b) > gap.since for a, b in worked)


def test_findings_are_due_where_work_was_done_for_somebody_reached():
    due = disposition.findings_are_due
    assert due("solved", reached=True, given=False)
    assert due("handed_to_free_support", reached=True, given=False)
    assert not due("solved", reached=True, given=True)
    assert not due("solved", reached=False, given=False)
    assert not due("prank", reached=True, given=False)


def test_findings_propose_cause_and_kind():
    assert disposition.proposed_cause("yes") == "infrastructure"
    assert disposition.proposed_cause("no") == "application"
    assert disposition.proposed_cause("unknown") == ""
    assert disposition.proposed_kind("no", "support") == "application_analysis"
    assert disposition.proposed_kind("no", "application_analysis") == ""
    assert disposition.proposed_kind("yes", "application_analysis") == "support"
    assert disposition.proposed_kind("unknown", "support") == ""
