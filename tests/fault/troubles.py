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
# Each death of these kinds may make one page go out twice, and each request that is not
# answered although it was carried out; nothing else may.
DOUBLING = ("sender_killed", "database_restarted")
PROVIDERS = (("twilio",), ("twilio",), ("gateway",), ("twilio", "gateway"))

# About as many as one piece of such work passes; what is left over is met in the next.
BOUNDARIES = {"send": 36, "tick": 50, "order": 30, "web": 30, "any": 36}
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
    providers: tuple[str, ...] = ("twilio",)
    met: bool = False


@dataclass
class Troubles:
    """All trouble of one night. ``met`` counts every trouble that somebody really met,
    once however often; ``doubling`` how often something could go out twice for it."""

    dice: random.Random
    clock: Any
    periods: list[Period] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    doubling: int = 0
    over: bool = False

    def schedule(self, kind: str, begins: datetime, *, surely: bool = False) -> Any:
        """This kind of trouble comes at ``begins``. Answers what sets a trap then, or
        None where the period speaks for itself. ``surely`` makes it last, and spare
        nobody."""
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
        lasts = timedelta(seconds=300 if surely else self.dice.choice((15, 60, 300)))
        self.periods.append(
            Period(
                kind=kind,
                begins=begins,
                ends=begins + lasts,
                share=1.0 if surely else self.dice.choice((0.3, 0.7, 1.0)),
                node=self.dice.choice(("worker", "watcher", "web")),
                jump=self.dice.choice(JUMPS) * self.dice.choice((1, -1)),
                providers=PROVIDERS[0] if surely else self.dice.choice(PROVIDERS),
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

    def died(self, trap: Trap) -> None:
        """Somebody went into this trap."""
        self.met[trap.kind] += 1
        self.doubling += trap.kind in DOUBLING

    def meets(self, kind: str) -> bool:
        """Whether this trouble is under way: then somebody has met it."""
        periods = self._under_way((kind,))
        return bool(periods) and self._met(periods[0])

    def offset(self, node: str) -> timedelta:
        """How wrong the clock of this node is."""
        for period in self._under_way(CLOCKS):
            if period.node == node:
                self._met(period)
                return period.jump
        return timedelta()

    def of_request(self, provider: str, is_order: bool) -> str:
        """What happens to this request to a provider."""
        periods = [p for p in self._under_way(REQUESTS) if provider in p.providers]
        if not periods or self.dice.random() > periods[0].share:
            return ""
        kind = periods[0].kind
        if kind in {"timeout_after", "early"} and not is_order:
            return ""
        self._met(periods[0])
        self.doubling += kind == "timeout_after"
        return kind

    def of_report(self) -> str:
        """What happens to this report of a provider."""
        periods = self._under_way(REPORTS)
        if not periods or self.dice.random() > periods[0].share:
            return ""
        self._met(periods[0])
        return periods[0].kind

    def _met(self, period: Period) -> bool:
        self.met[period.kind] += not period.met
        period.met = True
        return True

    def _under_way(self, kinds: tuple[str, ...]) -> list[Period]:
        now = self.clock()
        return [
            period
            for period in self.periods
            if period.kind in kinds and period.begins <= now < period.ends
        ]
