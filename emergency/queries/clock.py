"""The callback clock as staff read it: how long is left, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

from emergency.models import Incident
from emergency.rules.deadline import time_left
from emergency.rules.states import WAITING_STATES


@dataclass(frozen=True, kw_only=True)
class Clock:
    """``kind``: running | soon | overdue while the customer waits; met | missed |
    attempted (in time and in vain) | stopped afterwards. ``minutes`` are full minutes
    left, or passed when overdue; after the call they are the minutes from report to
    reached.

    Soon is the last third of the promise. A promise still kept is never overdue.
    """

    kind: str
    minutes: int
    deadline_at: datetime


def clock_of(incident: Incident, now: datetime) -> Clock:
    """The clock of this incident at ``now``."""
    deadline = incident.callback_deadline_at
    if incident.status in WAITING_STATES:
        left = time_left(deadline, now)
        if left.total_seconds() < 0:
            kind = "overdue"
        elif left * 3 <= deadline - incident.opened_at:
            kind = "soon"
        else:
            kind = "running"
        return Clock(
            kind=kind,
            minutes=int(abs(left.total_seconds()) // 60),
            deadline_at=deadline,
        )
    if incident.callback_outcome == Incident.CallbackOutcome.ATTEMPTED:
        return Clock(kind="attempted", minutes=0, deadline_at=deadline)
    if incident.reached_at is None:
        return Clock(kind="stopped", minutes=0, deadline_at=deadline)
    taken = incident.reached_at - incident.opened_at
    met = incident.callback_outcome == Incident.CallbackOutcome.MET
    return Clock(
        kind="met" if met else "missed",
        minutes=int(taken.total_seconds() // 60),
        deadline_at=deadline,
    )
