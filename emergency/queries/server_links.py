"""A server's addresses in the operator's other systems."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from emergency.models import LinkTemplate, Server
from emergency.rules.link_template import address


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link and what it is called."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ServerLinks:
    """The links of one server, in the order of their kinds; none without a name of it
    that we know."""

    server: Server
    links: tuple[Link, ...]


def links_of(servers: Iterable[Server], now: datetime) -> tuple[ServerLinks, ...]:
    """The links of each server that has some. The accounts come with the servers; one
    query."""
    known = {server.pk: server for server in servers}
    templates = LinkTemplate.objects.in_force(now) if known else []
    found = (
        ServerLinks(server=server, links=_links(server, templates))
        for server in known.values()
    )
    return tuple(one for one in found if one.links)


def _links(server: Server, templates: Iterable[LinkTemplate]) -> tuple[Link, ...]:
    values = {
        "server": server.name,
        "address": server.address or "",
        "account": server.account.number,
        "external_id": server.external_id,
    }
    made = (
        Link(label=row.get_kind_display(), url=address(row.template, values))
        for row in templates
    )
    return tuple(link for link in made if link.url)
