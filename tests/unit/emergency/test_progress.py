"""How far an incident is, as its customer is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.progress import Facts, Mark, Standing, standing, way
from emergency.rules.states import State

OPENED = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BASE = Facts(
    status=State.PAGING,
    opened_at=OPENED,
    deadline_at=OPENED + 30 * MINUTE,
    paged_at=None,
    taken_at=None,
)

instants = st.integers(0, 120).map(lambda minutes: OPENED + minutes * MINUTE)
perhaps = st.none() | instants
any_facts = st.builds(
    Facts,
    status=st.sampled_from(list(State)),
    opened_at=st.just(OPENED),
    deadline_at=st.just(OPENED + 30 * MINUTE),
    paged_at=perhaps,
    taken_at=perhaps,
    attempts=st.lists(instants, max_size=3).map(sorted).map(tuple),
    reached_at=perhaps,
    findings_at=perhaps,
    solved_at=perhaps,
    documented_at=perhaps,
)


@pytest.mark.parametrize(
    ("change", "minute", "expected"),
    [
        ({}, 0, Standing.RECEIVED),
        ({"paged_at": OPENED}, 4, Standing.PAGING),
        ({"paged_at": OPENED}, 5, Standing.NOBODY_YET),
        ({"taken_at": OPENED + MINUTE}, 20, Standing.TAKEN),
        ({"attempts": (OPENED + MINUTE,)}, 20, Standing.TRIED),
        ({"taken_at": OPENED + MINUTE}, 30, Standing.TAKEN),
        ({"taken_at": OPENED + MINUTE}, 31, Standing.LATE),
        ({"status": State.UNREACHED}, 31, Standing.ASKED_TO_RING),
        ({"status": State.REACHED}, 40, Standing.WORKING),
        ({"status": State.CLOSED}, 40, Standing.SOLVED),
        ({"status": State.CANCELLED}, 1, Standing.CANCELLED),
        ({"status": State.MERGED}, 1, Standing.ELSEWHERE),
    ],
)
def test_one_thing_is_told_first(change, minute, expected):
    facts = replace(BASE, **change)
    now = OPENED + minute * MINUTE
    assert standing(facts, sees_everything=True, now=now) is expected


@given(facts=any_facts, now=instants)
def test_whoever_may_not_see_everything_is_told_no_more_than_taken(facts, now):
    told = standing(facts, sees_everything=False, now=now)
    assert told in {
        Standing.ELSEWHERE,
        *(Standing.RECEIVED, Standing.PAGING, Standing.NOBODY_YET, Standing.TAKEN),
        Standing.TRIED,
    }
    codes = {step.code for step in way(facts, sees_everything=False)}
    assert codes <= {"received", "paged", "taken"}


@given(facts=any_facts)
def test_done_steps_come_first_and_at_most_one_is_the_present(facts):
    marks = [step.mark for step in way(facts, sees_everything=True)]
    assert marks == sorted(marks, key=[Mark.DONE, Mark.NOW, Mark.NEXT].index)
    assert marks.count(Mark.NOW) <= 1
    assert marks[0] is Mark.DONE


@given(facts=any_facts)
def test_a_step_is_done_only_when_it_happened(facts):
    for step in way(facts, sees_everything=True):
        assert step.mark is not Mark.DONE or step.at is not None


def test_a_call_that_reached_nobody_is_still_the_present():
    tried = replace(BASE, taken_at=OPENED, attempts=(OPENED + MINUTE,), paged_at=OPENED)
    steps = {step.code: step for step in way(tried, sees_everything=True)}
    assert steps["calling"].mark is Mark.NOW
    assert steps["calling"].at == OPENED + MINUTE
