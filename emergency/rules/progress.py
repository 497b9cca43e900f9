"""How far an incident is, as its customer is told: one standing and a way of steps.

The decision is made here and worded elsewhere. Whoever may not see everything is told
received, taken and "we call by", and nothing of what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from emergency.rules.states import WAITING_STATES, State

# From then on "a technician is being paged" alone would not be honest any more.
SAY_NOBODY_YET = timedelta(minutes=5)


class Standing(StrEnum):
    """What the customer is told first."""

    RECEIVED = "received"
    PAGING = "paging"
    NOBODY_YET = "nobody_yet"
    TAKEN = "taken"
    TRIED = "tried"
    LATE = "late"
    ASKED_TO_RING = "asked_to_ring"
    WORKING = "working"
    SOLVED = "solved"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"


class Mark(StrEnum):
    """Where a step lies, seen from now."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What has happened so far; None where it has not. ``attempts`` are calls that did
    not reach the customer, ``documented_at`` is when accounting was done."""

    status: str
    opened_at: datetime
    deadline_at: datetime
    paged_at: datetime | None
    taken_at: datetime | None
    attempts: Sequence[datetime] = ()
    reached_at: datetime | None = None
    findings_at: datetime | None = None
    solved_at: datetime | None = None
    documented_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the way. ``code``: received | paged | taken | calling | talking |
    findings | solved | documented."""

    code: str
    at: datetime | None
    mark: Mark


_ENDED = {
    State.CANCELLED: Standing.CANCELLED,
    State.RESOLVED: Standing.SOLVED,
    State.CLOSED: Standing.SOLVED,
    State.REACHED: Standing.WORKING,
    State.UNREACHED: Standing.ASKED_TO_RING,
}


def standing(facts: Facts, *, sees_everything: bool, now: datetime) -> Standing:
    """What to tell the customer at ``now``. A deadline that passes is late from the
    next instant on."""
    waiting = facts.status in WAITING_STATES
    late = now > facts.deadline_at
    if not sees_everything and (late or not waiting):
        return Standing.ELSEWHERE
    if not waiting:
        return _ENDED.get(State(facts.status), Standing.ELSEWHERE)
    if facts.attempts:
        return Standing.TRIED
    if late:
        return Standing.LATE
    if facts.taken_at is not None:
        return Standing.TAKEN
    if now - facts.opened_at >= SAY_NOBODY_YET:
        return Standing.NOBODY_YET
    return Standing.PAGING if facts.paged_at is not None else Standing.RECEIVED


def way(facts: Facts, *, sees_everything: bool) -> list[Step]:
    """The steps in their order. What was skipped is left out; a call that reached
    nobody is not behind us."""
    last_attempt = facts.attempts[-1] if facts.attempts else None
    happened = [
        ("received", facts.opened_at),
        ("paged", facts.paged_at),
        ("taken", facts.taken_at or facts.reached_at),
        ("calling", last_attempt or facts.reached_at),
        ("talking", facts.reached_at),
        ("findings", facts.findings_at),
        ("solved", facts.solved_at),
        ("documented", facts.documented_at),
    ]
    if not sees_everything:
        del happened[3:]
    done = [
        at is not None and (code != "calling" or facts.reached_at is not None)
        for code, at in happened
    ]
    furthest = max(place for place, behind in enumerate(done) if behind)
    over = facts.status == State.CANCELLED
    steps, current = [], True
    for place, (code, at) in enumerate(happened):
        if done[place]:
            mark = Mark.DONE
        elif place < furthest:
            continue
        elif current and not over:
            mark, current = Mark.NOW, False
        else:
            mark = Mark.NEXT
        steps.append(Step(code=code, at=at, mark=mark))
    return [step for step in steps if step.mark is Mark.DONE] if over else steps
