"""Push by Apprise: ntfy, Signal, Telegram, Teams and what else people have.

The address of a push holds its secrets, so it is never logged and never shown whole.
"""

import ipaddress
import logging
import socket
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import apprise
from django.conf import settings

from emergency.pagers.base import PageOrder, PagerError, Receipt
from emergency.pagers.wording import subject, text_with_link

# They act on the machine that runs us instead of telling anybody.
REFUSED_SCHEMES = frozenset(
    {
        *("dbus", "qt", "glib", "kde", "gnome", "macosx", "windows", "syslog"),
        *("rsyslog", "file", "smpp", "smpps", "mqtt", "mqtts"),
    }
)
# It writes what it did with an address to its log, secrets included.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class PushRefused(ValueError):
    """The address cannot be used. ``code``: unreadable | scheme | private_host."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked(address: str) -> Any:
    """The service behind this address. Raises PushRefused.

    Whoever enters an address must not reach into the operator's own network with it:
    a host has to be public unless PUSH_ALLOW_HOSTS names it.
    """
    scheme = urlsplit(address).scheme.lower()
    if scheme in REFUSED_SCHEMES:
        raise PushRefused("scheme")
    service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if service is None:
        raise PushRefused("unreadable")
    host = str(getattr(service, "host", "") or "")
    if host and host not in settings.PUSH_ALLOW_HOSTS and _is_private(host):
        raise PushRefused("private_host")
    return service


def _is_private(host: str) -> bool:
    """Whether the name leads anywhere but to the open network, as far as one can say.
    A name that leads nowhere is left to the service: many are not names at all."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return not all(ipaddress.ip_address(entry[4][0]).is_global for entry in found)


class PushPager:
    """Pages by a push with a link that answers. Opening the link acknowledges
    nothing."""

    provider = "push"

    def is_configured(self) -> bool:
        return True

    def send(self, order: PageOrder) -> Receipt:
        try:
            service = checked(order.address)
        except PushRefused as error:
            raise PagerError(f"push_{error.code}", permanent=True) from error
        try:
            taken = service.notify(body=text_with_link(order), title=subject(order))
        except Exception as error:
            # Each of its many services fails in a way of its own.
            raise PagerError("push_service") from error
        if not taken:
            raise PagerError("push_service")
        return Receipt(
            provider=self.provider, provider_id="", status="sent", final=True
        )

    def find(self, order: PageOrder, since: datetime) -> list[Receipt]:
        return []

    def look_up(self, provider_id: str) -> Receipt | None:
        return None
