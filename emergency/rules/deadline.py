"""The promise: a technician calls the customer back within the promised time.

Source: the operator's price text ("contacts you within 30 minutes of triggering"); the
duration itself is part of the accepted fee terms. Acknowledging does not keep the
promise; only reaching the customer does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from emergency.rules.escalation import Plan


class Outcome(StrEnum):
    """How the promise stands, the best first."""

    MET = "met"
    ATTEMPTED = "attempted"
    PENDING = "pending"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True)
class SetPoint:
    """A decision that falls due at ``due_at``; ``kind`` is a due row's kind."""

    kind: str
    step: int
    due_at: datetime


def callback_deadline(opened_at: datetime, within: timedelta) -> datetime:
    """The last instant at which reaching the customer still keeps the promise."""
    return opened_at + within


def is_met(reached_at: datetime, deadline_at: datetime) -> bool:
    """Whether the promise was kept. The deadline itself still counts."""
    return reached_at <= deadline_at


def set_points(
    plan: Plan, *, opened_at: datetime, deadline_at: datetime
) -> list[SetPoint]:
    """The callback clock of an incident: reminders, paging again, the deadline.

    Points that would fall on or after the deadline are left out: the deadline itself
    speaks then.
    """
    points = [
        SetPoint(kind="reminder", step=number, due_at=opened_at + after)
        for number, after in enumerate(plan.reminders)
    ]
    points.append(SetPoint(kind="repage", step=0, due_at=opened_at + plan.repage_after))
    points = [point for point in points if point.due_at < deadline_at]
    points.append(SetPoint(kind="deadline", step=0, due_at=deadline_at))
    return points


def reminder_is_welcome(
    *, now: datetime, active_at: datetime | None, quiet: timedelta
) -> bool:
    """Whether to remind the owner: not right after somebody took over, dialled or
    wrote."""
    return active_at is None or now - active_at >= quiet


@dataclass(frozen=True, kw_only=True)
class Try:
    """A call to the customer that reached nobody. ``number`` is E.164."""

    at: datetime
    number: str


def tried_enough(
    tries: Sequence[Try],
    *,
    numbers: Collection[str],
    needed: int,
    deadline_at: datetime,
) -> bool:
    """Whether the promise was kept by trying: often enough, by every number the
    customer gave, and in time. Then it is the customer's turn, and the callback is
    not late. Only *reached* is better; more tries never make it worse."""
    in_time = [one for one in tries if is_met(one.at, deadline_at)]
    return len(in_time) >= needed and set(numbers) <= {one.number for one in in_time}


def outcome_of(
    *,
    reached_at: datetime | None,
    tries: Sequence[Try],
    numbers: Collection[str],
    needed: int,
    deadline_at: datetime,
    now: datetime,
) -> Outcome:
    """How the promise stands at ``now``. The instants of what was done decide, not the
    moment at which somebody looked at the clock."""
    if reached_at is not None and is_met(reached_at, deadline_at):
        return Outcome.MET
    if tried_enough(tries, numbers=numbers, needed=needed, deadline_at=deadline_at):
        return Outcome.ATTEMPTED
    if reached_at is not None or now >= deadline_at:
        return Outcome.MISSED
    return Outcome.PENDING


def time_left(deadline_at: datetime, now: datetime) -> timedelta:
    """Time until the deadline; negative when it has passed."""
    return deadline_at - now
