"""Addresses of a server in other systems, from a template with named places.

Source of the quoting: RFC 3986, section 2.3; whatever is not unreserved is written in
per cent, so that a name can neither leave its place in the path nor add a parameter.
"""

import re
from collections.abc import Mapping

from emergency.rules.passages import filled, places_in

PLACES = frozenset({"server", "address", "account", "external_id"})
SCHEME = "https://"
LONGEST = 500
_UNRESERVED = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")
_SIGNS = re.compile(r"[!-~]*")


def trouble(template: str) -> str:
    """Why this is no template, as a code; empty where it is one.

    The host stands fast: with a place in it a name could lead anywhere. An empty
    template means that there is no such link.
    """
    if not template:
        return ""
    if not template.startswith(SCHEME):
        return "link_not_https"
    host = re.split(r"[/?#]", template[len(SCHEME) :], maxsplit=1)[0]
    if "{" in host:
        return "link_place_in_host"
    if not _HOST.fullmatch(host):
        return "link_unreadable"
    if len(template) > LONGEST or not _SIGNS.fullmatch(template):
        return "link_unreadable"
    if places_in(template) - PLACES or "{" in _without_places(template):
        return "link_unknown_place"
    return ""


def address(template: str, values: Mapping[str, str]) -> str:
    """The link with its places filled and quoted; empty where a value is missing, and
    for what is no template."""
    if not template or trouble(template):
        return ""
    if any(not values.get(place) for place in places_in(template)):
        return ""
    if any(values[place] in {".", ".."} for place in places_in(template)):
        return ""
    return filled(template, {name: quoted(value) for name, value in values.items()})


def quoted(value: str) -> str:
    """The text as one part of an address."""
    return "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"
        for byte in value.encode("utf-8", "surrogatepass")
    )


def _without_places(template: str) -> str:
    return filled(template, dict.fromkeys(PLACES, ""))
