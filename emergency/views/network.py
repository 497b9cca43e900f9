"""From which network address a request comes."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IPV6, IPV6_NETWORK = 6, 64


def network_address_of(request: HttpRequest) -> str:
    """The caller's address, in IPv6 that of their /64 network; an empty text where none
    can be told.

    What a proxy says about the caller counts only from the proxies of
    ``TRUSTED_PROXIES``: anybody can write the header.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("x-forwarded-for", "").split(",")
    while _is_trusted(address) and forwarded:
        address = forwarded.pop().strip() or address
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if known.version == IPV6:
        # Whoever has one address of a network has all of them (RFC 6177).
        return str(ip_network((known, IPV6_NETWORK), strict=False).network_address)
    return str(known)


def _is_trusted(address: str) -> bool:
    try:
        known = ip_address(address)
        return any(known in ip_network(net) for net in settings.TRUSTED_PROXIES)
    except ValueError:
        return False
