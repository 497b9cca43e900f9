"""A telephone exchange on the test's own clock, in this process, behind real requests.

The product's own HTTP clients ask it; a request gets here instead of to a socket. Calls
ring, texts arrive and reports go out at instants of the world's clock, so that a night
takes a second and a seed repeats it exactly. The simulator is the real thing; this is
what makes hundreds of nights possible.
"""

import itertools
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from tests.fault import gateway
from tests.fault.gateway import HOST
from tests.fault.item import Item

ACTION = re.compile(r'action="([^"]+)"')
CODE = re.compile(r"(?:Reply|Antworten Sie mit)\D{0,12}(\d{5})")
NEXT_KEY = re.compile(r"Press (\d)")


class Surroundings(Protocol):
    """What the exchange needs of the world around it."""

    now: datetime
    dice: random.Random

    def later(self, seconds: float, act: Any) -> None:
        """``act`` happens in so many seconds."""

    def reach_web(self, act: Any, *, repeat: bool) -> Any:
        """A web process does ``act``; None when it dies doing so."""


@dataclass
class Exchange:
    """Takes what it is asked to send and reports what becomes of it.

    ``troubles`` is asked before every request and every report what goes wrong with it.
    ``phones`` says for a number how the next call or text goes.
    """

    world: Surroundings
    troubles: Any
    phones: Any
    items: dict[str, Item] = field(default_factory=dict)
    # How often each attempt's token was accepted, and when first.
    accepted: Counter[str] = field(default_factory=Counter)
    first_accepted: dict[str, datetime] = field(default_factory=dict)
    asked: int = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    # One for the night: to set up what stands before the views takes longer than they.
    _door: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def answer(self, request: requests.PreparedRequest) -> requests.Response:
        """Instead of the network. Raises what ``requests`` raises for trouble."""
        self.asked += 1
        url = urlsplit(request.url or "")
        second = url.hostname == HOST
        trouble = self.troubles.of_request(
            "gateway" if second else "twilio", request.method == "POST"
        )
        if trouble == "gone":
            raise requests.ConnectionError("the connection was reset")
        if trouble == "timeout_before":
            self.world.now += timedelta(seconds=7)
            raise requests.ReadTimeout("no answer")
        if trouble == "error":
            return _response(request, 503, "<html>unavailable</html>")
        if trouble == "throttled":
            refused = {"code": 20429, "message": "Too many requests", "status": 429}
            return _response(request, 429, json.dumps(refused))
        query = parse_qs(url.query)
        if second:
            status, answer = gateway.carry_out(self, request, query)
        else:
            status, answer = self._carry_out(request, url.path, query)
        if trouble == "slow":
            self.world.now += timedelta(seconds=self.world.dice.choice((1, 3, 6)))
        if trouble == "timeout_after":
            self.world.now += timedelta(seconds=7)
            raise requests.ReadTimeout("no answer")
        early = answer.get("sid") or answer.get("id")
        if trouble == "early" and early:
            item = self.items[early]
            self._report(item, "ringing" if item.is_call else "sent", sequence=1)
        return _response(request, status, json.dumps(answer))

    def _carry_out(
        self, request: requests.PreparedRequest, path: str, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, Any]]:
        kind, _, sid = (
            path.removesuffix(".json")
            .partition("/Accounts/")[2]
            .partition("/")[2]
            .partition("/")
        )
        if request.method == "GET" and sid:
            found = self.items.get(sid)
            return (200, found.as_json()) if found else (404, _unknown())
        if request.method == "GET":
            return 200, {kind.lower(): self._list(kind, query)}
        form = {k: v[0] for k, v in parse_qs(str(request.body or "")).items()}
        if sid:
            self._cancel(self.items[sid])
            return 200, self.items[sid].as_json()
        return 201, self.take(kind, form).as_json()

    def take(self, kind: str, form: dict[str, str]) -> Item:
        """The call or message is under way."""
        prefix = {"Calls": "CA", "Messages": "SM", "gateway": "G-"}[kind]
        item = Item(
            sid=f"{prefix}{next(self._numbers):032d}",
            to=form["To"],
            sender=form["From"],
            body=form.get("Body") or form.get("Twiml", ""),
            callback=form.get("StatusCallback", ""),
            taken_at=self.world.now,
            ring=float(form.get("Timeout", 25)),
        )
        self.items[item.sid] = item
        if item.token:
            self.accepted[item.token] += 1
            self.first_accepted.setdefault(item.token, self.world.now)
        if item.is_call:
            self._ring(item)
        else:
            self._deliver(item)
        return item

    def _list(self, kind: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        since = query.get("StartTime>", query.get("DateSent>", [""]))[0]
        after = (
            datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)
        )
        if after.tzinfo is None:
            after = after.replace(tzinfo=UTC)
        return [
            item.as_json()
            for item in reversed(self.items.values())
            if item.sid.startswith("CA" if kind == "Calls" else "SM")
            and item.to == query.get("To", [item.to])[0]
            and item.taken_at.replace(microsecond=0) >= after.replace(microsecond=0)
        ]

    def _cancel(self, call: Item) -> None:
        if call.status in {"queued", "ringing"}:
            call.cancelled = True
            self._report(call, "canceled", sequence=9)

    def _ring(self, call: Item) -> None:
        behaviour = self.phones.of_call(call.to)
        later = self.world.later
        later(0.4, lambda: self._report(call, "initiated", sequence=0))
        if behaviour == "unreachable":
            later(1, lambda: self._report(call, "failed", sequence=1))
            return
        if behaviour == "busy":
            later(1.5, lambda: self._report(call, "busy", sequence=1))
            return
        later(1.2, lambda: self._report(call, "ringing", sequence=1))
        if behaviour == "no_answer":
            later(1.2 + call.ring, lambda: self._report(call, "no-answer", sequence=2))
            return
        picked_up = 1.2 + self.world.dice.uniform(2, 15)
        later(picked_up, lambda: self._report(call, "in-progress", sequence=2))
        if behaviour == "acknowledges":
            later(picked_up + 6, lambda: self._press(call, self._right_key(call)))
        if behaviour == "wrong_key":
            later(picked_up + 5, lambda: self._press(call, "0"))
            later(picked_up + 12, lambda: self._press(call, self._right_key(call)))
        later(picked_up + 25, lambda: self._report(call, "completed", sequence=3))

    def _deliver(self, text: Item) -> None:
        behaviour = self.phones.of_text(text.to)
        later = self.world.later
        later(0.5, lambda: self._report(text, "sent"))
        if behaviour == "undelivered":
            text.error = "30003"
            later(4, lambda: self._report(text, "undelivered"))
            return
        if behaviour == "unknown":
            return
        later(3, lambda: self._report(text, "delivered"))
        code = CODE.search(text.body)
        if behaviour == "replies" and code:
            later(
                self.world.dice.uniform(8, 200),
                lambda: self._write(text, code.group(1)),
            )

    def _right_key(self, call: Item) -> str:
        found = NEXT_KEY.search(call.body)
        return found.group(1) if found else ""

    def _press(self, call: Item, digit: str) -> None:
        action = ACTION.search(call.body)
        if action is None or not digit or call.cancelled:
            return
        values = {"CallSid": call.sid, "Digits": digit}
        self._post(action.group(1).replace("&amp;", "&"), values, repeat=True)

    def _write(self, answered: Item, text: str) -> None:
        sid = f"SM{next(self._numbers):032d}"
        if answered.is_of_the_gateway:
            told = {"id": sid, "from": answered.to, "text": text}
            path = "/webhooks/gateway/sms/inbound"
            self._knock(path, told, gateway.SIGNED, repeat=True)
            return
        url = f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/sms/inbound"
        values = {
            "MessageSid": sid,
            "From": answered.to,
            "To": answered.sender,
            "Body": text,
        }
        self._post(url, values, repeat=True)

    def _report(self, item: Item, status: str, *, sequence: int = -1) -> None:
        """The status is told, unless something happens to the report."""
        if item.cancelled and status != "canceled":
            return
        item.status, item.sequence = status, sequence
        if not item.callback:
            return
        values = {"CallSid" if item.is_call else "MessageSid": item.sid}
        values["CallStatus" if item.is_call else "MessageStatus"] = status
        if sequence >= 0:
            values["SequenceNumber"] = str(sequence)
        if item.error and status == "undelivered":
            values["ErrorCode"] = item.error
        trouble = self.troubles.of_report()
        if trouble == "lost":
            return

        def tell() -> None:
            if item.is_of_the_gateway:
                path = item.callback.removeprefix(settings.PUBLIC_BASE_URL)
                told = {"id": item.sid, "status": status, "error": item.error}
                self._knock(path, told, gateway.SIGNED, repeat=False)
            else:
                self._post(item.callback, values, repeat=False)

        if trouble == "reordered":
            self.world.later(self.world.dice.uniform(1, 8), tell)
            return
        tell()
        if trouble == "doubled":
            self.world.later(self.world.dice.uniform(0, 5), tell)

    def _post(self, url: str, values: dict[str, str], *, repeat: bool) -> None:
        token = settings.TWILIO_AUTH_TOKEN
        signature = RequestValidator(token).compute_signature(url, values)
        path = url.removeprefix(settings.PUBLIC_BASE_URL)
        self._knock(path, values, {"X-Twilio-Signature": signature}, repeat=repeat)

    def _knock(
        self, path: str, values: dict[str, str], signed: dict[str, str], *, repeat: bool
    ) -> None:
        self.world.reach_web(
            lambda: self._door.post(path, values, headers=signed), repeat=repeat
        )


def _unknown() -> dict[str, Any]:
    return {"code": 20404, "message": "not found", "status": 404}


def _response(
    request: requests.PreparedRequest, status: int, text: str
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = text.encode()
    response.headers["Content-Type"] = "application/json"
    response.request = request
    response.url = request.url or ""
    return response
