"""SMS through any gateway that takes an HTTP request: the second way to a telephone.

The gateway is described by settings: where to ask, with which fields, how it is told
who we are, and what its answers and reports mean. No request is retried here.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings

from emergency.pagers.base import (
    LONGEST_ID,
    PageOrder,
    PagerError,
    Receipt,
    TextOrder,
)
from emergency.pagers.network import CONNECT_SECONDS, never_arrived, seconds_asked_for
from emergency.pagers.wording import short_text

METHODS = ("POST", "PUT", "GET")
FORMATS = ("json", "form", "query")
AUTHENTICATIONS = ("bearer", "basic", "header", "none")
FIELDS = ("to", "from", "text", "token", "callback_url")
# Our words for a message's life; the settings say which of the gateway's mean them.
WORDS = ("queued", "sent", "delivered", "undelivered", "failed")
# Longer runs of digits could be a telephone number.
CODE = re.compile(r"(?!.*\d{7})[\w.-]{1,40}", re.ASCII)


def callback_url(token: str) -> str:
    """Where the gateway reports what became of the message; the token names the
    attempt."""
    return f"{settings.PUBLIC_BASE_URL}/webhooks/gateway/sms/{token}/status"


def our_word(theirs: str) -> str:
    """The gateway's word for a message's state in ours; ``queued`` for any other."""
    said = theirs.casefold()
    for word, meant in settings.SMS_GATEWAY["STATUS_WORDS"].items():
        if said in {one.casefold() for one in meant}:
            return str(word)
    return "queued"


def at(answer: Any, path: str) -> Any:
    """What stands at a dotted path (``messages.0.id``) of an answer; None if
    nothing."""
    place = answer
    for part in path.split(".") if path else []:
        if isinstance(place, Mapping):
            place = place.get(part)
        elif isinstance(place, list) and part.isdecimal() and int(part) < len(place):
            place = place[int(part)]
        else:
            return None
    return place


def found(answer: Any, path: str) -> str:
    """The text or number at a dotted path; empty if there is none."""
    place = at(answer, path)
    return "" if place is None or isinstance(place, Mapping | list) else str(place)


def problems() -> list[str]:
    """What in the description of the gateway cannot work; empty without a gateway."""
    chosen = settings.SMS_GATEWAY
    if not chosen["URL"]:
        return []
    wrong = []
    if not chosen["URL"].startswith(("https://", "http://")):
        wrong.append("SMS_GATEWAY_URL")
    if chosen["METHOD"] not in METHODS:
        wrong.append("SMS_GATEWAY_METHOD")
    if chosen["FORMAT"] not in FORMATS:
        wrong.append("SMS_GATEWAY_FORMAT")
    if chosen["AUTH"] not in AUTHENTICATIONS:
        wrong.append("SMS_GATEWAY_AUTH")
    if chosen["AUTH"] != "none" and not chosen["SECRET"]:
        wrong.append("SMS_GATEWAY_SECRET")
    if not chosen["CALLBACK_SECRET"]:
        wrong.append("SMS_GATEWAY_CALLBACK_SECRET")
    if not _can_be_filled(chosen["FIELDS"]):
        wrong.append("SMS_GATEWAY_FIELDS")
    if not isinstance(chosen["STATUS_WORDS"], dict) or not set(
        chosen["STATUS_WORDS"]
    ) <= set(WORDS):
        wrong.append("SMS_GATEWAY_STATUS_WORDS")
    return wrong


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A text that somebody sent to our number."""

    sender: str
    text: str
    message_id: str


def as_report(told: Any) -> dict[str, str]:
    """The gateway's report in the words in which the first provider reports."""
    chosen = settings.SMS_GATEWAY
    status = our_word(found(told, chosen["STATUS_PATH"]))
    values = {
        "MessageSid": found(told, chosen["ID_PATH"])[:LONGEST_ID],
        "MessageStatus": status,
    }
    if status in {"undelivered", "failed"}:
        values["ErrorCode"] = error_code(told)
    return values


def as_reply(told: Any) -> Reply:
    """The gateway's message as it is read; the number in E.164."""
    chosen = settings.SMS_GATEWAY
    sender = found(told, chosen["SENDER_PATH"]).strip()
    if sender.startswith("00"):
        sender = f"+{sender[2:]}"
    elif sender[:1].isdecimal():
        sender = f"+{sender}"
    return Reply(
        sender=sender,
        text=found(told, chosen["TEXT_PATH"]),
        message_id=found(told, chosen["ID_PATH"])[:LONGEST_ID],
    )


class GatewayPager:
    """Pages by an SMS that can be answered with its code, where the gateway takes
    replies."""

    provider = "gateway"

    def is_configured(self) -> bool:
        return bool(settings.SMS_GATEWAY["URL"])

    def send(self, order: PageOrder | TextOrder) -> Receipt:
        chosen = settings.SMS_GATEWAY
        if not chosen["URL"] or problems():
            raise PagerError("not_configured")
        values = {
            "to": order.address,
            "from": chosen["FROM"],
            "text": short_text(order),
            "token": order.token,
            "callback_url": callback_url(order.token),
        }
        answer = _asked(
            chosen["METHOD"], chosen["URL"], filled(chosen["FIELDS"], values)
        )
        receipt = _receipt(answer, order.token)
        if receipt.status == "failed":
            raise PagerError(receipt.error_code, answered=True)
        return receipt

    def find(self, order: PageOrder | TextOrder, since: datetime) -> list[Receipt]:
        address = settings.SMS_GATEWAY["FIND_URL"]
        receipts = []
        for token in order.earlier_tokens if address else ():
            try:
                answer = _asked("GET", address.replace("{token}", token), None)
            except PagerError as error:
                if error.code != "http_404":
                    raise
                continue
            message = at(answer, settings.SMS_GATEWAY["FOUND_PATH"])
            if message:
                receipts.append(_receipt(message, token))
        return receipts

    def look_up(self, provider_id: str) -> Receipt | None:
        address = settings.SMS_GATEWAY["LOOKUP_URL"]
        if not address:
            return None
        address = address.replace("{id}", quote(provider_id, safe=""))
        return _receipt(_asked("GET", address, None), provider_id)


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """The template with every ``{name}`` in its texts replaced, whatever else stands
    there kept."""
    if isinstance(template, Mapping):
        return {key: filled(part, values) for key, part in template.items()}
    if isinstance(template, list):
        return [filled(part, values) for part in template]
    if not isinstance(template, str):
        return template
    # In one pass: a text that contains "{token}" must not be filled a second time.
    parts = []
    rest = template
    while rest:
        before, brace, after = rest.partition("{")
        parts.append(before)
        name, closing, tail = after.partition("}")
        if closing and name in values:
            parts.append(values[name])
            rest = tail
        else:
            parts.append(brace)
            rest = after
    return "".join(parts)


def _can_be_filled(template: Any) -> bool:
    """Whether the message would name its receiver and its text."""
    if not isinstance(template, dict):
        return False
    signs = {name: f"<{name}>" for name in FIELDS}
    text = json.dumps(filled(template, signs))
    return "<to>" in text and "<text>" in text


def _asked(method: str, address: str, fields: Any) -> Any:
    """The gateway's answer, parsed. Raises PagerError."""
    chosen = settings.SMS_GATEWAY
    body: dict[str, Any] = {}
    if fields is not None:
        place = {"json": "json", "form": "data", "query": "params"}[chosen["FORMAT"]]
        body[place] = fields if place == "json" else as_pairs(fields)
    try:
        answer = requests.request(
            method,
            address,
            headers=_who_we_are(),
            timeout=(CONNECT_SECONDS, settings.TWILIO_TIMEOUT_SECONDS),
            allow_redirects=False,
            **body,
        )
    except requests.RequestException as error:
        if never_arrived(error):
            raise PagerError("no_connection") from error
        raise PagerError("no_answer_from_provider", unknown=True) from error
    if answer.status_code >= 300:
        raise PagerError(
            f"http_{answer.status_code}",
            unknown=answer.status_code >= 500,
            answered=answer.status_code not in {401, 403, 429},
            retry_after=seconds_asked_for(answer.headers.get("Retry-After", "")),
        )
    try:
        return answer.json()
    except ValueError:
        return answer.text


def as_pairs(fields: Mapping[str, Any]) -> dict[str, str]:
    """Fields for a form or a query, which know texts alone."""
    return {name: str(value) for name, value in fields.items()}


def _who_we_are() -> dict[str, str]:
    chosen = settings.SMS_GATEWAY
    secret = chosen["SECRET"]
    if chosen["AUTH"] == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if chosen["AUTH"] == "basic":
        return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    return {chosen["AUTH_HEADER"]: secret} if chosen["AUTH"] == "header" else {}


def error_code(answer: Any) -> str:
    """The gateway's reason as a code that is safe to keep; free text is none."""
    reason = found(answer, settings.SMS_GATEWAY["ERROR_PATH"])
    return reason if CODE.fullmatch(reason) else "failed"


def _receipt(answer: Any, token: str) -> Receipt:
    chosen = settings.SMS_GATEWAY
    return Receipt(
        provider=GatewayPager.provider,
        # A gateway that gives no id is known by the token that we gave it.
        provider_id=(found(answer, chosen["ID_PATH"]) or token)[:LONGEST_ID],
        status=(status := our_word(found(answer, chosen["STATUS_PATH"]))),
        error_code=error_code(answer) if status in {"undelivered", "failed"} else "",
    )
