"""A second, independent network for text messages: JSON and one bearer token."""

import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from emergency.simulator import messages
from emergency.simulator.api import Request
from emergency.simulator.network import Network
from emergency.simulator.parameters import e164
from emergency.simulator.records import Message
from emergency.simulator.resources import Json
from emergency.simulator.twiml import web_address

LONGEST_TEXT = 1600
_ROUTE = re.compile(r"/gateway/messages(?:/(?P<id>[^/]+))?")


class Declined(Exception):
    """The gateway does not take the request: status and plain reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Gateway:
    """Takes messages to phones; reports go to the address given with each."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def answer(self, request: Request) -> tuple[int, Json]:
        """Return HTTP status and JSON; never raises for a bad request."""
        try:
            return self._answer(request)
        except Declined as error:
            return error.status, {"error": error.reason}

    def _answer(self, request: Request) -> tuple[int, Json]:
        token = self._network.configuration.gateway_token
        expected = f"Bearer {token}".encode()
        if not hmac.compare_digest(request.authorization.encode(), expected):
            raise Declined(401, "the token is wrong or missing")
        url = urlsplit(request.target)
        route = _ROUTE.fullmatch(url.path)
        if route is None:
            raise Declined(404, f"there is nothing at {url.path}")
        if route["id"]:
            _allow(request, "GET")
            return 200, self._one(unquote(route["id"]))
        _allow(request, "GET", "POST")
        if request.method == "GET":
            wanted = parse_qs(url.query).get("reference", [""])[0]
            return 200, self._with_reference(wanted)
        message = self._ordered(request.body)
        resource = {"id": message.sid, "status": message.status}
        messages.send(self._network, message)
        return 202, resource

    def _ordered(self, body: str) -> Message:
        given = _fields(body)
        to, text, callback = given["to"], given["text"], given["callback_url"]
        if not e164(to):
            raise Declined(400, f"to is no number in E.164: {to!r}")
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise Declined(400, f"text has 1 to {LONGEST_TEXT} characters")
        if callback and not web_address(callback):
            raise Declined(400, f"callback_url is no web address: {callback!r}")
        behaviour = self._network.play(to, "messages")
        if behaviour.order_error is not None:
            raise Declined(400, f"refused: {behaviour.order_error}")
        return Message(
            to=to,
            from_=given["from"] or self._network.configuration.own_number or "gateway",
            body=text,
            direction="outbound-api",
            status="accepted",
            created=datetime.now(UTC),
            status_callback=callback or None,
            network="gateway",
            reference=given["reference"],
            behaviour=behaviour,
        )

    def _one(self, sid: str) -> Json:
        with self._network.changed:
            message = self._network.messages.get(sid)
            if message is None or message.network != "gateway":
                raise Declined(404, f"there is no message {sid}")
            return _resource(message)

    def _with_reference(self, reference: str) -> Json:
        """The newest message that the sender gave this reference."""
        with self._network.changed:
            for message in reversed(self._network.messages.values()):
                if message.network == "gateway" and message.reference == reference:
                    return _resource(message)
        raise Declined(404, f"there is no message with the reference {reference!r}")


def _fields(body: str) -> dict[str, str]:
    try:
        given: Any = json.loads(body)
    except ValueError as error:
        raise Declined(400, f"the body is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise Declined(400, "the body is no JSON object")
    fields = {}
    for name in ("to", "from", "text", "reference", "callback_url"):
        value = given.get(name) or ""
        if not isinstance(value, str):
            raise Declined(400, f"{name} is no text")
        fields[name] = value
    return fields


def _resource(message: Message) -> Json:
    return {
        "id": message.sid,
        "reference": message.reference,
        "to": message.to,
        "from": message.from_,
        "text": message.body,
        "status": message.status,
        "error": "" if message.error_code is None else str(message.error_code),
    }


def _allow(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise Declined(405, f"{request.method} is not possible here")
