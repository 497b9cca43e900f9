"""When an authority must hear of an incident, counted from the moment of knowledge.

Sources: Directive (EU) 2022/2555 (NIS2) Art. 23(4): early warning within 24 hours and
notification within 72 hours of becoming aware, final report at latest one month after
the notification. GDPR Art. 33(1): breach of personal data within 72 hours of becoming
aware. Regulation (EEC) 1182/71 Art. 3(2)(c): a month ends on the same date, or on the
last day of a month that has no such date. Its longer ends (the first hour does not
count, weekends and holidays move the end) are not used: nobody is late by being early.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    """Why it may have to be reported."""

    OUTAGE = "outage"
    COMPROMISE = "compromise"
    PERSONAL_DATA = "personal_data"


class Step(StrEnum):
    """What an authority is told."""

    EARLY_WARNING = "early_warning"
    NOTIFICATION = "notification"
    FINAL_REPORT = "final_report"
    DATA_BREACH = "data_breach"


class State(StrEnum):
    """How it stands with a step. ``late``: done after its deadline."""

    WAITING = "waiting"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"
    NOT_NEEDED = "not_needed"


class Reminder(StrEnum):
    """What is said of a deadline: days before, hours before, and when it is there."""

    AHEAD = "ahead"
    SOON = "soon"
    PASSED = "passed"


OF_NIS2 = (Step.EARLY_WARNING, Step.NOTIFICATION, Step.FINAL_REPORT)
STEPS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.OUTAGE: OF_NIS2,
    Kind.COMPROMISE: OF_NIS2,
    Kind.PERSONAL_DATA: (Step.DATA_BREACH,),
}
WITHIN: Mapping[Step, timedelta] = {
    Step.EARLY_WARNING: timedelta(hours=24),
    Step.NOTIFICATION: timedelta(hours=72),
    Step.DATA_BREACH: timedelta(hours=72),
}
SOON_BEFORE = timedelta(hours=4)
# A final report is not written in four hours.
AHEAD_BEFORE = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What was recorded of a step: when it was done; None: it need not be done."""

    done_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One step. ``estimated``: it counts from something that is not done yet, and the
    true deadline may only be another one once it is."""

    step: Step
    due_at: datetime
    state: State
    done_at: datetime | None = None
    estimated: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in {State.WAITING, State.MISSED}


# Of which step what was said, about which deadline.
Said = tuple[Step, Reminder, datetime]


def deadlines(
    *,
    kind: Kind,
    known_at: datetime,
    settled: Mapping[Step, Settled],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Deadline, ...]:
    """Every step of this kind in its order, as it stands at ``now``.

    The final report counts from the notification; as long as that is not done, or need
    not be, from the latest instant at which it should be.
    """
    found = []
    # Sums on the wall clock of a zone would not be hours.
    known_at = known_at.astimezone(UTC)
    for step in STEPS[kind]:
        estimated = False
        if step is Step.FINAL_REPORT:
            told = settled.get(Step.NOTIFICATION)
            notified_at = told.done_at if told else None
            latest = known_at + WITHIN[Step.NOTIFICATION]
            due_at = a_month_after(notified_at or latest, zone)
            estimated = notified_at is None
        else:
            due_at = known_at + WITHIN[step]
        done = settled.get(step)
        found.append(
            Deadline(
                step=step,
                due_at=due_at,
                state=_state(done, due_at, now),
                done_at=done.done_at if done else None,
                estimated=estimated,
            )
        )
    return tuple(found)


def a_month_after(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the clocks of ``zone`` show the same time of the same
    date a month later, or of the last day where the month has no such date.

    Of a time that the clocks show twice, or skip, it is the earlier reading.
    """
    local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    first = (local.replace(day=1) + timedelta(days=31)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    wall = first.replace(day=min(local.day, last.day))
    return min(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def next_due(steps: Iterable[Deadline]) -> Deadline | None:
    """The step to do next: the longest missed, else the one that is due first."""
    waiting = [step for step in steps if step.is_open]
    return min(waiting, key=lambda step: step.due_at, default=None)


def unsaid(
    steps: Iterable[Deadline], said: Set[Said], now: datetime
) -> tuple[Said, ...]:
    """What people must be told at ``now``: of each open step only the latest, however
    long nobody looked, and each once. A deadline that has moved is a new one."""
    found = []
    for step in steps:
        due = [one for one in _reminders(step) if _at(one) <= now]
        if due:
            latest = max(due, key=_at)
            if latest not in said:
                found.append(latest)
    return tuple(found)


def look_again_at(
    steps: Iterable[Deadline], said: Set[Said], now: datetime
) -> datetime | None:
    """When there is next something to say; ``now`` where there is already. None: never
    again."""
    steps = tuple(steps)
    if unsaid(steps, said, now):
        return now
    ahead = [_at(one) for step in steps for one in _reminders(step)]
    return min((at for at in ahead if at > now), default=None)


def _state(done: Settled | None, due_at: datetime, now: datetime) -> State:
    if done is None:
        return State.MISSED if now > due_at else State.WAITING
    if done.done_at is None:
        return State.NOT_NEEDED
    return State.DONE if done.done_at <= due_at else State.LATE


def _reminders(step: Deadline) -> list[Said]:
    if not step.is_open:
        return []
    kinds = [Reminder.SOON, Reminder.PASSED]
    if step.step is Step.FINAL_REPORT:
        kinds.insert(0, Reminder.AHEAD)
    return [(step.step, kind, step.due_at) for kind in kinds]


def _at(said: Said) -> datetime:
    _step, kind, due_at = said
    before = {Reminder.AHEAD: AHEAD_BEFORE, Reminder.SOON: SOON_BEFORE}
    return due_at - before.get(kind, timedelta(0))
