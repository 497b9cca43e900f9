"""What rating is told about one emergency, and when it must not be rated at all."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from billing.rules.policy import STANDARD, RatingPolicy


class Cause(StrEnum):
    INFRASTRUCTURE = "infrastructure"
    APPLICATION = "application"
    OTHER = "other"
    UNDETERMINED = "undetermined"


class Kind(StrEnum):
    SUPPORT = "support"
    APPLICATION_ANALYSIS = "application_analysis"


class Disposition(StrEnum):
    """What the emergency turned out to be, when it was no ordinary one."""

    NOT_AN_EMERGENCY = "not_an_emergency"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    PRANK = "prank"
    DRILL = "drill"


class Maintenance(StrEnum):
    """Whether a maintenance window was about this server when it was ordered. Overrun:
    it was still running after its announced end."""

    NONE = "none"
    MATCHING = "matching"
    OVERRUN = "overrun"


class Refused(Exception):
    """The facts contradict each other; ``field`` says where."""

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        self.problem = problem
        super().__init__(f"{field}: {problem}")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The prices the customer accepted. Amounts are net, hourly prices per hour."""

    initial_fee: Decimal
    included_minutes: int
    support_hourly: Decimal
    application_analysis_hourly: Decimal
    callback_within: timedelta


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One interval of work. ``billable`` False: waived, as if never logged."""

    technician: str
    kind: Kind
    started_at: datetime
    ended_at: datetime
    billable: bool

    @property
    def duration(self) -> timedelta:
        """Elapsed real time, also across a change of the clocks (A12)."""
        return self.ended_at.astimezone(UTC) - self.started_at.astimezone(UTC)

    def before(self, until: datetime | None) -> timedelta:
        """How much of it lies before an instant; all of it without one."""
        if until is None or self.ended_at <= until:
            return self.duration
        start = self.started_at.astimezone(UTC)
        return max(until.astimezone(UTC) - start, timedelta())


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """One emergency with everything that decides its price, except the tax.

    Instants are aware. ``callback_reached_at`` None: nobody was ever reached.
    ``attempted_in_time``: the emergency's own policy counts the attempts as a promise
    that was kept, whatever their number. ``policy``: how the accepted terms are read.
    ``free_from``: when free support opened next after the order, None where that is not
    known or it was open.
    """

    cause: Cause
    triggered_at: datetime
    callback_reached_at: datetime | None
    entries: tuple[Entry, ...]
    terms: Terms
    callback_attempts: tuple[datetime, ...] = field(default=())
    attempted_in_time: bool = False
    cancelled_at: datetime | None = None
    cancelled_free: bool | None = None
    taken_over_at: datetime | None = None
    disposition: Disposition | None = None
    maintenance: Maintenance = Maintenance.NONE
    free_from: datetime | None = None
    policy: RatingPolicy = STANDARD

    @property
    def callback_deadline_at(self) -> datetime:
        return self.triggered_at + self.terms.callback_within

    def worked(self, kind: Kind, until: datetime | None = None) -> timedelta:
        """Billable time of one kind, all technicians together (A2, A16); with
        ``until``, only what lies before that instant."""
        return sum(
            (e.before(until) for e in self.entries if e.billable and e.kind == kind),
            timedelta(),
        )


def check(emergency: Emergency) -> None:
    """Nothing contradicts itself afterwards. Raises Refused, naming the field."""
    start = emergency.triggered_at
    _aware("triggered_at", start)
    for name in ("callback_reached_at", "cancelled_at", "taken_over_at", "free_from"):
        _not_before(name, getattr(emergency, name), start)
    for index, instant in enumerate(emergency.callback_attempts):
        _not_before(f"callback_attempts[{index}]", instant, start)
    for index, entry in enumerate(emergency.entries):
        _aware(f"entries[{index}].started_at", entry.started_at)
        _aware(f"entries[{index}].ended_at", entry.ended_at)
        if entry.duration < timedelta():
            raise Refused(f"entries[{index}].ended_at", "is before started_at")
    _no_overlap(emergency.entries)


def _aware(name: str, instant: datetime) -> None:
    if instant.utcoffset() is None:
        raise Refused(name, "has no UTC offset")


def _not_before(name: str, instant: datetime | None, start: datetime) -> None:
    if instant is None:
        return
    _aware(name, instant)
    if instant < start:
        raise Refused(name, "is before triggered_at")


def _no_overlap(entries: tuple[Entry, ...]) -> None:
    """A technician works on one thing at a time, waived or not (A18)."""
    lasting = [(i, e) for i, e in enumerate(entries) if e.duration]
    lasting.sort(key=lambda pair: (pair[1].technician, pair[1].started_at, pair[0]))
    for (first, before), (second, after) in pairwise(lasting):
        if before.technician == after.technician and after.started_at < before.ended_at:
            raise Refused(
                f"entries[{second}].started_at",
                f"overlaps entries[{first}] of technician {after.technician}",
            )
