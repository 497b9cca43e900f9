"""Public holidays of this and the next two years."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.actions.holidays import UnknownCountry, update_holidays


class Command(BaseCommand):
    help = "Write the public holidays of HOLIDAY_COUNTRY; done every night, too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = update_holidays(now=timezone.now())
        except UnknownCountry as error:
            raise CommandError(
                f"HOLIDAY_COUNTRY, HOLIDAY_SUBDIVISION: {error}"
            ) from None
        answer = {"changed": changed}
        self.stdout.write(
            json.dumps(answer) if options["json"] else f"{changed} days changed"
        )
