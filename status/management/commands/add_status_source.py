"""Register a status page."""

from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from status.actions import polling, sources


class Command(BaseCommand):
    help = "Registers a Statuspage v2 page and reads it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("url")
        parser.add_argument(
            "--allow-host",
            default="",
            help="this one host may be private and answer without TLS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not urlsplit(options["url"]).hostname:
            raise CommandError("url: not an address with a host")
        now = timezone.now()
        source = sources.add_source(
            name=options["name"],
            url=options["url"],
            allow_host=options["allow_host"],
            now=now,
        )
        if not polling.refresh_source(source_id=source.pk, now=now):
            source.refresh_from_db()
            raise CommandError(
                f"url: registered, but it cannot be read: {source.last_error}"
            )
        self.stdout.write(f"{source.url}: {source.windows.count()} windows")
