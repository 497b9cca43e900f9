"""An emergency played through without a row: who would be paged, when and by what.

Steps are fired by the function that the engine uses. A call that nobody takes ends
after its ringing, and what follows from that follows as in the engine: the next way of
the technician's own rule, another number of the kind, the next step once nothing that
was sent can wake anybody. Texts, mail and push arrive, and nobody answers them.

Not played: a number that is tried again after trouble at a provider, and two pages that
share one call because the telephone is busy with us.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from emergency.rules.escalation import (
    Method,
    Page,
    Plan,
    Wait,
    fire,
    following,
    next_method,
    round_spacing,
    step_is_spent,
)
from emergency.rules.reachability import Planned


@dataclass(frozen=True, kw_only=True)
class Reachable:
    """Somebody whom a step means: what is ``planned`` for them when it fires, and the
    verified ``methods`` that may follow a failed one."""

    person: int
    planned: tuple[Planned, ...]
    methods: tuple[Method, ...]


@dataclass(frozen=True, kw_only=True)
class Meant:
    """Whom a step means at an instant; ``why_nobody`` is a code."""

    people: tuple[Reachable, ...]
    why_nobody: str = ""


@dataclass(kw_only=True)
class Way:
    """One page to ``person``, sent at ``at``. A call ends unanswered at ``ends_at``;
    None: it is no call, or what comes then is not played."""

    person: int
    method: Method
    at: datetime
    ends_at: datetime | None = None
    state: str = "waits"


@dataclass(kw_only=True)
class Firing:
    """A step that fired at ``at``: what it meant, and every page that followed from it.

    ``busy``: everybody it reached has another incident, so the next step fired with it.
    """

    at: datetime
    round: int
    step: int
    meant: Meant
    ways: list[Way] = field(default_factory=list)
    busy: bool = False

    @property
    def people(self) -> list[int]:
        """Whom it reached, in order."""
        return [one.person for one in self.meant.people if one.planned]


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """The steps in the order in which they fire, and when the one after them would."""

    firings: list[Firing]
    next_at: datetime


Ask = Callable[[int, datetime], Meant]


def rehearse(
    plan: Plan,
    *,
    ask: Ask,
    busy: frozenset[int],
    opened_at: datetime,
    until: datetime,
    ringing: timedelta,
) -> Rehearsal:
    """What the engine does from ``opened_at`` up to ``until`` while nobody takes it.

    ``ask`` says whom a step means; people who are ``busy`` own another incident. At
    ``opened_at`` itself something always fires.
    """
    play = _Play(plan, ask, busy, ringing)
    play.fire_step(0, 0, opened_at)
    while (at := play.next_instant()) < until:
        play.act(at)
    return Rehearsal(firings=play.firings, next_at=play.due_at)


class _Play:
    def __init__(
        self, plan: Plan, ask: Ask, busy: frozenset[int], ringing: timedelta
    ) -> None:
        self.plan, self.ask, self.busy, self.ringing = plan, ask, busy, ringing
        self.firings: list[Firing] = []
        self.round = 0
        self.wait: Wait
        self.due_at: datetime

    def fire_step(self, round_number: int, step: int, at: datetime) -> None:
        """As ``actions.steps.fire_step``."""

        def page(fired_round: int, fired: int) -> list[int]:
            self.round = fired_round
            meant = self.ask(fired, at)
            made = Firing(at=at, round=fired_round, step=fired, meant=meant)
            made.ways = [
                Way(person=one.person, method=planned.method, at=at + planned.delay)
                for one in meant.people
                for planned in one.planned
            ]
            self.firings.append(made)
            self._send(at)
            return made.people

        def together(_fired: int, _people: object) -> None:
            self.firings[-1].busy = True

        self.wait = fire(
            self.plan,
            round_number=round_number,
            step=step,
            page=page,
            are_busy=lambda people: set(people) <= self.busy,
            together=together,
        )
        if self.wait.nobody:
            self.round = self.wait.round
        self.due_at = at + self.wait.after

    def next_instant(self) -> datetime:
        """When something happens next."""
        waiting = [way.at for way in self._ways() if way.state == "waits"]
        ringing = [
            way.ends_at
            for way in self._ways()
            if way.state == "sent" and way.ends_at is not None
        ]
        return min([*waiting, *ringing, self.due_at])

    def act(self, at: datetime) -> None:
        """What is due is sent, calls end, and the step that waits fires."""
        self._send(at)
        for firing in list(self.firings):
            for way in list(firing.ways):
                if way.state == "sent" and way.ends_at and way.ends_at <= at:
                    way.state = "ended"
                    self._failed(firing, way, at)
        self._send(at)
        if self.due_at <= at:
            self.fire_step(self.wait.round, self.wait.step, at)

    def _ways(self) -> list[Way]:
        return [way for firing in self.firings for way in firing.ways]

    def _send(self, at: datetime) -> None:
        for way in self._ways():
            if way.state == "waits" and way.at <= at:
                way.state = "sent"
                if way.method.kind == "voice":
                    way.ends_at = way.at + self.ringing

    def _failed(self, firing: Firing, failed: Way, at: datetime) -> None:
        """As ``actions.failure.page_failed``."""
        if firing.round != self.round:
            return
        own = [way for way in firing.ways if way.person == failed.person]
        later = [way for way in own if way.state == "waits" and way.at > at]
        if later:
            min(later, key=lambda way: way.at).at = at
            return
        methods = next(
            one.methods for one in firing.meant.people if one.person == failed.person
        )
        another = next_method(
            methods,
            failed=failed.method.kind,
            tried=[way.method.address for way in own],
        )
        if another is not None:
            firing.ways.append(Way(person=failed.person, method=another, at=at))
            return
        states = [
            (
                way.method.kind,
                Page.SPENT if way.state == "ended" else Page.IN_FLIGHT,
            )
            for way in firing.ways
        ]
        if step_is_spent(states):
            self._pull(firing.step, at)

    def _pull(self, after: int, at: datetime) -> None:
        """As ``actions.steps.pull_next_step``."""
        coming = self.wait.round, self.wait.step
        if coming != following(self.plan, self.round, after):
            return
        earliest = at
        if self.wait.round > self.round:
            began = min(
                way.at
                for firing in self.firings
                for way in firing.ways
                if firing.round == self.round
            )
            earliest = max(at, began + round_spacing(self.plan, self.wait.round))
        self.due_at = min(self.due_at, earliest)
