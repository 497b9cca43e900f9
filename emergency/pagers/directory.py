"""Which routes serve which kind of contact method, in the order of preference."""

from collections.abc import Callable

from emergency.pagers.base import Pager
from emergency.pagers.email import EmailPager
from emergency.pagers.gateway import GatewayPager
from emergency.pagers.push import PushPager
from emergency.pagers.twilio import SmsPager, VoicePager

# A route is a kind through a provider; where a kind has one provider of its own name,
# the kind alone names it.
_calls = VoicePager()
ROUTES: dict[str, Pager] = {
    "voice:twilio": _calls,
    "sms:twilio": SmsPager(),
    "sms:gateway": GatewayPager(),
    "email": EmailPager(),
    "push": PushPager(),
}

# How a page by this route is taken back before it has reached anybody.
RECALLS: dict[str, Callable[[str], None]] = {"voice:twilio": _calls.cancel}


def route_of(kind: str, provider: str) -> str:
    """The route that an attempt went by."""
    return kind if provider in {"", kind} else f"{kind}:{provider}"


def routes_of(kind: str) -> list[str]:
    """The routes of this kind that are set up; where none is, those that should be.

    Raises KeyError for a kind that nothing serves.
    """
    served = [route for route in ROUTES if route.partition(":")[0] == kind]
    if not served:
        raise KeyError(kind)
    return [route for route in served if ROUTES[route].is_configured()] or served


def only_providers() -> dict[str, str]:
    """The provider of every kind that has a single route: there is nothing to choose
    and no breaker to ask."""
    served = {kind: routes_of(kind) for kind in {r.partition(":")[0] for r in ROUTES}}
    return {
        kind: ROUTES[routes[0]].provider
        for kind, routes in served.items()
        if len(routes) == 1
    }
