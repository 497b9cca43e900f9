"""Who is on call."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from emergency.actions.roster import technician_on_call
from emergency.models import Schedule


class Command(BaseCommand):
    help = "Say who is on call in each schedule, now or at an instant."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="ISO 8601 with offset; default: now")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        at = self._instant(options["at"])
        rows = []
        for schedule in Schedule.objects.order_by("name"):
            person = technician_on_call(schedule_id=schedule.pk, now=at)
            rows.append(
                {
                    "schedule": schedule.name,
                    "at": at.isoformat(),
                    "on_call": person.staff.full_name if person else None,
                }
            )
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(f"{row['schedule']}: {row['on_call'] or 'nobody (gap)'}")

    def _instant(self, text: str | None) -> datetime:
        if text is None:
            return timezone.now()
        try:
            at = parse_datetime(text)
        except ValueError:
            at = None
        if at is None or timezone.is_naive(at):
            raise CommandError("--at: an ISO 8601 instant with an offset, please")
        return at
