"""The REST API: authentication, routes, answers and errors."""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from emergency.simulator import calls, messages
from emergency.simulator.behaviours import Behaviour
from emergency.simulator.errors import error_body, http_status, words
from emergency.simulator.network import Network
from emergency.simulator.orders import call_change, call_order, new_message
from emergency.simulator.parameters import (
    CALL_LIST,
    MESSAGE_LIST,
    Parameters,
    Refused,
)
from emergency.simulator.records import API_VERSION, Call
from emergency.simulator.resources import (
    Json,
    account_json,
    account_uri,
    call_json,
    message_json,
)

_ROUTE = re.compile(
    rf"/{API_VERSION}/Accounts/(?P<account>[^/]+?)"
    r"(?:/(?P<kind>Calls|Messages)(?:/(?P<sid>[^/]+?))?)?\.json"
)


@dataclass(frozen=True)
class Request:
    """One request as it came in; `target` is the path with its query."""

    method: str
    target: str
    authorization: str
    body: str


class Api:
    """Answers requests for one account of one network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._account = network.configuration.account_sid
        self._since = datetime.now(UTC)

    def answer(self, request: Request) -> tuple[int, Json]:
        """Return HTTP status and JSON; never raises for a bad request."""
        try:
            return self._answer(request)
        except Refused as error:
            return error.status, error_body(error.code, error.message, error.status)

    def _answer(self, request: Request) -> tuple[int, Json]:
        path = urlsplit(request.target).path
        self._authenticate(request.authorization)
        route = _ROUTE.fullmatch(path)
        if route is None:
            raise _not_found(path)
        if route["account"] != self._account:
            raise Refused(20003, "Authenticate", HTTPStatus.UNAUTHORIZED)
        kind, sid = route["kind"], route["sid"]
        if kind is None:
            _allow(request, "GET")
            return 200, account_json(self._account, self._since)
        if sid is None:
            _allow(request, "GET", "POST")
            if request.method == "POST":
                return 201, self._create(kind, request.body)
            return 200, self._list(kind, request.target)
        _allow(request, "GET", *(["POST"] if kind == "Calls" else []))
        return 200, self._one(kind, sid, path, request)

    def _authenticate(self, header: str) -> None:
        scheme, _, encoded = header.partition(" ")
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            given = b""
        configuration = self._network.configuration
        expected = f"{configuration.account_sid}:{configuration.auth_token}".encode()
        if scheme.lower() != "basic" or not hmac.compare_digest(given, expected):
            raise Refused(20003, "Authenticate", HTTPStatus.UNAUTHORIZED)

    def _create(self, kind: str, body: str) -> Json:
        if kind == "Calls":
            order = call_order(body)
            call = calls.place(
                self._network, order, self._met(order.to, "calls", order.said)
            )
            return {**call_json(self._account, call), "status": "queued"}
        message = new_message(self._network, body)
        message.behaviour = self._met(message.to, "messages")
        resource = message_json(self._account, message)
        messages.send(self._network, message)
        return resource

    def _met(self, number: str, kind: str, said: str = "") -> Behaviour:
        """Return how the phone reacts this time; raise Refused when it is not tried."""
        behaviour = self._network.play(number, kind, said)
        if behaviour.order_error is not None:
            code = behaviour.order_error
            raise Refused(code, words(code), http_status(code))
        return behaviour

    def _one(self, kind: str, sid: str, path: str, request: Request) -> Json:
        network = self._network
        with network.changed:
            if kind == "Messages":
                message = network.messages.get(sid)
                if message is None or message.network != "twilio":
                    raise _not_found(path)
                return message_json(self._account, message)
            call = network.calls.get(sid)
            if call is None:
                raise _not_found(path)
            if request.method == "POST":
                call_change(network, call, request.body)
            return call_json(self._account, call)

    def _list(self, kind: str, target: str) -> Json:
        query = urlsplit(target).query
        with self._network.changed:
            if kind == "Calls":
                wanted = Parameters(query, CALL_LIST)
                found = [
                    call_json(self._account, call)
                    for call in reversed(self._network.calls.values())
                    if _call_wanted(call, wanted)
                ]
            else:
                wanted = Parameters(query, MESSAGE_LIST)
                found = [
                    message_json(self._account, message)
                    for message in reversed(self._network.messages.values())
                    if message.network == "twilio"
                    and _same(message.to, wanted.text("To"))
                    and _same(message.from_, wanted.text("From"))
                    and _in_time(message.sent or message.created, wanted, "DateSent")
                ]
        return self._page(kind, wanted, query, found)

    def _page(
        self, kind: str, wanted: Parameters, query: str, found: list[Json]
    ) -> Json:
        size = wanted.number("PageSize", 50, 1, 1000)
        page = wanted.number("Page", 0, 0, 10**6)
        base = f"{account_uri(self._account)}/{kind}.json"
        kept = {
            name: value
            for name in (CALL_LIST if kind == "Calls" else MESSAGE_LIST)
            if name not in ("Page", "PageSize", "PageToken")
            and (value := wanted.text(name))
        }

        shown = found[page * size : (page + 1) * size]

        def uri(number: int) -> str:
            place = {"PageSize": size, "Page": number}
            token = {"PageToken": f"PA{shown[-1]['sid']}"} if number > page else {}
            return f"{base}?{urlencode({**kept, **place, **token})}"

        more = len(found) > (page + 1) * size
        return {
            kind.lower(): shown,
            "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1) if more else None,
            "previous_page_uri": uri(page - 1) if page else None,
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": f"{base}?{query}" if query else uri(page),
        }


def _allow(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise Refused(20004, "Method not allowed", HTTPStatus.METHOD_NOT_ALLOWED)


def _not_found(path: str) -> Refused:
    message = f"The requested resource {path} was not found"
    return Refused(20404, message, HTTPStatus.NOT_FOUND)


def _call_wanted(call: Call, wanted: Parameters) -> bool:
    return (
        _same(call.order.to, wanted.text("To"))
        and _same(call.order.from_, wanted.text("From"))
        and _same(call.status, wanted.text("Status"))
        and _same(call.order.parent_sid, wanted.text("ParentCallSid"))
        and _in_time(call.started or call.created, wanted, "StartTime")
        and _in_time(call.ended, wanted, "EndTime")
    )


def _same(value: str | None, wanted: str | None) -> bool:
    return wanted is None or value == wanted


def _in_time(at: datetime | None, wanted: Parameters, name: str) -> bool:
    """Compare by the second, as the API's dates have no fractions; bounds count."""
    on, until, since = (wanted.moment(name + sign) for sign in ("", "<", ">"))
    if at is None:
        return on is until is since is None
    second = at.replace(microsecond=0)
    if on is not None and second.date() != on.date():
        return False
    if since is not None and second < since.replace(microsecond=0):
        return False
    return until is None or second <= until
