"""The second way for texts in the exchange's world: a gateway of its own."""

import json
from typing import Any, Protocol

import requests

from emergency.gateway_settings import SMS_GATEWAY
from tests.fault.item import Item

HOST = "gateway.example"
SECRET = "word-of-the-gateway"
SECOND_ROUTE = {
    **SMS_GATEWAY,
    "URL": f"http://{HOST}/messages",
    "FIND_URL": f"http://{HOST}/messages?reference={{token}}",
    "SECRET": SECRET,
    "CALLBACK_SECRET": SECRET,
    "FROM": "+43720880001",
}
SIGNED = {SECOND_ROUTE["CALLBACK_HEADER"]: f"Bearer {SECRET}"}


class Takes(Protocol):
    """What takes messages and keeps them."""

    items: dict[str, Item]

    def take(self, kind: str, form: dict[str, str]) -> Item:
        """The message is under way."""


def carry_out(
    exchange: Takes, request: requests.PreparedRequest, query: dict[str, list[str]]
) -> tuple[int, dict[str, Any]]:
    """Status and answer to one request, in the gateway's own words."""
    if request.method == "GET":
        token = query.get("reference", [""])[0]
        found = [
            _shown(item)
            for item in exchange.items.values()
            if item.is_of_the_gateway and item.token == token
        ]
        return 200, {"messages": found}
    told = json.loads(request.body or "{}")
    form = {
        "To": told["to"],
        "From": told["from"],
        "Body": told["text"],
        "StatusCallback": told["callback_url"],
    }
    return 202, _shown(exchange.take("gateway", form))


def _shown(item: Item) -> dict[str, Any]:
    return {"id": item.sid, "status": item.status, "error": item.error}
