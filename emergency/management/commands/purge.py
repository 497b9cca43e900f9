"""Erase personal data whose time has come, or count them."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from emergency.actions.erasing import purge


class Command(BaseCommand):
    help = "Erase personal data that have outlived their class (docs/privacy.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="count only, erase nothing"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        done = purge(now=timezone.now(), dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(
                json.dumps({"dry_run": options["dry_run"], "erased": dict(done)})
            )
            return
        verb = "would be erased" if options["dry_run"] else "erased"
        for name, number in sorted(done.items()):
            self.stdout.write(f"{name}: {number} {verb}")
        if not done:
            self.stdout.write("nothing is due")
