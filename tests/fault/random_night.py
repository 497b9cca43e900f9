"""A night from a seed: incidents, people with telephones, and trouble."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from emergency.actions.acknowledge import release
from emergency.actions.callback import record_attempt
from emergency.actions.refusal import Refused
from emergency.models import (
    DueRow,
    Incident,
    Message,
    Page,
    RouteHealth,
    Technician,
)
from tests.fault.sums import Verdict
from tests.fault.troubles import KINDS
from tests.fault.verdict import judged
from tests.fault.world import World
from tests.night import Night

FIRST = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)
# After this every trouble is over and people answer; then the clock runs to the end.
HEALED_AFTER = timedelta(minutes=25)
LASTS = timedelta(minutes=80)
PRESSES_AGAIN_AFTER = 5

CUSTOMER = "+4915123456789"

CALLS = {
    "acknowledges": 2,
    "no_answer": 4,
    "busy": 2,
    "mailbox": 3,
    "wrong_key": 1,
    "unreachable": 1,
}
TEXTS = {"replies": 1, "read": 7, "undelivered": 2, "unknown": 2}
RESPONSIVE = {"acknowledges": 5, "no_answer": 1}
OWNERS = {"reaches": 4, "tries": 2, "releases": 2, "forgets": 2}


@dataclass
class People:
    """Who is behind the telephones, and what whoever took an incident does."""

    world: World
    dice: random.Random
    healed: bool = False
    seen: set[tuple[int, datetime | None]] = field(default_factory=set)

    def of_call(self, number: str) -> str:
        return self._thrown(RESPONSIVE if self.healed else CALLS)

    def of_text(self, number: str) -> str:
        return self._thrown({"read": 1} if self.healed else TEXTS)

    def look_at_the_desk(self, incidents: list[int]) -> None:
        """Whoever took an incident since the last look goes to work."""
        taken = Incident.objects.filter(pk__in=incidents, status="acknowledged")
        for incident in taken.select_related("owner__staff"):
            if (incident.pk, incident.acknowledged_at) not in self.seen:
                self.seen.add((incident.pk, incident.acknowledged_at))
                self._goes_to_work(incident)

    def _goes_to_work(self, incident: Incident) -> None:
        does = self._thrown({"reaches": 1} if self.healed else OWNERS)
        minutes = self.dice.uniform(1, 20)
        owner = incident.owner
        if owner is None or does == "forgets":
            return
        if does == "releases":
            self._at_the_desk(
                minutes / 4,
                lambda: release(
                    incident_id=incident.pk, staff=owner.staff, now=timezone.now()
                ),
            )
            return
        if does == "tries":
            self._calls_back(incident, owner, minutes / 2, "no_answer")
        self._calls_back(incident, owner, minutes, "reached")

    def _calls_back(
        self, incident: Incident, owner: Technician, minutes: float, outcome: str
    ) -> None:
        self._at_the_desk(
            minutes,
            lambda: record_attempt(
                incident_id=incident.pk,
                staff=owner.staff,
                outcome=outcome,
                now=timezone.now(),
            ),
        )

    def _at_the_desk(self, minutes: float, act: Any) -> None:
        def click() -> Any:
            try:
                return act()
            except Refused:
                return True

        self.world.later(minutes * 60, lambda: self.world.reach_web(click))

    def _thrown(self, weights: dict[str, int]) -> str:
        return self.dice.choices(list(weights), list(weights.values()))[0]


def hire_people() -> Night:
    """The technicians, the roster and the policy of all nights in this database."""
    # Nobody rings the simulator. The customer's telephone takes texts.
    night = Night(network=None, customers_number=CUSTOMER)  # type: ignore[arg-type]
    night.prepare()
    return night


def spend(night: Night, seed: int, *, only: str = "", number: int = 0) -> Verdict:
    """One night with this seed. ``only`` has one kind of trouble come, from before the
    order, so that it is met; nights differ by their ``number`` in time, so that what an
    earlier one left is over."""
    dice = random.Random(seed)
    began = FIRST + timedelta(days=number)
    world = World(now=began, dice=dice)
    people = People(world=world, dice=dice)
    world.exchange.phones = people
    ordered: dict[str, datetime] = {}
    incidents: dict[str, int] = {}
    RouteHealth.objects.all().delete()

    def order(key: str) -> None:
        ordered.setdefault(key, world.now)
        night.now = timezone.now()
        made = world.process("order", lambda: night.order(key=key))
        if isinstance(made, Incident):
            incidents[key] = made.pk
            return
        world.later(PRESSES_AGAIN_AFTER, lambda: order(key))

    with world.in_force():
        for position in range(dice.randint(1, 1 if only else 4)):
            key = f"{seed} {number} {position}"
            wait = dice.uniform(0, 600) if position else 1
            world.later(wait, partial(order, key))
        for _ in range(dice.randint(1, 2 if only else 6)):
            kind = only or dice.choice(KINDS)
            begins = dice.choice((0, dice.uniform(0, 120), dice.uniform(0, 1200)))
            begins = 0 if only else begins
            trap = world.troubles.schedule(
                kind, began + timedelta(seconds=begins), surely=bool(only)
            )
            if trap is not None:
                world.later(begins, trap)
        _run(world, people, incidents, began + HEALED_AFTER)
        world.troubles.over = people.healed = True
        world.troubles.periods.clear()
        world.troubles.traps.clear()
        _run(world, people, incidents, began + LASTS)
        verdict = judged(world, incidents, ordered)
    _put_away()
    return verdict


def _run(
    world: World, people: People, incidents: dict[str, int], until: datetime
) -> None:
    while world.now < until:
        world.live(min(until, world.now + timedelta(seconds=20)))
        people.look_at_the_desk(list(incidents.values()))
        if people.healed and not _is_awaited(incidents):
            return


def _is_awaited(incidents: dict[str, int]) -> bool:
    """Whether any customer still waits for a call, or any page for its end."""
    waiting = Incident.objects.filter(
        pk__in=incidents.values(), status__in=["paging", "acknowledged"]
    )
    under_way = Page.objects.filter(status__in=["queued", "claimed", "sent"])
    voice = under_way.filter(kind="voice")
    untold = Message.objects.filter(status__in=["queued", "claimed"])
    return waiting.exists() or voice.exists() or untold.exists()


def _put_away() -> None:
    """Nothing of this night falls due in the next one."""
    now = timezone.now()
    DueRow.objects.filter(done_at__isnull=True).update(done_at=now)
    Page.objects.exclude(status__in=["delivered", "failed", "withdrawn"]).update(
        status="withdrawn", lease_until=None, ended_at=now
    )
    Message.objects.filter(status__in=["queued", "claimed"]).update(
        status="withdrawn", lease_until=None, ended_at=now
    )
    Incident.objects.open().update(status="cancelled")
