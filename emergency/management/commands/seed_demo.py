"""Demo data for `make run`: a fictional hoster with a past, written by real actions."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from emergency.actions.stage import CUSTOMERS
from emergency.management.demo.past import live_through
from emergency.management.demo.people import (
    EVERYBODY,
    PASSWORD,
    make_customers,
    make_people,
)
from emergency.models import Staff

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Other apps add their own part; they are named, not imported.
PARTS = ("seed_demo_status", "seed_demo_billing")


class Command(BaseCommand):
    help = "Fill an empty installation with a fictional hoster and its past."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--phones", help="write the telephones to this file")
        parser.add_argument("--logins", help="write the demo logins to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        host = urlsplit(settings.PUBLIC_BASE_URL).hostname
        if host not in LOOPBACK:
            raise CommandError(
                "Demo logins are public knowledge. PUBLIC_BASE_URL must be a loopback"
                " address for demo data."
            )
        if Staff.objects.filter(is_demo=True).exists():
            self.stdout.write("demo data is there already")
        elif Staff.objects.exists():
            raise CommandError("This installation is in use: demo data is refused.")
        else:
            self.fill()
        self.write_files(options)

    def fill(self) -> None:
        """Everything or nothing: a half-filled demo would never be completed."""
        now = timezone.now()
        with transaction.atomic():
            people = make_people(now)
            make_customers()
            live_through(people, now)
        for part in PARTS:
            if part in get_commands():
                call_command(part, stdout=self.stdout)
        self.stdout.write("demo data written")

    def write_files(self, options: dict[str, Any]) -> None:
        """The simulator's telephones and the logins, for whoever shows them."""
        if options["phones"]:
            _write(
                options["phones"],
                [
                    {"name": person.full_name, "number": number, "role": person.role}
                    for person in EVERYBODY
                    for number in person.numbers
                ]
                + [
                    {"name": name, "number": number, "role": "customer"}
                    for name, number in CUSTOMERS
                ]
                + _house_phone(),
            )
        if options["logins"]:
            _write(
                options["logins"],
                [
                    {
                        "role": str(person.role.label),
                        "email": person.email,
                        "password": PASSWORD,
                    }
                    for person in EVERYBODY
                ],
            )


def _house_phone() -> list[dict[str, str]]:
    """The telephone that answers the self-tests by itself."""
    if not settings.HOUSE_PHONE_NUMBER:
        return []
    return [
        {
            "name": "House phone",
            "number": settings.HOUSE_PHONE_NUMBER,
            "role": "",
            "behaviour": "robot",
        }
    ]


def _write(path: str, rows: list[dict[str, str]]) -> None:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
