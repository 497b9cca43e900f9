"""What holds for every roster, in several zones, over years with both clock changes."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.hand_off import AFTER, hand_offs
from emergency.rules.rotation import (
    Roster,
    gaps,
    next_change,
    on_call,
    pieces,
    shifts,
)
from emergency.rules.serving_hours import edges, serves
from tests.examples import examples
from tests.unit.emergency.rosters import (
    ZONES,
    changes,
    instants,
    rosters_and_periods,
    turns,
)

MICROSECOND = timedelta(microseconds=1)
undisturbed = st.builds(
    Roster, zone=st.sampled_from(ZONES), rotations=st.tuples(turns())
)
costly = examples(25)


@costly
@given(roster=undisturbed, at=instants)
def test_exactly_one_member_is_on_call_after_the_first_handoff(roster, at):
    (person,) = on_call(roster, at)
    assert person in roster.rotations[0].members


@costly
@given(roster=undisturbed, start=instants, days=st.integers(1, 60))
def test_shifts_join_without_gap_or_double(roster, start, days):
    end = start + timedelta(days=days)
    found = shifts(roster, start, end)
    assert (found[0].starts_at, found[-1].ends_at) == (start, end)
    for before, after in pairwise(found):
        assert before.ends_at == after.starts_at
        assert before.technician != after.technician
    assert gaps(roster, start, end) == []


@costly
@given(case=rosters_and_periods(), part=st.floats(0, 1))
def test_shifts_say_the_same_as_the_question_who_is_on_call(case, part):
    roster, start, end = case
    found = shifts(roster, start, end)
    moments = [start + part * (end - start - MICROSECOND), start, end - MICROSECOND]
    for shift in found:
        moments += [shift.starts_at, shift.ends_at - MICROSECOND]
        moments += [shift.ends_at] if shift.ends_at < end else []
    for at in moments:
        serving = {s.technician for s in found if s.starts_at <= at < s.ends_at}
        assert serving == set(on_call(roster, at))


@costly
@given(case=rosters_and_periods())
def test_gaps_and_covered_hours_are_the_coverage(case):
    roster, start, end = case
    cuts = {start, end}
    cuts |= set(edges(roster.coverage, roster.clock, start, end))
    cuts |= {begin for begin, _, _ in pieces(roster, start, end)}
    must, manned = timedelta(), timedelta()
    for begin, until in pairwise(sorted(cut for cut in cuts if start <= cut <= end)):
        if serves(roster.coverage, roster.clock, begin):
            must += until - begin
            manned += (until - begin) if on_call(roster, begin) else timedelta()
    found = gaps(roster, start, end)
    missing = sum((gap.ends_at - gap.starts_at for gap in found), timedelta())
    assert manned + missing == must
    assert all(a.ends_at < b.starts_at for a, b in pairwise(found))


@costly
@given(case=rosters_and_periods(), change=changes(), part=st.floats(0, 1))
def test_a_change_changes_nothing_outside_its_interval(case, change, part):
    roster, start, end = case
    with_it = replace(roster, changes=(*roster.changes, change))
    for at in (
        start + part * (end - start),
        change.starts_at - MICROSECOND,
        change.ends_at,
    ):
        if not change.starts_at <= at < change.ends_at:
            assert on_call(with_it, at) == on_call(roster, at)


@costly
@given(case=rosters_and_periods(), data=st.data())
def test_the_order_in_which_rows_are_read_does_not_matter(case, data):
    roster, start, end = case
    mixed = replace(
        roster,
        rotations=tuple(data.draw(st.permutations(roster.rotations))),
        changes=tuple(data.draw(st.permutations(roster.changes))),
    )
    assert pieces(mixed, start, end) == pieces(roster, start, end)


@costly
@given(case=rosters_and_periods())
def test_nobody_out_of_service_is_ever_on_call(case):
    roster, start, end = case
    serving = {
        person for _, _, people in pieces(roster, start, end) for person in people
    }
    assert not serving & roster.out_of_service


@costly
@given(case=rosters_and_periods())
def test_the_answer_stays_until_the_next_change(case):
    roster, start, _ = case
    change = next_change(roster, start)
    if change is not None:
        before = on_call(roster, start)
        assert on_call(roster, change - MICROSECOND) == before
        assert on_call(roster, change) != before


@costly
@given(case=rosters_and_periods())
def test_whoever_takes_over_is_on_call_and_was_not_before(case):
    roster, start, end = case
    for found in hand_offs(roster, start, end):
        assert found.incoming in on_call(roster, found.starts_at)
        assert found.incoming not in on_call(roster, found.starts_at - MICROSECOND)
        if found.ends_at < end + AFTER:
            assert found.incoming not in on_call(roster, found.ends_at)
        if found.outgoing is not None:
            assert found.outgoing not in on_call(roster, found.starts_at)
