"""Whom to page next, decided from the snapshot of the policy and nothing else.

A round walks all steps in order. From the last planned round on, each round ends with
the last resort: the plan's owner, then everybody, by every contact method, verified or
not. Rounds go on until somebody acknowledges: a double page is a nuisance, a missed
page is a broken promise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

LAST_RESORT_DELAY = timedelta(minutes=3)
FIRST_ROUNDS_SPACING = timedelta(seconds=30)
LATER_ROUNDS_SPACING = timedelta(minutes=5)
# How soon the chain is tried again when it reached nobody at all.
RETRY_WHEN_NOBODY = timedelta(seconds=60)

Person = TypeVar("Person")


@dataclass(frozen=True, kw_only=True)
class Step:
    """Whom to page (``target`` with its id), how long to wait for an answer, and by
    which kinds of contact methods alone (none named: by all)."""

    target: str
    schedule: int | None
    technician: int | None
    delay: timedelta
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The policy snapshot of an incident, typed."""

    rounds: int
    steps: tuple[Step, ...]
    duty_manager: int | None
    reminders: tuple[timedelta, ...]
    quiet: timedelta
    repage_after: timedelta
    late_every: timedelta
    silence: timedelta
    owner: int | None = None
    attempts_needed: int = 3
    idle_after: timedelta = timedelta(minutes=60)


def plan_from(snapshot: Mapping[str, Any]) -> Plan:
    """The plan that a snapshot describes; durations in the snapshot are seconds.

    Snapshots of older releases lack what came later and mean its default.
    """
    return Plan(
        rounds=snapshot["rounds"],
        steps=tuple(
            Step(
                target=step["target"],
                schedule=step["schedule"],
                technician=step["technician"],
                delay=timedelta(seconds=step["delay"]),
                channels=tuple(step.get("channels", ())),
            )
            for step in snapshot["steps"]
        ),
        duty_manager=snapshot["duty_manager"],
        reminders=tuple(timedelta(seconds=s) for s in snapshot["reminders"]),
        quiet=timedelta(seconds=snapshot["quiet"]),
        repage_after=timedelta(seconds=snapshot["repage_after"]),
        late_every=timedelta(seconds=snapshot["late_reminder_every"]),
        silence=timedelta(seconds=snapshot["silence"]),
        owner=snapshot.get("owner"),
        attempts_needed=snapshot.get("attempts_needed", 3),
        idle_after=timedelta(seconds=snapshot.get("idle_after", 3600)),
    )


def is_last_resort(plan: Plan, step: int) -> bool:
    """Whether this position is one after all planned steps."""
    return step >= len(plan.steps)


def step_at(plan: Plan, step: int) -> Step | None:
    """Whom this position means; None is everybody."""
    if not is_last_resort(plan, step):
        return plan.steps[step]
    if step == len(plan.steps) and plan.owner is not None:
        return Step(
            target="owner", schedule=None, technician=None, delay=LAST_RESORT_DELAY
        )
    return None


def following(plan: Plan, round_number: int, step: int) -> tuple[int, int]:
    """Round and step that come after this one. There always is one."""
    planned = len(plan.steps)
    last_resort = round_number >= plan.rounds - 1
    if step < planned - 1:
        return round_number, step + 1
    if step == planned - 1 and last_resort:
        return round_number, step + 1
    if step_at(plan, step) is not None and is_last_resort(plan, step):
        # The owner did not answer: everybody.
        return round_number, step + 1
    return round_number + 1, 0


def delay_after(plan: Plan, step: int) -> timedelta:
    """How long the step may stay unanswered before the following one fires."""
    if is_last_resort(plan, step):
        return LAST_RESORT_DELAY
    return plan.steps[step].delay


def round_spacing(plan: Plan, round_number: int) -> timedelta:
    """How long after the last round began this one may begin, when nobody answers.

    Telephones that fail at once must not make the planned rounds spin; once everybody
    has been paged in vain, a flood wakes nobody whom a call every few minutes does not.
    """
    planned = round_number < plan.rounds
    return FIRST_ROUNDS_SPACING if planned else LATER_ROUNDS_SPACING


@dataclass(frozen=True, kw_only=True)
class Wait:
    """The step that fires ``after`` this long. ``nobody``: the whole chain reached
    nobody, and is tried again from there."""

    round: int
    step: int
    after: timedelta
    nobody: bool = False


def fire(
    plan: Plan,
    *,
    round_number: int,
    step: int,
    page: Callable[[int, int], Sequence[Person]],
    are_busy: Callable[[Sequence[Person]], bool],
    together: Callable[[int, Sequence[Person]], None],
) -> Wait:
    """The step fires, and with it what must not wait; answers what comes then.

    ``page`` (round, step) pages and says whom it reached. A step that reaches nobody is
    followed at once. Where everybody reached is busy with another incident, the next
    step of the round fires too, once, and ``together`` is told.
    """
    alone = True
    for _ in range((len(plan.steps) + 2) * plan.rounds + 1):
        paged = page(round_number, step)
        next_round, next_step = following(plan, round_number, step)
        also_next = (
            alone and next_round == round_number and bool(paged) and are_busy(paged)
        )
        if paged and not also_next:
            return Wait(round=next_round, step=next_step, after=delay_after(plan, step))
        if also_next:
            together(step, paged)
            alone = False
        round_number, step = next_round, next_step
    return Wait(round=round_number, step=step, after=RETRY_WHEN_NOBODY, nobody=True)


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to reach somebody: ``key`` is the contact method's id."""

    key: int
    kind: str
    address: str


def first_methods(methods: Sequence[Method]) -> list[Method]:
    """What a step sends at once: the first method of each kind, voice first.

    ``methods`` are in the technician's own order.
    """
    chosen: dict[str, Method] = {}
    for method in methods:
        chosen.setdefault(method.kind, method)
    order = {"voice": 0, "sms": 1, "push": 2, "email": 3}
    return sorted(chosen.values(), key=lambda method: order.get(method.kind, 9))


def next_method(
    methods: Sequence[Method], *, failed: str, tried: Iterable[str]
) -> Method | None:
    """The next untried method of the failed kind, or None."""
    used = set(tried)
    return next(
        (m for m in methods if m.kind == failed and m.address not in used), None
    )


class Page(StrEnum):
    """What matters of a page for the question whether its step can still succeed."""

    IN_FLIGHT = "in_flight"
    SPENT = "spent"


def step_is_spent(pages: Sequence[tuple[str, Page]]) -> bool:
    """Whether nothing sent by a step can wake anybody any more.

    ``pages`` are (kind, state) of all pages of the step. A ringing telephone keeps the
    step alive; where no telephone was rung at all, any other page in flight does. No
    page at all is spent: nobody could be reached.
    """
    voices = [state for kind, state in pages if kind == "voice"]
    deciding = voices or [state for _, state in pages]
    return all(state is Page.SPENT for state in deciding)
