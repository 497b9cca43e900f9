"""The people of a story, and the report with which one begins. Plain functions."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from emergency.actions.feedback import Findings, give_feedback
from emergency.actions.report import MaintenanceCheck, OrderForm, order
from emergency.models import (
    Account,
    Contact,
    ContactMethod,
    EscalationPolicy,
    Incident,
    Role,
    Rotation,
    RotationMember,
    Schedule,
    Server,
    Staff,
    Technician,
)
from emergency.queries import customers
from emergency.terms import FeeTerms, OfferedTerms

NIGHT = datetime(2026, 3, 10, 1, 11, tzinfo=UTC)  # 02:11 in Vienna
PROMISE = timedelta(minutes=30)
PASSWORD = "a-long-password"

_numbers = itertools.count(1)


def staff(name: str, role: str, **fields: Any) -> Staff:
    """Somebody who may sign in with PASSWORD; the address comes from the first name."""
    fields.setdefault("email", f"{name.split()[0].lower()}@example.com")
    return Staff.objects.create_user(
        password=PASSWORD, full_name=name, role=role, **fields
    )


def technician(name: str = "Anna Berger", **fields: Any) -> Technician:
    """A technician who can be paged by voice and SMS."""
    return reachable(staff(name, Role.TECHNICIAN, **fields))


def reachable(person: Staff) -> Technician:
    """The person can be on call and has a verified telephone."""
    made = Technician.objects.create(
        staff=person, first_name=person.full_name.split()[0]
    )
    number = f"+49171392{next(_numbers):04d}"
    for position, kind in enumerate(("voice", "sms")):
        ContactMethod.objects.create(
            technician=made,
            kind=kind,
            address=number,
            position=position,
            verified_at=NIGHT - timedelta(days=90),
        )
    return made


def duty_manager(name: str = "Eva Winter", **fields: Any) -> Staff:
    """A duty manager who takes no calls; ``reachable`` makes one who does."""
    return staff(name, Role.DUTY_MANAGER, **fields)


def accountant(name: str = "Ines Holzer", **fields: Any) -> Staff:
    return staff(name, Role.ACCOUNTING, **fields)


def administrator(name: str = "Omar Aigner", **fields: Any) -> Staff:
    return staff(name, Role.ADMINISTRATOR, **fields)


@dataclass(frozen=True, kw_only=True)
class Customer:
    """An account with one server and one contact."""

    account: Account
    server: Server
    contact: Contact


def customer(
    number: str = "10042",
    name: str = "Muster Handel GmbH",
    server: str = "web01.example",
) -> Customer:
    """A business customer."""
    account = Account.objects.create(number=number, name=name, kind="business")
    return Customer(
        account=account,
        server=Server.objects.create(account=account, name=server, address=None),
        contact=Contact.objects.create(
            account=account, name="Pat Muster", phone_number="+431234567890"
        ),
    )


def signed_in(person: Staff | Technician) -> Client:
    """A browser in which this person has signed in, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.staff if isinstance(person, Technician) else person)
    return client


def stranger() -> Client:
    """A browser in which nobody has signed in."""
    return Client(headers={"accept-language": "en"})


def on_call(*people: Technician, manager: Technician | None = None) -> Schedule:
    """These technicians take weekly turns in the schedule that the policy pages."""
    schedule = Schedule.objects.get_or_create(
        name="Emergency support", defaults={"time_zone": "Europe/Vienna"}
    )[0]
    rotation = Rotation.objects.create(
        schedule=schedule, starts_on="2026-03-02", handoff_time="08:00", shift_days=7
    )
    for position, person in enumerate(people):
        RotationMember.objects.create(
            rotation=rotation, technician=person, position=position
        )
    EscalationPolicy.objects.filter(is_default=True).update(duty_manager=manager)
    return schedule


def terms(language: str = "de", promise: timedelta = PROMISE) -> FeeTerms:
    """The fee terms of the seed's price text."""
    return FeeTerms(
        version="test-1",
        language=language,
        currency="EUR",
        initial_fee_net=Decimal("200.00"),
        initial_fee_gross=Decimal("240.00"),
        included_minutes=30,
        support_hourly_net=Decimal("200.00"),
        support_hourly_gross=Decimal("240.00"),
        application_analysis_hourly_net=Decimal("200.00"),
        application_analysis_hourly_gross=Decimal("240.00"),
        vat_rate=Decimal("20.00"),
        callback_within=promise,
        covered=(),
        not_covered=(),
        price_sentence="200 EUR plus VAT.",
    )


def report(
    *,
    now: datetime = NIGHT,
    server: str = "",
    number: str = "+431234567890",
    maintenance: str = "none",
    fresh: bool = True,
    caller: customers.Customer | None = None,
    network_address: str = "",
    **texts: str,
) -> Incident:
    """A customer has ordered at ``now``; the first pages wait to be sent. Without a
    name it is about web01.example, or another server while that one's incident is
    open."""
    key = f"order-{next(_numbers)}"
    return order(
        form=OrderForm(
            servers=(server or _another_server(key),),
            problem_description=texts.get("problem", "The shop answers with 502."),
            reproduction_steps=texts.get("steps", "Open the start page."),
            recent_changes=texts.get("changes", "None."),
            callback_number=number,
            callback_number_typed=number,
            callback_extension=texts.get("extension", ""),
            reporter_name=texts.get("reporter", "Pat Muster"),
            language=texts.get("language", "de"),
        ),
        order_key=key,
        tracking_token=f"token-of-{key}",
        terms=OfferedTerms(terms=terms(), fresh=fresh),
        maintenance=MaintenanceCheck(result=maintenance),
        button_text="Zahlungspflichtig bestellen",
        now=now,
        caller=caller,
        network_address=network_address,
    )


def findings(
    incident: Incident,
    who: Staff | Technician,
    *,
    at: datetime,
    ruled_out: str = "unknown",
) -> None:
    """The customer has been told what was found, which closing asks for."""
    give_feedback(
        incident_id=incident.pk,
        staff=who.staff if isinstance(who, Technician) else who,
        findings=Findings(
            network="good",
            application_ruled_out=ruled_out,
            next_step="We look on.",
            services=frozenset(),
        ),
        now=at,
    )


def _another_server(key: str) -> str:
    reported = Incident.objects.open().filter(reports__servers__typed="web01.example")
    return f"web-of-{key}.example" if reported.exists() else "web01.example"
