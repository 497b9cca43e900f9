"""A night as a story: one clock that the test moves, real telephones, the real engine.

Nothing here waits for time to pass. ``pass_time`` moves the clock to every instant at
which something falls due and lets the engine act there, as its tick and its senders do.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from billing.models import Issuer, RateCard, VatRate
from emergency.actions.bridge_send import overdue_bridges, place_bridge
from emergency.actions.escalate import overdue_pages, tick
from emergency.actions.message_send import overdue_messages, send_message
from emergency.actions.report import MaintenanceCheck, OrderForm, order
from emergency.actions.send import send_page
from emergency.models import (
    Account,
    Bridge,
    ContactMethod,
    DropOut,
    DueRow,
    EscalationPolicy,
    EscalationStep,
    HandOff,
    Incident,
    Page,
    PageAttempt,
    Role,
    Rotation,
    RotationMember,
    Schedule,
    Server,
    Staff,
    Technician,
)
from emergency.terms import offered_terms
from tests.telephone import Telephone, TelephoneNetwork, eventually

NUMBERS = {
    "Anna": "+491713920051",
    "Bernd": "+491713920052",
    "Carla": "+491713920053",
    "Eva": "+491713920059",
}
START = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)  # 02:11 in Vienna


@dataclass
class Night:
    """One night at the hoster. Anna is on call, Eva is the duty manager."""

    network: TelephoneNetwork
    now: datetime = START
    people: dict[str, Technician] = field(default_factory=dict)
    # A landline, which takes no texts.
    customers_number: str = "+493023125001"

    def prepare(self) -> None:
        """Empty tables get prices, people, a roster and a policy."""
        if not RateCard.objects.exists():
            RateCard.objects.create(
                valid_from=datetime(2000, 1, 1, tzinfo=UTC),
                initial_fee=Decimal(200),
                included_minutes=30,
                support_hourly=Decimal(200),
                application_analysis_hourly=Decimal(200),
                callback_within=timedelta(minutes=30),
            )
        if not VatRate.objects.exists():
            VatRate.objects.create(valid_from=date(2000, 1, 1), rate=Decimal("20.00"))
        if not Issuer.objects.exists():
            Issuer.objects.create(valid_from=date(2000, 1, 1))
        EscalationPolicy.objects.all().delete()
        Schedule.objects.all().delete()
        for name, number in NUMBERS.items():
            self.people[name] = self.hire(name, number)
        schedule = Schedule.objects.create(
            name="Emergency support", time_zone="Europe/Vienna"
        )
        rotation = Rotation.objects.create(
            schedule=schedule,
            starts_on=date(2026, 3, 2),
            handoff_time=time(8),
            shift_days=7,
        )
        for position, name in enumerate(("Bernd", "Anna", "Carla")):
            RotationMember.objects.create(
                rotation=rotation,
                technician=self.people[name],
                position=position,
            )
        self.policy = EscalationPolicy.objects.create(
            name="Night", is_default=True, duty_manager=self.people["Eva"]
        )
        for position, (target, minutes) in enumerate(
            (("schedule", 4), ("duty_manager", 3), ("everyone", 3))
        ):
            EscalationStep.objects.create(
                policy=self.policy,
                position=position,
                target=target,
                schedule=schedule if target == "schedule" else None,
                delay=timedelta(minutes=minutes),
            )
        account = Account.objects.create(number="K-1", name="Shop", kind="business")
        Server.objects.create(account=account, name="web01.example")

    def hire(self, name: str, number: str) -> Technician:
        """A technician with a telephone that takes calls and texts."""
        staff = Staff.objects.create_user(
            f"{name.lower()}@example.com",
            "a-long-password",
            full_name=f"{name} Test",
            role=Role.TECHNICIAN,
            language="en",
        )
        technician = Technician.objects.create(staff=staff, first_name=name)
        for position, kind in enumerate(("voice", "sms")):
            ContactMethod.objects.create(
                technician=technician,
                kind=kind,
                address=number,
                position=position,
                verified_at=self.now,
            )
        return technician

    def phone(self, name: str) -> Telephone:
        return self.network.phone(NUMBERS[name])

    def report(self, key: str = "order-1", server: str = "") -> Incident:
        """A customer orders now; what is due at once goes out."""
        incident = self.order(key, server)
        self.act()
        return incident

    def order(self, key: str = "order-1", server: str = "") -> Incident:
        """A customer orders now; nothing is sent yet. Each order is about a server of
        its own, unless one is named."""
        own = "web01" if key == "order-1" else key.replace(" ", "-")
        return order(
            form=OrderForm(
                servers=(server or f"{own}.example",),
                problem_description="The shop is down, password: hunter2",
                reproduction_steps="Open it.",
                recent_changes="None.",
                callback_number=self.customers_number,
                callback_number_typed=self.customers_number,
                callback_extension="",
                reporter_name="Pat",
                language="en",
            ),
            order_key=key,
            tracking_token=f"token of {key}",
            terms=offered_terms(account_number=None, at=self.now, language="en"),
            maintenance=MaintenanceCheck(result="none"),
            button_text="Order with obligation to pay",
            now=self.now,
        )

    def act(self) -> None:
        """Engine and senders do what is due now, until nothing is."""
        eventually(self._comes_to_rest, why="the engine comes to rest")

    def _comes_to_rest(self) -> bool:
        tick(now=self.now, by="night")
        for page in overdue_pages(now=self.now, grace=timedelta(0)):
            send_page(page_id=page, clock=lambda: self.now)
        for message in overdue_messages(now=self.now, grace=timedelta(0)):
            send_message(message_id=message, clock=lambda: self.now)
        for bridge in overdue_bridges(now=self.now, grace=timedelta(0)):
            place_bridge(bridge_id=bridge, clock=lambda: self.now)
        return not (
            DueRow.objects.due(self.now).exists()
            or Page.objects.due(self.now).exists()
            or Bridge.objects.due(self.now).exists()
            or HandOff.objects.filter(due_at__lte=self.now).exists()
            or DropOut.objects.filter(due_at__lte=self.now).exists()
        )

    def pass_time(self, **duration: float) -> None:
        """The clock moves on, stopping wherever something falls due."""
        until = self.now + timedelta(**duration)
        while True:
            upcoming = self._next_due(until)
            if upcoming is None:
                break
            self.now = max(self.now, upcoming)
            self.act()
        self.now = until
        self.act()

    def _next_due(self, until: datetime) -> datetime | None:
        waiting = (
            DueRow.objects.filter(done_at__isnull=True),
            Page.objects.filter(status="queued"),
            HandOff.objects.all(),
            DropOut.objects.all(),
        )
        instants = [
            at
            for rows in waiting
            for at in rows.filter(due_at__lte=until).values_list("due_at", flat=True)
            if at is not None
        ]
        return min(instants, default=None)

    def settle(self) -> None:
        """All calls that end by themselves have, and their ends have been taken in with
        all that follows from them; then act. A telephone that waits for a person may
        ring on."""
        eventually(self._ends_are_known, why="every call's end is known")
        self.act()

    def _ends_are_known(self) -> bool:
        state = self.network.ask("/sim/state.json")
        # What follows from a word is done after the word stands, in the same request.
        if state["callbacks_under_way"]:
            return False
        calls = [call for phone in state["phones"] for call in phone["calls"]]
        known = {
            **dict(PageAttempt.objects.values_list("provider_id", "provider_status")),
            **dict(Bridge.objects.values_list("provider_id", "provider_status")),
            **dict(Bridge.objects.values_list("leg_id", "leg_status")),
        }
        return all(
            call["final"] and known.get(call["sid"]) == call["status"]
            for call in calls
            if not call["waits_for_a_person"]
        )

    def timeline(self, incident: Incident) -> list[str]:
        return list(incident.timeline.values_list("code", flat=True))

    def facts(self, incident: Incident, code: str) -> list[dict[str, Any]]:
        """The values of every timeline entry with this code."""
        return list(
            incident.timeline.filter(code=code).values_list("values", flat=True)
        )
