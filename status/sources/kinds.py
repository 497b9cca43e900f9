"""Which reader belongs to which kind, and what asking it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from status.sources import (
    betterstack,
    cachet2,
    cachet3,
    cstate,
    flashduty,
    hund,
    ics,
    incidentio,
    instatus,
    oneuptime,
    openstatus,
    refused,
    rss,
    sorry,
    static,
    statusio,
    statuspage,
    statuspal,
    upptime,
    uptimekuma,
)
from status.sources.base import Reader


def _no_headers(config: dict[str, Any]) -> dict[str, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How pages of one product are read.

    ``enough`` ends a stream; ``posts`` allows a second try with POST where the page
    does not know GET; ``fetches`` is false where nothing is asked of anybody,
    ``needs_zone`` true where the format leaves the zone to the operator, and
    ``usual_zone`` the one in which the product runs unless somebody set another.
    """

    read: Reader
    headers: Callable[[dict[str, Any]], dict[str, str]] = _no_headers
    enough: Callable[[bytes], bool] | None = None
    posts: bool = False
    fetches: bool = True
    needs_zone: bool = False
    usual_zone: str = ""


KINDS: dict[str, Kind] = {
    "statuspage": Kind(read=statuspage.read),
    "incidentio": Kind(read=incidentio.read),
    "cachet2": Kind(read=cachet2.read, needs_zone=True),
    "cachet3": Kind(read=cachet3.read, needs_zone=True, usual_zone="UTC"),
    "uptimekuma": Kind(read=uptimekuma.read),
    "ics": Kind(read=ics.read, needs_zone=True),
    "static": Kind(read=static.read, fetches=False, needs_zone=True),
    "instatus": Kind(read=instatus.read),
    "betterstack": Kind(read=betterstack.read),
    "statuspal": Kind(read=statuspal.read),
    "statusio": Kind(read=statusio.read),
    "sorry": Kind(read=sorry.read),
    "cstate": Kind(read=cstate.read),
    "oneuptime": Kind(read=oneuptime.read, posts=True),
    "openstatus": Kind(read=openstatus.read),
    "upptime": Kind(read=upptime.read),
    "hund": Kind(read=hund.read, headers=hund.headers, enough=hund.has_first_event),
    "flashduty": Kind(read=flashduty.read),
    "rss": Kind(read=rss.read),
    "gatus": Kind(read=refused.read_gatus, fetches=False),
    "statuscake": Kind(read=refused.read_statuscake, fetches=False),
}
# Names under which kinds are also asked for.
ALIASES = {
    "ics_generic": "ics",
    "ics_maintnote": "ics",
    "rss_generic": "rss",
}
