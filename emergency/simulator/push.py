"""Notifications as Apprise posts them to `json://`, kept under their name."""

import json
import re
from datetime import UTC, datetime

from emergency.simulator.api import Request
from emergency.simulator.network import Network
from emergency.simulator.records import Push
from emergency.simulator.resources import Json

_ROUTE = re.compile(r"/push/(?P<name>[\w.@+-]{1,64})")


def take(network: Network, path: str, request: Request) -> tuple[int, Json]:
    """Keep the notification; return HTTP status and JSON."""
    route = _ROUTE.fullmatch(path)
    if route is None:
        return 404, {"error": f"there is nothing at {path}"}
    if request.method != "POST":
        return 405, {"error": f"{request.method} is not possible here"}
    try:
        content = json.loads(request.body)
    except ValueError as error:
        return 400, {"error": f"the body is no JSON: {error}"}
    network.add_push(Push(route["name"], datetime.now(UTC), content))
    return 200, {"received": True}
