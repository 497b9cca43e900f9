"""Deadlines towards an authority: hours by the clock, the month by the calendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emergency.rules.reportable import (
    AHEAD_BEFORE,
    SOON_BEFORE,
    Deadline,
    Kind,
    Reminder,
    Said,
    Settled,
    State,
    Step,
    a_month_after,
    deadlines,
    look_again_at,
    next_due,
    unsaid,
)

VIENNA = ZoneInfo("Europe/Vienna")
KNOWN = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)

instants = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(
    ["Europe/Vienna", "America/St_Johns", "Australia/Lord_Howe", "UTC"]
).map(ZoneInfo)


def steps_of(
    kind: Kind = Kind.OUTAGE, *, now: datetime = KNOWN, **done: datetime | None
) -> tuple[Deadline, ...]:
    settled = {Step(name): Settled(done_at=at) for name, at in done.items()}
    return deadlines(kind=kind, known_at=KNOWN, settled=settled, now=now, zone=VIENNA)


@given(known_at=instants, zone=zones)
@example(known_at=datetime(2026, 3, 28, 1, 30, tzinfo=UTC), zone=VIENNA)
@example(known_at=datetime(2026, 10, 24, 0, 30, tzinfo=UTC), zone=VIENNA)
def test_hours_are_hours_also_in_a_night_that_is_longer_or_shorter(
    known_at: datetime, zone: ZoneInfo
) -> None:
    warning, notification, final = deadlines(
        kind=Kind.COMPROMISE,
        known_at=known_at.astimezone(zone),
        settled={},
        now=known_at,
        zone=zone,
    )
    assert warning.due_at - known_at == timedelta(hours=24)
    assert notification.due_at - known_at == timedelta(hours=72)
    assert final.due_at == a_month_after(notification.due_at, zone)
    assert final.estimated
    (breach,) = deadlines(
        kind=Kind.PERSONAL_DATA,
        known_at=known_at,
        settled={},
        now=known_at,
        zone=zone,
    )
    assert (breach.step, breach.due_at) == (Step.DATA_BREACH, notification.due_at)


@given(instant=instants, zone=zones)
@example(instant=datetime(2026, 1, 31, 22, 30, tzinfo=UTC), zone=VIENNA)
@example(instant=datetime(2026, 2, 28, 1, 30, tzinfo=UTC), zone=VIENNA)
def test_a_month_is_never_longer_than_the_calendar_says(
    instant: datetime, zone: ZoneInfo
) -> None:
    local, later = instant.astimezone(zone), a_month_after(instant, zone)
    then = later.astimezone(zone)
    assert later.utcoffset() == timedelta(0)
    months = (then.year - local.year) * 12 + then.month - local.month
    tomorrow = (then + timedelta(days=1)).date()
    on_a_longer_month = then.day < local.day and tomorrow.month != then.month
    assert months == 1
    assert then.day == local.day or on_a_longer_month
    # The same time on the wall, or earlier by what the clock is put forward.
    behind = timedelta(hours=local.hour, minutes=local.minute) - timedelta(
        hours=then.hour, minutes=then.minute
    )
    assert timedelta(0) <= behind <= HOUR
    assert timedelta(days=28) - HOUR <= later - instant <= timedelta(days=31) + HOUR


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-01-31T10:00+01:00", "2026-02-28T10:00+01:00"),
        ("2028-01-31T10:00+01:00", "2028-02-29T10:00+01:00"),
        ("2026-12-15T10:00+01:00", "2027-01-15T10:00+01:00"),
        ("2026-03-15T10:00+01:00", "2026-04-15T10:00+02:00"),
        # Local midnight is another date in UTC.
        ("2026-01-31T00:30+01:00", "2026-02-28T00:30+01:00"),
        # 02:30 does not occur on 29 March, and occurs twice on 25 October.
        ("2026-02-28T02:30+01:00", "2026-03-28T02:30+01:00"),
        ("2024-02-29T02:30+01:00", "2024-03-29T02:30+01:00"),
        ("2026-09-25T02:30+02:00", "2026-10-25T02:30+02:00"),
        ("2027-02-28T02:30+01:00", "2027-03-28T01:30+01:00"),
    ],
)
def test_the_month_by_hand(instant: str, expected: str) -> None:
    found = a_month_after(datetime.fromisoformat(instant), VIENNA)
    assert found == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(hours=24), State.DONE),
        (timedelta(hours=24, microseconds=1), State.LATE),
    ],
)
def test_a_step_is_in_time_up_to_its_deadline(after: timedelta, state: State) -> None:
    warning, *_ = steps_of(early_warning=KNOWN + after)
    assert warning.state is state


def test_what_nobody_did_is_missed_only_after_its_deadline() -> None:
    due_at = KNOWN + timedelta(hours=24)
    assert steps_of(now=due_at)[0].state is State.WAITING
    assert steps_of(now=due_at + timedelta(microseconds=1))[0].state is State.MISSED


def test_the_final_report_counts_from_the_notification_once_there_is_one() -> None:
    early = KNOWN + timedelta(hours=30)
    *_, final = steps_of(notification=early)
    assert (final.due_at, final.estimated) == (a_month_after(early, VIENNA), False)
    # Nobody waits for a notification that is not needed; the final report is watched.
    *_, final = steps_of(notification=None)
    assert final.due_at == a_month_after(KNOWN + timedelta(hours=72), VIENNA)


def test_the_next_step_is_the_longest_missed_and_none_when_all_are_settled() -> None:
    late = KNOWN + timedelta(days=5)
    first = next_due(steps_of(now=late))
    assert first is not None
    assert first.step is Step.EARLY_WARNING
    then = next_due(steps_of(now=late, early_warning=late))
    assert then is not None
    assert then.step is Step.NOTIFICATION
    settled = steps_of(
        now=late, early_warning=late, notification=None, final_report=late
    )
    assert next_due(settled) is None


@given(
    looks=st.lists(st.integers(0, 40 * 24), min_size=1, max_size=12),
    dead_until=st.integers(0, 40 * 24),
)
def test_whenever_the_engine_looks_each_thing_is_said_once_and_the_last_is_said(
    looks: list[int], dead_until: int
) -> None:
    said: set[Said] = set()
    told: list[Said] = []
    end = KNOWN + timedelta(days=40)
    hours = [KNOWN + HOUR * hour for hour in sorted(looks) if hour >= dead_until]
    for now in [*hours, end, end]:
        new = unsaid(steps_of(now=now), said, now)
        assert len({step for step, *_ in new}) == len(new)
        told += new
        said.update(new)
    assert len(told) == len(said)
    passed = {step for step, reminder, _ in said if reminder is Reminder.PASSED}
    assert passed == {Step.EARLY_WARNING, Step.NOTIFICATION, Step.FINAL_REPORT}
    assert look_again_at(steps_of(now=end), said, end) is None


def test_the_engine_looks_at_every_instant_at_which_there_is_something_to_say() -> None:
    now: datetime | None = KNOWN
    said: set[Said] = set()
    told = []
    while (
        now := look_again_at(steps_of(now=now or KNOWN), said, now or KNOWN)
    ) is not None:
        new = unsaid(steps_of(now=now), said, now)
        told += [(step, reminder, now) for step, reminder, _ in new]
        said.update(new)
        now += timedelta(microseconds=1)
    warning, notification, final = (step.due_at for step in steps_of())
    assert told == [
        (Step.EARLY_WARNING, Reminder.SOON, warning - SOON_BEFORE),
        (Step.EARLY_WARNING, Reminder.PASSED, warning),
        (Step.NOTIFICATION, Reminder.SOON, notification - SOON_BEFORE),
        (Step.NOTIFICATION, Reminder.PASSED, notification),
        (Step.FINAL_REPORT, Reminder.AHEAD, final - AHEAD_BEFORE),
        (Step.FINAL_REPORT, Reminder.SOON, final - SOON_BEFORE),
        (Step.FINAL_REPORT, Reminder.PASSED, final),
    ]


def test_nothing_is_said_of_what_is_settled_and_a_moved_deadline_is_a_new_one() -> None:
    late = KNOWN + timedelta(hours=25)
    assert unsaid(steps_of(now=late, early_warning=late), set(), late) == ()
    moved = deadlines(
        kind=Kind.OUTAGE,
        known_at=KNOWN - 2 * HOUR,
        settled={},
        now=late,
        zone=VIENNA,
    )
    before = set(unsaid(steps_of(now=late), set(), late))
    assert unsaid(moved, before, late) == (
        (Step.EARLY_WARNING, Reminder.PASSED, KNOWN + timedelta(hours=22)),
    )
