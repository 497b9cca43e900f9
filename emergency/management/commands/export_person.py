"""Everything kept about one person, as JSON or as a page."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone

from emergency.actions.person import export_person
from emergency.queries.person import UnknownSubject


class Command(BaseCommand):
    help = "Write everything that is kept about a person; that it was done is recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("subject", help="an e-mail address or a phone number")
        parser.add_argument("--html", action="store_true", help="a page to be read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            exported = export_person(
                subject=options["subject"], staff=None, now=timezone.now()
            )
        except UnknownSubject as error:
            raise CommandError("give an e-mail address or a phone number") from error
        if options["html"]:
            self.stdout.write(
                render_to_string("emergency/privacy_export.html", {"found": exported})
            )
            return
        self.stdout.write(json.dumps(exported.data, ensure_ascii=False, indent=2))
