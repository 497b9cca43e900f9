"""Read one status document now and say what it means, as JSON."""

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from status.rules.maintenance import Phase, WindowFacts, phase_at
from status.rules.matching import matching_components
from status.sources.base import Document, SourceError
from status.sources.http import fetch
from status.sources.kinds import PARSERS


def _instant(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not an ISO 8601 time: {value}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _config(value: str) -> dict[str, Any]:
    try:
        config = json.loads(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError("not JSON") from error
    if not isinstance(config, dict):
        raise argparse.ArgumentTypeError("not a JSON object")
    return config


class Command(BaseCommand):
    help = "Reads one status document and prints what it means at an instant, as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(sorted(PARSERS)))
        parser.add_argument("url", metavar="URL", help="the exact document")
        parser.add_argument("--at", type=_instant, metavar="ISO")
        parser.add_argument("--component", metavar="NAME")
        parser.add_argument("--config", type=_config, default={}, metavar="JSON")
        parser.add_argument("--allow-host", default="", metavar="HOST")
        parser.add_argument("--json", action="store_true", help="always JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        parser = PARSERS.get(options["kind"])
        if parser is None:
            known = ", ".join(sorted(PARSERS))
            raise CommandError(
                f"KIND: {options['kind']!r} cannot be read, only: {known}",
                returncode=2,
            )
        now = options["at"] or datetime.now(UTC)
        try:
            fetched = fetch(url=options["url"], allow_host=options["allow_host"])
            if fetched.body is None:
                raise SourceError("not_modified")
            answer = _answer(parser(fetched.body), now, options["component"])
        except SourceError as error:
            kept = "unknown" if error.unreadable else "keep_last_good"
            answer = _shaped(kept, {}, error.code)
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _answer(document: Document, now: datetime, component: str | None) -> dict[str, Any]:
    phases: dict[Phase, list[WindowFacts]] = {phase: [] for phase in Phase}
    for window in document.windows:
        if component is None or _concerns(window, component):
            phases[phase_at(window, now)].append(window)
    if phases[Phase.UNCLEAR]:
        return _shaped("unknown", phases, "unclear_window")
    return _shaped("ok", phases, "")


def _concerns(window: WindowFacts, component: str) -> bool:
    """A window without components is about the whole page."""
    return not window.components or bool(
        matching_components(
            components=window.components, names=(), addresses=(), mapped=(component,)
        )
    )


def _shaped(
    result: str, phases: dict[Phase, list[WindowFacts]], reason: str
) -> dict[str, Any]:
    shown = (Phase.ACTIVE, Phase.DUE, Phase.UPCOMING)
    windows = [window for phase in shown for window in phases.get(phase, [])]
    return {
        "result": result,
        **{
            phase.value: [window.id for window in phases.get(phase, [])]
            for phase in shown
        },
        "affected": {
            window.id: [part.name for part in window.components]
            for window in windows
            if window.components
        },
        "reason": reason,
    }
