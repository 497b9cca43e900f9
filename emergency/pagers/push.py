"""Push by Apprise: ntfy, Signal, Telegram, Teams and what else people have.

The address of a push holds its secrets, so it is never logged and never shown whole.
"""

import logging
import socket
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import apprise
from django.conf import settings

from emergency.pagers.base import PageOrder, PagerError, Receipt
from emergency.pagers.open_network import is_public, open_network_only
from emergency.pagers.wording import subject, text_with_link

# What people have on their telephones. Apprise knows many more; some act on the machine
# that runs us, read its files, or take the host to speak to from elsewhere in the
# address, so that nothing could be said about where a page goes.
SERVICES = frozenset(
    {
        *("ntfy", "ntfys", "signal", "signals", "tgram", "workflow", "workflows"),
        *("slack", "discord", "matrix", "matrixs", "gotify", "gotifys", "pover"),
        *("pbul", "mmost", "mmosts", "rocket", "rockets", "zulip", "wxteams"),
        *("gchat", "threema", "pushy", "prowl", "spush", "join", "bark", "barks"),
        *("psafer", "nctalk", "nctalks", "json", "jsons", "form", "forms", "xml"),
        *("xmls", "apprise", "apprises"),
    }
)
# It names a file on this machine, or another address, to be fetched.
REFUSED_ARGUMENT = "template"
# Seconds; together well within the lease of a page.
CONNECT_WITHIN = 4.0
ANSWER_WITHIN = 8.0
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
    a host has to be public unless PUSH_ALLOW_HOSTS names it, and may not send us on to
    another. Nor may an address decide how long we wait, or whether a failure counts.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise PushRefused("unreadable") from error
    if not parts.scheme:
        raise PushRefused("unreadable")
    arguments = {name.lower() for name in parse_qs(parts.query, keep_blank_values=True)}
    if parts.scheme.lower() not in SERVICES or REFUSED_ARGUMENT in arguments:
        raise PushRefused("scheme")
    service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if service is None:
        raise PushRefused("unreadable")
    service.redirects = False
    service.socket_connect_timeout = CONNECT_WITHIN
    service.socket_read_timeout = ANSWER_WITHIN
    service.retry = 0
    service.optional = False
    host = _host(service)
    if host and host not in settings.PUSH_ALLOW_HOSTS and _is_private(host):
        raise PushRefused("private_host")
    return service


def _host(service: Any) -> str:
    return str(getattr(service, "host", "") or "").strip("[]")


def _is_private(host: str) -> bool:
    """Whether the name leads anywhere but to the open network, as far as one can say.
    A name that leads nowhere is left to the service: many are not names at all."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return not all(is_public(str(entry[4][0])) for entry in found)


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
        allowed = _host(service) in settings.PUSH_ALLOW_HOSTS
        with open_network_only(unless=allowed) as refused:
            try:
                taken = service.notify(body=text_with_link(order), title=subject(order))
            except Exception as error:
                # Each of its many services fails in a way of its own.
                raise PagerError("push_service") from error
        if refused:
            raise PagerError("push_private_host", permanent=True)
        if not taken:
            raise PagerError("push_service")
        return Receipt(
            provider=self.provider, provider_id="", status="sent", final=True
        )

    def find(self, order: PageOrder, since: datetime) -> list[Receipt]:
        return []

    def look_up(self, provider_id: str) -> Receipt | None:
        return None
