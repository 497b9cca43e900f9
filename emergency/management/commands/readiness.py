"""Is the roster of the next days fit to be relied on?"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.queries.readiness import readiness
from emergency.queries.readiness_wording import WordedFinding, findings_in_words


class Command(BaseCommand):
    help = "Check the roster of the next days: gaps, telephones, absences, the law."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="1 to 92; default 14")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= 92:
            raise CommandError("--days: a number from 1 to 92, please")
        found = findings_in_words(readiness(timezone.now(), days=options["days"]))
        if options["json"]:
            self.stdout.write(json.dumps([_plain(worded) for worded in found]))
            return
        for worded in found:
            law = f" ({worded.law})" if worded.law else ""
            self.stdout.write(worded.text + law)
        if not found:
            self.stdout.write("nothing to complain about")


def _plain(worded: WordedFinding) -> dict[str, Any]:
    finding = worded.finding
    return {
        "code": finding.code,
        "serious": finding.serious,
        "at": finding.at.isoformat(),
        "schedule": finding.schedule and finding.schedule.name,
        "technician": finding.technician and str(finding.technician),
        "source": finding.source or None,
        "text": worded.text,
        **finding.values,
    }
