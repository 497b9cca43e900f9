"""Who works at the fictional hoster and who buys from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.contrib.auth.hashers import make_password

from emergency.actions.holidays import update_holidays
from emergency.management.demo.rosters import make_rosters
from emergency.models import (
    Account,
    Contact,
    ContactMethod,
    OperatorLogo,
    OperatorProfile,
    Role,
    Server,
    Staff,
    Technician,
)

PASSWORD = "night-shift-2026"  # noqa: S105 - printed on purpose, refused outside the demo
DOMAIN = "gipfelnetz.example"
LOGO = Path(__file__).with_name("logo.png")
IMPRINT = """Gipfelnetz Hosting GmbH (eine erfundene Firma)
Hafenstraße 41, 4020 Linz
Firmenbuch: FN 990011z, Landesgericht Linz
UID: ATU99001123
Aufsicht: Magistrat der Stadt Linz
"""


@dataclass(frozen=True, kw_only=True)
class Person:
    first_name: str
    last_name: str
    role: Role
    numbers: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        return f"{self.first_name.lower()}@{DOMAIN}"


TECHNICIANS = (
    Person(
        first_name="Anna",
        last_name="Berger",
        role=Role.TECHNICIAN,
        numbers=("+491713920001",),
    ),
    Person(
        first_name="Lukas",
        last_name="Hofer",
        role=Role.TECHNICIAN,
        numbers=("+491713920002",),
    ),
    Person(
        first_name="Mira",
        last_name="Novak",
        role=Role.TECHNICIAN,
        numbers=("+491713920003", "+493023125013"),
    ),
    Person(
        first_name="David",
        last_name="Steiner",
        role=Role.TECHNICIAN,
        numbers=("+491713920004",),
    ),
)
DUTY_MANAGER = Person(
    first_name="Eva",
    last_name="Brandner",
    role=Role.DUTY_MANAGER,
    numbers=("+491713920009",),
)
ACCOUNTANT = Person(first_name="Clara", last_name="Fink", role=Role.ACCOUNTING)
ADMINISTRATOR = Person(first_name="Jakob", last_name="Winter", role=Role.ADMINISTRATOR)
EVERYBODY = (*TECHNICIANS, DUTY_MANAGER, ACCOUNTANT, ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Customer:
    number: str
    name: str
    kind: str
    language: str
    contact: str
    phone: str
    servers: tuple[str, ...]


CUSTOMERS = (
    Customer(
        number="K-1001",
        name="Bäckerei Morgenrot GmbH",
        kind="business",
        language="de",
        contact="Petra Morgenrot",
        phone="+493023125101",
        servers=("web01.morgenrot.example",),
    ),
    Customer(
        number="K-1002",
        name="Tischlerei Lindner KG",
        kind="business",
        language="de",
        contact="Georg Lindner",
        phone="+493023125102",
        servers=("web01.lindner.example",),
    ),
    Customer(
        number="K-1003",
        name="Praxis Dr. Sommer",
        kind="business",
        language="de",
        contact="Judith Sommer",
        phone="+493023125103",
        servers=("termine.praxis-sommer.example",),
    ),
    Customer(
        number="K-1004",
        name="Alpenblick Hotel GmbH",
        kind="business",
        language="de",
        contact="Franz Moser",
        phone="+493023125104",
        servers=("shop.alpenblick.example", "buchung.alpenblick.example"),
    ),
    Customer(
        number="K-1005",
        name="Nordlicht Software GmbH",
        kind="business",
        language="de",
        contact="Svenja Petersen",
        phone="+493023125105",
        servers=("app01.nordlicht.example", "db01.nordlicht.example"),
    ),
    Customer(
        number="K-1006",
        name="Kanzlei Brandt PartG",
        kind="business",
        language="de",
        contact="Holger Brandt",
        phone="+493023125106",
        servers=("mail.kanzlei-brandt.example",),
    ),
    Customer(
        number="K-1007",
        name="Seeufer Treuhand AG",
        kind="business",
        language="de",
        contact="Regula Frei",
        phone="+493023125107",
        servers=("files.seeufer.example",),
    ),
    Customer(
        number="K-1008",
        name="Velo Zürich GmbH",
        kind="business",
        language="en",
        contact="Reto Keller",
        phone="+493023125108",
        servers=("shop.velo-zh.example",),
    ),
    Customer(
        number="K-1009",
        name="Maria Huber",
        kind="consumer",
        language="de",
        contact="Maria Huber",
        phone="+493023125109",
        servers=("blog.maria-huber.example",),
    ),
    Customer(
        number="K-1010",
        name="Jonas Weber",
        kind="consumer",
        language="de",
        contact="Jonas Weber",
        phone="+493023125110",
        servers=("cloud.jonas-weber.example",),
    ),
    Customer(
        number="K-1011",
        name="Vereinshaus Lindenhof",
        kind="business",
        language="de",
        contact="Helga Lang",
        phone="+493023125111",
        servers=("www.lindenhof.example",),
    ),
    Customer(
        number="K-1012",
        name="Studio Blau e.U.",
        kind="business",
        language="de",
        contact="Sabine Blau",
        phone="+493023125112",
        servers=("portfolio.studio-blau.example",),
    ),
    # The stage orders for this one: a server for each story that is still open.
    Customer(
        number="K-1013",
        name="Bergbahn Sonnkogel GmbH",
        kind="business",
        language="de",
        contact="Nora Leitner",
        phone="+493023125113",
        servers=(
            "tickets.sonnkogel.example",
            "shop.sonnkogel.example",
            "www.sonnkogel.example",
            "webcam.sonnkogel.example",
            "cms.sonnkogel.example",
            "db01.sonnkogel.example",
        ),
    ),
)


def make_people(now: datetime) -> dict[str, Technician]:
    """Operator, holidays, staff, rosters and policy stand; answers technicians."""
    OperatorProfile.objects.create(
        valid_from=now - timedelta(days=800),
        logo=_make_logo(),
        imprint=IMPRINT,
        name="Gipfelnetz Hosting GmbH",
        hotline="+49 30 23125 000",
        support_email=f"support@{DOMAIN}",
        support_phone="+49 30 23125 001",
        status_page_url="",
    )
    update_holidays(now=now)
    technicians = {}
    # Everybody has the same one, and to hash it is slow on purpose.
    password = make_password(PASSWORD)
    for person in EVERYBODY:
        staff = Staff.objects.create(
            email=person.email,
            password=password,
            full_name=person.full_name,
            role=person.role,
            is_demo=True,
            is_superuser=person.role == Role.ADMINISTRATOR,
        )
        if person.numbers:
            technicians[person.first_name] = _make_technician(staff, person, now)
    make_rosters(
        technicians,
        turns=[person.first_name for person in TECHNICIANS],
        duty_manager=DUTY_MANAGER.first_name,
        now=now,
    )
    return technicians


def _make_logo() -> OperatorLogo:
    content = LOGO.read_bytes()
    return OperatorLogo.objects.create(
        digest=sha256(content).hexdigest(), content_type="image/png", content=content
    )


def _make_technician(staff: Staff, person: Person, now: datetime) -> Technician:
    technician = Technician.objects.create(staff=staff, first_name=person.first_name)
    addresses = [("voice", number) for number in person.numbers]
    addresses += [("sms", person.numbers[0]), ("email", person.email)]
    ContactMethod.objects.bulk_create(
        [
            ContactMethod(
                technician=technician,
                kind=kind,
                address=address,
                position=position,
                verified_at=now,
            )
            for position, (kind, address) in enumerate(addresses)
        ]
    )
    return technician


def make_customers() -> None:
    """Accounts with their contacts and servers stand."""
    for customer in CUSTOMERS:
        account = Account.objects.create(
            number=customer.number,
            name=customer.name,
            kind=customer.kind,
            language=customer.language,
        )
        domain = customer.servers[0].partition(".")[2]
        Contact.objects.create(
            account=account,
            name=customer.contact,
            email=f"office@{domain}",
            phone_number=customer.phone,
            language=customer.language,
        )
        Server.objects.bulk_create(
            [
                Server(
                    account=account,
                    name=name,
                    status_components=["Cloud Server Wien"],
                )
                for name in customer.servers
            ]
        )
