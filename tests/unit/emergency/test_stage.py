"""What the director of the demo's stage does next, and what the telephones play."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from emergency.rules import stage
from emergency.rules.stage import (
    ANSWERS,
    STORIES,
    Act,
    Scene,
    casting,
    next_act,
    order_key,
    read_order_key,
)
from emergency.rules.states import State
from emergency.simulator.behaviours import script

pytestmark = pytest.mark.no_servers

BEGUN = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
PEOPLE = {
    "first": [["+1", "+2"]],
    "duty_manager": [["+9"]],
    "others": [["+3"], ["+9"]],
}


def at(seconds: float) -> datetime:
    return BEGUN + timedelta(seconds=seconds)


def scene(story: str = "good", **changes) -> Scene:
    begun = Scene(
        story=STORIES[story],
        number=0,
        is_last=True,
        status=State.PAGING,
        deadline_at=at(180),
    )
    return replace(begun, **changes)


def taken(story: str = "good", **changes) -> Scene:
    return scene(story, status=State.ACKNOWLEDGED, acknowledged_at=at(20), **changes)


def reached(**changes) -> Scene:
    return replace(taken(), status=State.REACHED, reached_at=at(40), **changes)


@pytest.mark.parametrize(
    ("scene", "seconds", "act"),
    [
        (scene(), 100, Act.WAIT),
        (scene("nobody"), 189, Act.WAIT),
        (scene("nobody"), 190, Act.RELENT),
        (scene("good"), 500, Act.WAIT),
        (taken(), 22, Act.WAIT),
        (taken(), 23, Act.CALL),
        (taken(calls=True, called_at=at(23)), 60, Act.WAIT),
        (taken(called_at=at(23)), 32, Act.WAIT),
        (taken(called_at=at(23)), 33, Act.CALL),
        (taken("two"), 21, Act.WAIT),
        (taken("two"), 22, Act.REPORT),
        (taken("two", is_last=False), 23, Act.CALL),
        (taken("two", number=1), 23, Act.CALL),
        (reached(), 54, Act.WAIT),
        (reached(), 55, Act.FINISH),
        (reached(calls=True), 60, Act.WAIT),
        (replace(reached(), status=State.CLOSED), 60, Act.WAIT),
        (scene(status=State.CANCELLED), 60, Act.WAIT),
        (scene(status=State.UNREACHED), 60, Act.WAIT),
    ],
)
def test_an_incident_is_moved_on_when_its_time_has_come(scene, seconds, act) -> None:
    assert next_act(scene, at(seconds)) is act


def test_somebody_who_picks_up_does_so_at_the_first_number() -> None:
    assert casting(STORIES["good"], PEOPLE) == {"+1": ANSWERS, "+2": "no_answer"}
    assert casting(STORIES["mailbox"], PEOPLE) == {
        "+1": "mailbox",
        "+2": "mailbox",
        "+9": ANSWERS,
    }


def test_nobody_answers_until_the_promise_is_broken_then_everybody_does() -> None:
    before = casting(STORIES["nobody"], PEOPLE)
    assert before == dict.fromkeys(("+1", "+2", "+3", "+9"), "no_answer")
    after = casting(STORIES["nobody"], PEOPLE, late=True)
    assert after == {**before, "+1": ANSWERS, "+3": ANSWERS, "+9": ANSWERS}


def test_the_telephones_understand_every_part_that_they_are_given() -> None:
    for story in STORIES.values():
        for plays in (story.first, story.duty_manager, story.others, story.late):
            assert not plays or script(plays)
    assert script(stage.CUSTOMER)


def test_an_order_of_a_story_is_known_again_by_its_key() -> None:
    key = order_key("two", "0123456789ab", 1)
    assert read_order_key(key) == ("two", "0123456789ab", 1)
    assert len(key) <= 64
    for foreign in ("0123456789ab", "stage-unknown-0123-0", "stage-good-0123-x", ""):
        assert read_order_key(foreign) is None
