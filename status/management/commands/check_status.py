"""Read one status document now and say what it means, as JSON."""

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from status.rules.maintenance import Reason, covered_groups
from status.rules.matching import Asked, matching_components, normalised
from status.rules.windows import Phase, WindowFacts, phase_at
from status.sources.base import Document, SourceError, worth_keeping
from status.sources.kinds import ALIASES, KINDS
from status.sources.reading import Address, read_page

# What is due goes by the clock, confirmed by its provider or not; a verdict leaves the
# unconfirmed out.
_SHOWN = {
    "active": (Phase.ACTIVE,),
    "due": (Phase.DUE, Phase.TENTATIVE),
    "upcoming": (Phase.UPCOMING,),
}


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
        parser.add_argument("kind", metavar="KIND", help=", ".join(sorted(KINDS)))
        parser.add_argument("url", metavar="URL", help="the exact document")
        parser.add_argument("--at", type=_instant, metavar="ISO")
        parser.add_argument("--component", metavar="NAME")
        parser.add_argument("--config", type=_config, default={}, metavar="JSON")
        parser.add_argument("--allow-host", default="", metavar="HOST")
        parser.add_argument("--json", action="store_true", help="always JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = ALIASES.get(options["kind"], options["kind"])
        if kind not in KINDS:
            known = ", ".join(sorted(KINDS))
            raise CommandError(
                f"KIND: {options['kind']!r} cannot be read, only: {known}",
                returncode=2,
            )
        now = options["at"] or datetime.now(UTC)
        address = Address(
            kind=kind,
            url=options["url"],
            allow_host=options["allow_host"],
            config=options["config"],
        )
        self.stdout.write(
            json.dumps(_read(address, now, options["component"]), ensure_ascii=False)
        )


def _read(address: Address, now: datetime, component: str | None) -> dict[str, Any]:
    try:
        _, document = read_page(address, now=now)
        if document is None:
            raise SourceError("not_modified")
        windows = worth_keeping(document.windows, now)
    except SourceError as error:
        kept = "unknown" if error.unreadable else "keep_last_good"
        return _shaped(kept, {}, error.code)
    phases: dict[Phase, list[WindowFacts]] = {phase: [] for phase in Phase}
    for window in windows:
        if component is None or _concerns(window, component, document):
            phases[phase_at(window, now)].append(window)
    doubt = _doubt(document, phases, now, component)
    if doubt is Reason.STALE:
        # What was true then says nothing of now.
        return _shaped("unknown", {}, doubt.value)
    found = phases[Phase.ACTIVE] or phases[Phase.DUE]
    result = "unknown" if doubt and not found else "ok"
    return _shaped(result, phases, doubt.value if doubt else "")


def _doubt(
    document: Document,
    phases: dict[Phase, list[WindowFacts]],
    now: datetime,
    component: str | None,
) -> Reason | None:
    """Why nothing found would not mean that there is nothing."""
    if document.good_until is not None and now > document.good_until:
        return Reason.STALE
    if phases[Phase.UNCLEAR]:
        return Reason.UNCLEAR_WINDOW
    if document.doubt is Reason.FEED_ONLY and document.windows:
        # This one document was read in full, and it does tell of planned work.
        return None
    if document.doubt is None and component is not None:
        matching = matching_components(
            components=document.components or (),
            asked=Asked.of(names=(), mapped=(component,)),
        )
        coloured = {p.id for p in document.components or () if p.in_maintenance}
        return Reason.COMPONENT_COLOUR if matching & coloured else None
    return document.doubt


def _concerns(window: WindowFacts, component: str, document: Document) -> bool:
    """A window without components is about the whole page, one with a group about all
    that belongs to it."""
    known = (*window.components, *(document.components or ()))
    asked = Asked.of(names=(), mapped=(component,))
    own = matching_components(components=known, asked=asked)
    groups = {normalised(part.group) for part in known if part.id in own}
    named = any(part.id in own for part in window.components)
    return not window.components or named or bool(groups & covered_groups(window))


def _shaped(
    result: str, phases: dict[Phase, list[WindowFacts]], reason: str
) -> dict[str, Any]:
    listed = {
        key: [window for phase in shown for window in phases.get(phase, [])]
        for key, shown in _SHOWN.items()
    }
    windows = [window for group in listed.values() for window in group]
    affected: dict[str, list[str]] = {}
    for window in windows:
        names = affected.setdefault(_id(window), [])
        found = [part.name or part.id for part in window.components]
        names += [name for name in found if name not in names]
    return {
        "result": result,
        **{
            key: list(dict.fromkeys(_id(window) for window in group))
            for key, group in listed.items()
        },
        "affected": affected if any(affected.values()) else {},
        "reason": reason,
    }


def _id(window: WindowFacts) -> str:
    """The id the page itself uses; an occurrence goes by its series."""
    return window.series or window.id
