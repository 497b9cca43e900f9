"""Which of our servers stand on a status page, as far as names say."""

from collections.abc import Sequence
from dataclasses import dataclass

from emergency.models import Server
from status.rules.matching import Asked, Component, matching_components

# A set-up page shows some; how many there are is said in words.
MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Match:
    """A server of ours and the parts of the page that it may be."""

    server: str
    parts: tuple[str, ...]

    @property
    def is_ambiguous(self) -> bool:
        return len(self.parts) > 1


@dataclass(frozen=True, kw_only=True)
class Matches:
    """The servers found on a page, the first of them shown, and how many there are."""

    shown: tuple[Match, ...]
    found: int
    servers: int


def matches(components: Sequence[Component]) -> Matches:
    """Our servers in service against the parts of a page."""
    names = {part.id: part.name or part.id for part in components}
    found = []
    servers = Server.objects.filter(
        retired_at__isnull=True, account__retired_at__isnull=True
    ).order_by("name")
    for server in servers:
        ids = matching_components(
            components=components,
            asked=Asked.of(
                names=[server.name],
                addresses=[server.address] if server.address else [],
                mapped=server.status_components,
            ),
        )
        if ids:
            parts = tuple(sorted(names[own] for own in ids))
            found.append(Match(server=server.name, parts=parts))
    return Matches(
        shown=tuple(found[:MOST_SHOWN]), found=len(found), servers=len(servers)
    )
