"""The stories of the demo's stage, and what moves one on.

A story only sets the telephones and places orders; everything between is the engine's.
The director does what no engine may do for people: the second report, the call over the
bridge, the end of the work. A behaviour is written as the simulator reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from emergency.rules.states import State

PREFIX = "stage"
# A story that is older than this is over, whatever became of it.
LONGEST = timedelta(minutes=10)
# A cast without an incident may just be about to get one.
CAST_WITHOUT_INCIDENT = timedelta(seconds=10)
# Time to see what has happened before the next thing happens.
BEFORE_THE_NEXT_REPORT = timedelta(seconds=2)
BEFORE_THE_CALL = timedelta(seconds=3)
BEFORE_ANOTHER_CALL = timedelta(seconds=10)
BEFORE_THE_END = timedelta(seconds=15)
AFTER_THE_PROMISE = timedelta(seconds=10)

# The policy of the stage: minutes of the night become seconds, only telephones ring as
# long as ever.
POLICY_NAME = "Demo stage"
STEP_DELAY = timedelta(seconds=30)
REMINDERS = (60, 90)
QUIET = timedelta(seconds=30)
REPAGE_AFTER = timedelta(seconds=108)
LATE_EVERY = timedelta(seconds=60)
SILENCE = timedelta(seconds=40)
ROUNDS = 4

CUSTOMER = "talks:5"
ROBOT = "robot"
ANSWERS = f"{ROBOT}:5"
ANSWERS_SECOND = f"{ROBOT}:9"


@dataclass(frozen=True, kw_only=True)
class Story:
    """How the telephones react of whoever is paged first, of the duty manager and of
    everybody else; an empty text leaves them alone. ``late`` is how all of them react
    once the promise is broken."""

    key: str
    first: str
    duty_manager: str = ""
    others: str = ""
    late: str = ""
    reports: int = 1


STORIES = {
    story.key: story
    for story in (
        Story(key="good", first=ANSWERS),
        Story(
            key="nobody",
            first="no_answer",
            duty_manager="no_answer",
            others="no_answer",
            late=ANSWERS,
        ),
        Story(key="mailbox", first="mailbox", duty_manager=ANSWERS),
        # The second report comes when the first is taken, while its owner telephones.
        # The duty manager is slow: who is busy already is rung together with them.
        Story(
            key="two",
            first=f"{ANSWERS},busy,{ANSWERS}",
            duty_manager=ANSWERS_SECOND,
            reports=2,
        ),
    )
}


class Act(StrEnum):
    """What the director does next for one incident."""

    WAIT = "wait"
    REPORT = "report"
    RELENT = "relent"
    CALL = "call"
    FINISH = "finish"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One incident of a story as it stands. ``called_at`` is when its last call over
    the bridge began; ``calls``: one is under way. ``is_last``: no later report of the
    story stands."""

    story: Story
    number: int
    is_last: bool
    status: State
    deadline_at: datetime
    acknowledged_at: datetime | None = None
    reached_at: datetime | None = None
    called_at: datetime | None = None
    calls: bool = False


def next_act(scene: Scene, now: datetime) -> Act:
    """What moves this incident on now, if anything of ours does."""
    if scene.status is State.PAGING:
        late = now >= scene.deadline_at + AFTER_THE_PROMISE
        return Act.RELENT if late and scene.story.late else Act.WAIT
    taken = scene.acknowledged_at
    more = scene.is_last and scene.number + 1 < scene.story.reports
    if more and taken is not None and now - taken >= BEFORE_THE_NEXT_REPORT:
        return Act.REPORT
    if scene.status is State.ACKNOWLEDGED and not scene.calls and not more:
        return Act.CALL if _may_call(scene, now) else Act.WAIT
    # Reached is counted from when the customer picked up.
    if scene.status is State.REACHED and scene.reached_at is not None:
        over = not scene.calls and now - scene.reached_at >= BEFORE_THE_END
        return Act.FINISH if over else Act.WAIT
    return Act.WAIT


def _may_call(scene: Scene, now: datetime) -> bool:
    if scene.called_at is not None:
        return now - scene.called_at >= BEFORE_ANOTHER_CALL
    taken = scene.acknowledged_at
    return taken is not None and now - taken >= BEFORE_THE_CALL


def casting(
    story: Story, people: Mapping[str, Sequence[Sequence[str]]], *, late: bool = False
) -> dict[str, str]:
    """What each telephone plays: ``people`` are the numbers of whoever is paged
    first, of the duty_manager and of the others, each person's in their order.

    Somebody who picks up does so at the first number; the others ring in vain. Who
    stands in two groups plays the first.
    """
    scripts: dict[str, str] = {}
    for group in ("first", "duty_manager", "others"):
        plays = story.late if late else getattr(story, group)
        for numbers in people.get(group, ()) if plays else ():
            for place, number in enumerate(numbers):
                vain = place > 0 and ROBOT in plays
                scripts.setdefault(number, "no_answer" if vain else plays)
    return scripts


def order_key(story: str, key: str, number: int) -> str:
    """Names the order of this report of the story, and by it the story."""
    return f"{PREFIX}-{story}-{key}-{number}"


def read_order_key(text: str) -> tuple[str, str, int] | None:
    """Story, key and number of what ``order_key`` wrote; None for anything else."""
    prefix, _, rest = text.partition("-")
    story, _, rest = rest.partition("-")
    key, _, number = rest.rpartition("-")
    if prefix != PREFIX or story not in STORIES or not number.isdecimal():
        return None
    return story, key, int(number)
