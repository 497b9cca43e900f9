"""What goes wrong in a night, by dice: when, how often, for how long."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

# A process that does this kind of work dies at one boundary of it, or its connection to
# the database is cut there.
DEATHS = {
    "sender_killed": "send",
    "tick_killed": "tick",
    "order_killed": "order",
    "web_killed": "web",
    "database_restarted": "any",
}
# Lasting for a while; the value says whom or what it concerns.
ENGINE = ("redis_stopped", "redis_emptied", "worker_gone", "watcher_gone")
CROWDS = ("two_of_each",)
CLOCKS = ("clock_jumps",)
REQUESTS = (
    *("slow", "error", "throttled", "gone"),
    *("timeout_before", "timeout_after", "early"),
)
REPORTS = ("lost", "doubled", "reordered")
KINDS = (*DEATHS, *ENGINE, *CROWDS, *CLOCKS, *REQUESTS, *REPORTS)
# Each of these may make one page go out twice, each time it happens; nothing else may.
DOUBLING = ("sender_killed", "database_restarted", "timeout_after")

BOUNDARIES = {"send": 36, "tick": 50, "order": 40, "web": 30, "any": 36}
JUMPS = (timedelta(seconds=1), timedelta(hours=1))


@dataclass
class Trap:
    """The next process that does this work meets its end at this boundary."""

    kind: str
    work: str
    boundary: int
    by: str  # signal: a real SIGKILL; abandon: the same in this process; cut


@dataclass
class Period:
    """Trouble that lasts."""

    kind: str
    begins: datetime
    ends: datetime
    share: float = 1.0
    node: str = ""
    jump: timedelta = timedelta()


@dataclass
class Troubles:
    """All trouble of one night. ``met`` counts what really happened."""

    dice: random.Random
    clock: Any
    periods: list[Period] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    over: bool = False

    def schedule(self, kind: str, begins: datetime) -> Any:
        """This kind of trouble comes at ``begins``. Answers what sets a trap then, or
        None where the period speaks for itself."""
        if kind in DEATHS:
            work = DEATHS[kind]
            ways = ("cut",) if kind == "database_restarted" else ("abandon", "signal")
            trap = Trap(
                kind=kind,
                work=work,
                boundary=self.dice.randrange(BOUNDARIES[work]),
                by=self.dice.choices(ways, (4, 1)[: len(ways)])[0],
            )
            return lambda: self.traps.append(trap)
        lasts = timedelta(seconds=self.dice.choice((15, 60, 300)))
        self.periods.append(
            Period(
                kind=kind,
                begins=begins,
                ends=begins + lasts,
                share=self.dice.choice((0.3, 0.7, 1.0)),
                node=self.dice.choice(("worker", "watcher", "web")),
                jump=self.dice.choice(JUMPS) * self.dice.choice((1, -1)),
            )
        )
        return None

    def trap_for(self, work: str) -> Trap | None:
        """The trap that waits for this work, taken out."""
        for trap in self.traps:
            if trap.work in {work, "any"} and not self.over:
                self.traps.remove(trap)
                return trap
        return None

    def lasts(self, kind: str) -> bool:
        """Whether this trouble is under way."""
        return self._under_way((kind,)) is not None

    def offset(self, node: str) -> timedelta:
        """How wrong the clock of this node is."""
        for period in self._all(("clock_jumps",)):
            if period.node == node:
                self.met["clock_jumps"] += 1
                return period.jump
        return timedelta()

    def of_request(self, is_order: bool) -> str:
        """What happens to this request to the provider."""
        period = self._under_way(REQUESTS)
        if period is None or self.dice.random() > period.share:
            return ""
        if period.kind in {"timeout_after", "early"} and not is_order:
            return ""
        self.met[period.kind] += 1
        return period.kind

    def of_report(self) -> str:
        """What happens to this report of the provider."""
        period = self._under_way(REPORTS)
        if period is None or self.dice.random() > period.share:
            return ""
        self.met[period.kind] += 1
        return period.kind

    def _under_way(self, kinds: tuple[str, ...]) -> Period | None:
        return next(iter(self._all(kinds)), None)

    def _all(self, kinds: tuple[str, ...]) -> list[Period]:
        now = self.clock()
        return [
            period
            for period in self.periods
            if period.kind in kinds and period.begins <= now < period.ends
        ]
