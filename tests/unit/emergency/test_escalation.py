"""Whom to page next, from the snapshot alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.deadline import is_met, reminder_is_welcome, set_points
from emergency.rules.escalation import (
    LAST_RESORT_DELAY,
    Method,
    Page,
    Plan,
    Step,
    delay_after,
    first_methods,
    following,
    is_last_resort,
    next_method,
    plan_from,
    round_spacing,
    step_at,
    step_is_spent,
)

T = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)


def plan(steps=3, rounds=2, **changes):
    values = {
        "rounds": rounds,
        "steps": tuple(
            Step(
                target="everyone",
                schedule=None,
                technician=None,
                delay=timedelta(minutes=number + 1),
            )
            for number in range(steps)
        ),
        "duty_manager": None,
        "reminders": (timedelta(minutes=10), timedelta(minutes=15)),
        "quiet": timedelta(minutes=5),
        "repage_after": timedelta(minutes=18),
        "late_every": timedelta(minutes=10),
        "silence": timedelta(seconds=90),
    }
    return Plan(**{**values, **changes})


plans = st.builds(
    plan,
    steps=st.integers(0, 6),
    rounds=st.integers(1, 4),
    owner=st.none() | st.just(7),
)


def walk(some_plan, length):
    place = (0, 0)
    for _ in range(length):
        yield place
        place = following(some_plan, *place)


@given(plans)
def test_every_step_comes_in_order_and_there_is_always_a_next_one(some_plan):
    places = list(walk(some_plan, 60))
    assert places == sorted(set(places))


@given(plans)
def test_the_last_resort_comes_before_the_planned_rounds_are_exceeded(some_plan):
    places = list(walk(some_plan, 60))
    first = next(p for p in places if is_last_resort(some_plan, p[1]))
    assert first[0] <= max(0, some_plan.rounds - 1)


@given(plans)
def test_after_the_last_planned_round_every_round_ends_with_the_last_resort(some_plan):
    for here in walk(some_plan, 60):
        there = following(some_plan, *here)
        if there[0] > here[0] >= some_plan.rounds - 1:
            assert is_last_resort(some_plan, here[1])


@given(plans)
def test_the_plans_owner_comes_before_everybody_and_both_before_the_next_round(
    some_plan,
):
    places = [p for p in walk(some_plan, 60) if is_last_resort(some_plan, p[1])]
    for round_number in {place[0] for place in places[:-2]}:
        meant = [step_at(some_plan, step) for r, step in places if r == round_number]
        assert meant[-1] is None
        assert [one.target for one in meant[:-1] if one] == (
            ["owner"] if some_plan.owner else []
        )


@given(plans, st.integers(0, 20))
def test_rounds_after_the_planned_ones_keep_a_longer_distance(some_plan, number):
    planned = number < some_plan.rounds
    spacing = round_spacing(some_plan, number)
    assert spacing > timedelta(0)
    assert (spacing <= timedelta(minutes=1)) == planned


def test_a_snapshot_of_an_older_release_means_the_defaults():
    old = {
        "rounds": 2,
        "duty_manager": None,
        "reminders": [600],
        "quiet": 300.0,
        "repage_after": 1080.0,
        "late_reminder_every": 600.0,
        "silence": 90.0,
        "steps": [
            {"target": "everyone", "schedule": None, "technician": None, "delay": 60.0}
        ],
    }
    made = plan_from(old)
    assert (made.owner, made.attempts_needed) == (None, 3)
    assert made.idle_after == timedelta(hours=1)
    assert made.steps[0].channels == ()


def test_a_step_waits_its_own_delay():
    assert delay_after(plan(), 1) == timedelta(minutes=2)
    assert delay_after(plan(), 3) == LAST_RESORT_DELAY


def method(key, kind):
    return Method(key=key, kind=kind, address=f"{kind}-{key}")


def test_a_step_sends_one_method_of_each_kind_and_calls_first():
    methods = [method(1, "email"), method(2, "sms"), method(3, "voice")]
    methods.append(method(4, "voice"))
    assert [m.key for m in first_methods(methods)] == [3, 2, 1]


def test_the_next_method_is_an_untried_one_of_the_same_kind():
    methods = [method(1, "voice"), method(2, "sms"), method(3, "voice")]
    assert next_method(methods, failed="voice", tried=["voice-1"]) == methods[2]
    assert next_method(methods, failed="voice", tried=["voice-1", "voice-3"]) is None


def test_a_ringing_telephone_keeps_the_step_alive_and_a_text_beside_it_does_not():
    assert not step_is_spent([("voice", Page.IN_FLIGHT), ("sms", Page.SPENT)])
    assert step_is_spent([("voice", Page.SPENT), ("sms", Page.IN_FLIGHT)])


def test_where_no_telephone_rang_a_text_keeps_the_step_alive():
    assert not step_is_spent([("sms", Page.IN_FLIGHT), ("email", Page.SPENT)])
    assert step_is_spent([])


def test_the_set_points_of_the_promise():
    points = set_points(plan(), opened_at=T, deadline_at=T + timedelta(minutes=30))
    assert [(p.kind, (p.due_at - T).seconds // 60) for p in points] == [
        ("reminder", 10),
        ("reminder", 15),
        ("repage", 18),
        ("deadline", 30),
    ]


@given(st.timedeltas(timedelta(seconds=1), timedelta(hours=3)))
def test_nothing_but_the_deadline_falls_due_at_or_after_it(within):
    points = set_points(plan(), opened_at=T, deadline_at=T + within)
    assert [p.kind for p in points if p.due_at >= T + within] == ["deadline"]


def test_the_deadline_itself_still_counts():
    assert is_met(T, T)
    assert not is_met(T + timedelta(microseconds=1), T)


@given(st.timedeltas(timedelta(0), timedelta(minutes=20)))
def test_no_reminder_within_the_quiet_time(since):
    welcome = reminder_is_welcome(
        now=T + since,
        active_at=T,
        quiet=timedelta(minutes=5),
    )
    assert welcome == (since >= timedelta(minutes=5))
