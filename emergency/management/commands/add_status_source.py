"""Register a status page from a shell. It stands here and not in `status`, since the
audit does."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.actions.status_set_up import register_page
from status.actions import polling
from status.models import SourceKind
from status.sources.base import SourceError, zone_named
from status.sources.detection import Detected, detect
from status.sources.kinds import KINDS

DETECT = "detect"


class Command(BaseCommand):
    help = (
        "Registers a status page, finding out which product it is, and reads it once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = sorted(name for name, kind in KINDS.items() if kind.fetches)
        parser.add_argument("name")
        parser.add_argument("url", help="the page, or its exact document with --kind")
        parser.add_argument("--kind", choices=(DETECT, *kinds), default=DETECT)
        parser.add_argument(
            "--timezone",
            default="",
            help="of the page's own clock, where it tells none",
        )
        parser.add_argument(
            "--config", default="{}", help="a JSON object of further settings"
        )
        parser.add_argument(
            "--allow-host",
            default="",
            help="this one host may be private and answer without TLS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not urlsplit(options["url"]).hostname:
            raise CommandError("url: not an address with a host")
        detected, now = _kind(options), timezone.now()
        source = register_page(
            name=options["name"],
            url=detected.url,
            kind=detected.kind,
            allow_host=options["allow_host"],
            config=_config(options, detected),
            staff=None,
            now=now,
        )
        if not polling.refresh_source(source_id=source.pk, now=now):
            source.refresh_from_db()
            raise CommandError(
                f"url: registered, but it cannot be read: {source.last_error}"
            )
        label = SourceKind(source.kind).label
        count = source.windows.count()
        self.stdout.write(f"{source.url}: {label}, {count} windows")


def _kind(options: dict[str, Any]) -> Detected:
    kind = options["kind"]
    if kind != DETECT:
        needs_zone = KINDS[kind].needs_zone
        return Detected(kind=kind, url=options["url"], needs_zone=needs_zone)
    try:
        return detect(
            url=options["url"],
            allow_host=options["allow_host"],
            contact=settings.PUBLIC_BASE_URL,
        )
    except SourceError as error:
        raise CommandError(f"url: {error.code}") from error


def _config(options: dict[str, Any], detected: Detected) -> dict[str, Any]:
    try:
        config = json.loads(options["config"])
    except ValueError as error:
        raise CommandError("--config: not JSON") from error
    if not isinstance(config, dict):
        raise CommandError("--config: not a JSON object")
    zone = options["timezone"]
    if zone and zone_named(zone) is None:
        raise CommandError(f"--timezone: not a zone: {zone}")
    if detected.needs_zone:
        # A hoster and its status page mostly share a clock.
        usual = KINDS[detected.kind].usual_zone or settings.TIME_ZONE
        config.setdefault("timezone", zone or usual)
    return config
