"""In which order a technician wants to be reached."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.escalation import Method
from emergency.rules.reachability import Wish, notification_plan

KINDS = ("voice", "sms", "push", "email")


def method(key: int, kind: str) -> Method:
    return Method(key=key, kind=kind, address=f"{kind}-{key}")


VOICE, SMS, MAIL = method(1, "voice"), method(2, "sms"), method(3, "email")
methods = st.lists(st.sampled_from(KINDS), max_size=6).map(
    lambda kinds: [method(key, kind) for key, kind in enumerate(kinds)]
)
wishes = st.lists(
    st.builds(
        Wish,
        key=st.integers(0, 8),
        delay=st.integers(0, 600).map(lambda s: timedelta(seconds=s)),
    ),
    max_size=6,
)
channels = st.lists(st.sampled_from(KINDS), max_size=3)


def test_without_a_rule_the_first_of_each_kind_goes_at_once_and_voice_first() -> None:
    plan = notification_plan([MAIL, SMS, VOICE, method(4, "voice")], [])
    assert [(p.method.key, p.delay) for p in plan] == [
        (1, timedelta(0)),
        (2, timedelta(0)),
        (3, timedelta(0)),
    ]


def test_rules_say_order_and_delays() -> None:
    plan = notification_plan(
        [VOICE, SMS, MAIL],
        [
            Wish(key=1, delay=timedelta(minutes=2)),
            Wish(key=2, delay=timedelta(0)),
            Wish(key=1, delay=timedelta(minutes=4)),
        ],
    )
    assert [(p.method.key, p.delay.seconds) for p in plan] == [
        (2, 0),
        (1, 120),
        (1, 240),
    ]


def test_a_step_by_voice_alone_sends_no_text() -> None:
    plan = notification_plan([VOICE, SMS], [], channels=["voice"])
    assert [p.method.kind for p in plan] == ["voice"]


def test_a_channel_the_person_does_not_have_is_overlooked() -> None:
    assert notification_plan([SMS], [], channels=["voice"])


@given(methods, wishes, channels)
def test_whoever_has_a_method_is_reached_at_once(some, rules, kinds) -> None:
    plan = notification_plan(some, rules, channels=kinds)
    assert bool(plan) == bool(some)
    assert [p.delay for p in plan] == sorted(p.delay for p in plan)
    assert not plan or plan[0].delay == timedelta(0)
    assert {p.method.key for p in plan} <= {m.key for m in some}


@given(methods, wishes, channels)
def test_the_order_in_which_rules_are_kept_changes_nothing(some, rules, kinds) -> None:
    forward = notification_plan(some, rules, channels=kinds)
    assert forward == notification_plan(some, rules[::-1], channels=kinds)
