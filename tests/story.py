"""Words in which a night is told: its clock, its people, their telephones.

Everything underneath is real: the engine, the provider's client, the telephone network.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from emergency.actions.acknowledge import release
from emergency.actions.callback import record_attempt
from emergency.actions.colleagues import hand_over
from emergency.models import Incident, Technician
from tests.night import Night
from tests.telephone import Telephone, eventually

OURS = "+43720880000"
VIENNA = ZoneInfo("Europe/Vienna")
# What a reader of the story wants to know; the rest explains how it came about.
CHAPTERS = ("reported", "acknowledged", "released", "handed_over", "reached")


@dataclass
class Person:
    """A technician with a telephone in the hand."""

    story: "Story"
    name: str

    @property
    def technician(self) -> Technician:
        return self.story.night.people[self.name]

    @property
    def phone(self) -> Telephone:
        return self.story.night.phone(self.name)

    def is_on_the_phone(self) -> None:
        self.phone.behave("busy")

    def is_free_again(self) -> None:
        self.phone.behave("manual")

    def lets_the_mailbox_answer(self) -> None:
        self.phone.behave("mailbox")

    def is_called(self) -> None:
        self.story.waits_until(self.phone.is_ringing, f"{self.name}'s telephone rings")

    def replies_with_the_code(self) -> None:
        """The SMS about the emergency is answered with the code in it."""
        code = re.findall(r"Reply (\d+)", self.phone.text("EMERGENCY"))[-1]
        self.phone.write(code, to=OURS)
        self.phone.text("You have it")
        self.story.night.act()

    def takes_the_call(self, hears: str) -> None:
        """The call that says so is answered and the key it asks for is pressed.

        Calls about anything else ring at the same time; they are hung up.
        """
        self.is_called()
        while hears not in (heard := (call := self.phone.answer()).hears("Press")):
            call.hang_up()
            self.is_called()
        call.press(re.findall(r"Press (\d)", heard)[-1])
        eventually(lambda: self.story.owner() == self.name, why=f"{self.name} has it")
        self.story.night.act()

    def releases(self) -> None:
        """Nobody has the incident; the chain begins anew."""
        night, staff = self.story.night, self.technician.staff
        release(incident_id=self.story.incident.pk, staff=staff, now=night.now)
        night.act()

    def asks_to_take_over(self, colleague: "Person") -> None:
        """The colleague's telephone rings; whoever asked keeps the incident."""
        hand_over(
            incident_id=self.story.incident.pk,
            colleague=colleague.technician,
            staff=self.technician.staff,
            now=self.story.night.now,
        )
        self.story.night.act()

    def reaches_the_customer(self) -> None:
        record_attempt(
            incident_id=self.story.incident.pk,
            staff=self.technician.staff,
            outcome="reached",
            now=self.story.night.now,
        )


class Story:
    """A night that is told by the clock on the wall."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.incident = Incident()

    def person(self, name: str) -> Person:
        return Person(story=self, name=name)

    def at(self, clock: str) -> "Story":
        """It is so late now; everything that fell due before has been done."""
        hour, minute = map(int, clock.split(":"))
        local = self.night.now.astimezone(VIENNA)
        then = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if then > local:
            self.night.pass_time(seconds=(then - local) / timedelta(seconds=1))
        return self

    def customer_reports(self) -> None:
        self.incident = self.night.report()

    def owner(self) -> str:
        """Who has it; empty when nobody does."""
        self.incident.refresh_from_db()
        owner = self.incident.owner
        return owner.first_name if owner else ""

    def waits_until(self, happened: Callable[[], object], why: str) -> None:
        """For what telephones and engine do by themselves."""

        def look() -> bool:
            self.night.act()
            return bool(happened())

        eventually(look, why=why)

    def chapters(self) -> list[tuple[str, str]]:
        """The timeline, as far as people make it: clock and code."""
        entries = self.incident.timeline.filter(code__in=CHAPTERS).order_by("pk")
        return [(_clock(entry.at), entry.code) for entry in entries]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(VIENNA):%H:%M}"
