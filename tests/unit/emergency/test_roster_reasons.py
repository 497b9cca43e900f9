"""Why somebody is on call: the same answer as the engine's, with its reasons."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.calendar_days import (
    ONE_DAY,
    days,
    monday,
    month_of,
    shown_time,
)
from emergency.rules.duty_limits import Limits, too_much
from emergency.rules.limit_days import day_passed
from emergency.rules.local_time import occurrence_of
from emergency.rules.roster_reasons import alone, layers, reason, stretches, within
from emergency.rules.rotation import gaps, on_call, shifts
from tests.examples import examples
from tests.unit.emergency.rosters import (
    VIENNA,
    ZONES,
    daily,
    instants,
    roster,
    rosters_and_periods,
    vienna,
)

MICROSECOND = timedelta(microseconds=1)
costly = examples(40)


@costly
@given(case=rosters_and_periods(), part=st.floats(0, 1))
def test_every_stretch_says_what_the_engine_says(case, part) -> None:
    built, start, end = case
    found = stretches(built, start, end)
    assert (found[0].starts_at, found[-1].ends_at) == (start, end)
    for one in found:
        length = one.ends_at - one.starts_at
        inside = one.starts_at + part * (length - MICROSECOND)
        for at in (one.starts_at, inside, one.ends_at - MICROSECOND):
            assert one.reason.people == on_call(built, at)
            assert one.reason == reason(built, at)
    for before, after in pairwise(found):
        assert before.ends_at == after.starts_at
        assert (before.reason, before.must_be_covered) != (
            after.reason,
            after.must_be_covered,
        )


@costly
@given(case=rosters_and_periods())
def test_stretches_that_are_gaps_are_the_gaps(case) -> None:
    built, start, end = case
    empty = [
        (one.starts_at, one.ends_at)
        for one in stretches(built, start, end)
        if one.is_gap
    ]
    joined: list[tuple[datetime, datetime]] = []
    for begin, until in empty:
        begin = joined.pop()[0] if joined and joined[-1][1] == begin else begin
        joined.append((begin, until))
    assert joined == [(gap.starts_at, gap.ends_at) for gap in gaps(built, start, end)]


@costly
@given(case=rosters_and_periods(), at=instants)
def test_the_rotation_that_serves_is_the_first_that_has_somebody(case, at) -> None:
    built, _, _ = case
    found = reason(built, at)
    ranked = layers(built)
    assert [passed.rotation for passed in found.passed] == ranked[: len(found.passed)]
    if found.rotation is None:
        assert len(found.passed) == len(ranked)
    else:
        assert ranked[len(found.passed)] == found.rotation
        assert (found.planned,) == on_call(alone(built, found.rotation), at)
    for passed in found.passed:
        assert on_call(alone(built, passed.rotation), at) == ()


@given(zone=st.sampled_from(ZONES), day=st.dates(date(2025, 1, 1), date(2029, 12, 1)))
def test_days_tile_time_and_only_two_nights_differ(zone, day) -> None:
    found = days(monday(month_of(day)[0]), month_of(day)[1], zone)
    for before, after in pairwise(found):
        assert before.ends_at == after.starts_at
        assert after.date - before.date == ONE_DAY
    assert sum(bool(one.clock_change) for one in found) <= 1
    for one in found:
        assert one.starts_at.astimezone(zone).date() == one.date
        assert (one.ends_at - MICROSECOND).astimezone(zone).date() == one.date


@given(zone=st.sampled_from(ZONES), at=instants)
def test_a_time_that_is_shown_twice_carries_its_name(zone, at) -> None:
    shown = shown_time(at, zone)
    assert shown.startswith(f"{at.astimezone(zone):%H:%M}")
    assert (len(shown) > 5) == (occurrence_of(at, zone) is not None)


def test_the_parts_of_a_day_are_cut_to_it() -> None:
    built = roster(daily(1, 2))
    found = stretches(built, vienna(2026, 3, 1), vienna(2026, 3, 8))
    begin, end = vienna(2026, 3, 3, 12), vienna(2026, 3, 4, 12)
    parts = list(within(found, begin, end))
    assert (parts[0].starts_at, parts[-1].ends_at) == (begin, end)
    assert [one.reason.people for one in parts] == [(1,), (2,)]


@costly
@given(
    members=st.lists(st.integers(1, 3), min_size=1, max_size=4),
    hours=st.integers(1, 700),
    allowed=st.integers(0, 30),
)
def test_a_limit_is_passed_with_its_day_and_not_before(members, hours, allowed) -> None:
    limits = Limits(
        days_per_month=allowed, hours_per_month=hours, weekly_rests_per_month=1
    )
    planned = shifts(roster(daily(*members)), vienna(2026, 3, 1), vienna(2026, 4, 1))
    for over in too_much(planned, VIENNA, limits):
        day = day_passed(over, planned, VIENNA, limits)
        own = [s for s in planned if s.technician == over.technician]
        (last,) = days(day, day, VIENNA)
        for end, expected in ((last.starts_at, False), (last.ends_at, True)):
            so_far = [
                type(s)(
                    starts_at=s.starts_at,
                    ends_at=min(s.ends_at, end),
                    technician=s.technician,
                )
                for s in own
                if s.starts_at < end
            ]
            codes = {(o.code, o.since) for o in too_much(so_far, VIENNA, limits)}
            assert ((over.code, over.since) in codes) is expected
