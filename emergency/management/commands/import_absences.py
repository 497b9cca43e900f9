"""An absence calendar for a technician."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.actions.absences import import_absences
from emergency.actions.refusal import Refused
from emergency.models import Technician


class Command(BaseCommand):
    help = "Import the absences of a technician from an iCalendar file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="with which the technician signs in")
        parser.add_argument("file", type=Path, help="an .ics file")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        technician = Technician.objects.filter(
            staff__email=options["email"].lower()
        ).first()
        if technician is None:
            raise CommandError(f"no technician signs in with {options['email']}")
        try:
            content = options["file"].read_bytes()
            done = import_absences(
                technician=technician, content=content, now=timezone.now()
            )
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(vars(done)))
            return
        self.stdout.write(
            f"{done.absences} absences: {done.added} new, {done.removed} removed"
        )
