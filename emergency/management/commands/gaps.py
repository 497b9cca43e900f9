"""When nobody is on call."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.queries.readiness import coming_gaps


class Command(BaseCommand):
    help = "Name the gaps of the next weeks, in the hours that must be covered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--weeks", type=int, default=4, help="1 to 104; default 4")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["weeks"] <= 104:
            raise CommandError("--weeks: a number from 1 to 104, please")
        now = timezone.now()
        rows = [
            {
                "schedule": schedule.name,
                "from": gap.starts_at.isoformat(),
                "until": gap.ends_at.isoformat(),
                "hours": round((gap.ends_at - gap.starts_at) / timedelta(hours=1), 2),
            }
            for schedule, found in coming_gaps(
                now, until=timedelta(weeks=options["weeks"])
            )
            for gap in found
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write("{schedule}: {from} to {until}".format(**row))
        if not rows:
            self.stdout.write("no gaps")
