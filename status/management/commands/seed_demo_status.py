"""Register the demo's own status page."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from status.actions import sources


class Command(BaseCommand):
    help = "Registers the demo's fictional status page (only with DEMO set)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default=settings.PUBLIC_BASE_URL)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is not set.")
        source = sources.ensure_demo_source(
            base_url=options["base_url"], now=timezone.now()
        )
        self.stdout.write(source.url)
