"""A look at a page before it is registered: what it is, and what it says now."""

from dataclasses import dataclass
from datetime import datetime

from status.rules.matching import Component
from status.rules.windows import Phase, WindowFacts, phase_at
from status.sources.base import SourceError, worth_keeping
from status.sources.detection import Detected, detect
from status.sources.kinds import KINDS
from status.sources.reading import Address, Secrets, read_page, told


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The product, its parts, and its windows that are not over, with what each is."""

    detected: Detected
    components: tuple[Component, ...]
    windows: tuple[tuple[WindowFacts, Phase], ...]
    rules_out: bool


def preview(
    *,
    url: str,
    now: datetime,
    zone: str,
    contact: str,
    allow_host: str = "",
    secrets: Secrets,
) -> Preview:
    """The page as it would be read. ``zone`` stands in where it tells none;
    ``secrets`` are told to the hosts they are for.

    Takes up to 48 seconds. Raises SourceError.
    """
    detected = detect(url=url, allow_host=allow_host, contact=contact)
    kind = KINDS[detected.kind]
    config = {"timezone": kind.usual_zone or zone} if detected.needs_zone else {}
    address = Address(
        kind=detected.kind,
        url=detected.url,
        allow_host=allow_host,
        config=told(detected.url, config, secrets),
        contact=contact,
    )
    _, document = read_page(address, now=now)
    if document is None:
        raise SourceError("not_modified")
    windows = worth_keeping(document.windows, now)
    named = {part.id: part for window in windows for part in window.components}
    phases = ((window, phase_at(window, now)) for window in windows)
    return Preview(
        detected=detected,
        components=document.components or tuple(named.values()),
        windows=tuple(pair for pair in phases if pair[1] is not Phase.OVER),
        rules_out=document.doubt is None,
    )
