"""Read the status pages that are due, once; the worker does the same all the time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from status.actions import polling
from status.queries import enabled_sources


class Command(BaseCommand):
    help = "Reads every status page that is due, or all of them, and says how it went."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="also what is not due or rests"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["all"]:
            for source in enabled_sources():
                polling.refresh_source(source_id=source.pk, now=now)
        else:
            while polling.refresh_due(now=now) == polling.MOST_PER_ROUND:
                pass
        for source in enabled_sources():
            outcome = source.last_error or "ok"
            self.stdout.write(f"{source.name}: {outcome}, read {source.fetched_at}")
