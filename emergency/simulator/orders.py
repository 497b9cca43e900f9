"""From request parameters to calls and messages; refuses what Twilio refuses."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from emergency.simulator.network import Network
from emergency.simulator.parameters import (
    CHANGED_CALL,
    INVALID,
    NEW_CALL,
    NEW_MESSAGE,
    Parameters,
    Refused,
    callback_address,
    e164,
)
from emergency.simulator.records import Call, CallOrder, Message, Source
from emergency.simulator.twiml import EVENTS, web_address

LONGEST_TWIML = 4000
LONGEST_BODY = 1600
_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}|[0-9]{3,8}")
# Twilio's own test numbers: (code for a message, code for a call).
MAGIC_TO = {
    "+15005550001": (21211, 21217, "The 'To' number is not a valid phone number."),
    "+15005550002": (21612, 21214, "The 'To' number cannot be reached."),
    "+15005550003": (21408, 21215, "No permission for the region of 'To'."),
    "+15005550004": (21610, 21216, "The 'To' number refuses to be contacted."),
    "+15005550009": (21614, None, "The 'To' number cannot receive messages."),
}
MAGIC_FROM = {
    "+15005550001": (21212, 21212, "The 'From' number is not valid."),
    "+15005550007": (21606, 21210, "The 'From' number is not yours."),
    "+15005550008": (21611, None, "The 'From' number has its queue full."),
}


def call_order(body: str) -> CallOrder:
    """Read the form of a new call; raise Refused."""
    given = Parameters(body, NEW_CALL)
    to, from_ = given.text("To"), given.text("From")
    if to is None:
        raise Refused(21201, "No 'To' number is specified")
    if from_ is None:
        raise Refused(21213, "No 'From' number is specified")
    _magic(to, from_, 1)
    if not e164(to):
        code = 21217 if to.startswith("+") else 21211
        raise Refused(code, f"The 'To' number {to} is not a valid phone number.")
    if not e164(from_):
        raise Refused(21212, f"The 'From' number {from_} is not valid.")
    detection = given.text("MachineDetection")
    if detection not in (None, "Enable", "DetectMessageEnd"):
        raise Refused(INVALID, f"MachineDetection is not known: {detection}")
    return CallOrder(
        to=to,
        from_=from_,
        source=_source(given),
        fallback=_fallback(given),
        status_callback=_status_callback(given),
        status_callback_method=given.method("StatusCallbackMethod"),
        status_callback_events=_events(given),
        timeout=given.number("Timeout", 60, 1, 600),
        time_limit=given.number("TimeLimit", 14400, 1, 86400),
        machine_detection=None if given.text("SendDigits") else detection,
        async_amd=given.flag("AsyncAmd"),
        async_amd_callback=given.text("AsyncAmdStatusCallback"),
        async_amd_method=given.method("AsyncAmdStatusCallbackMethod"),
    )


def call_change(network: Network, call: Call, body: str) -> None:
    """Apply the form that changes a call: end it or redirect it; raise Refused.

    `canceled` ends a call nobody answered yet, `completed` any call. Addresses and the
    limit hold from then on.
    """
    given = Parameters(body, CHANGED_CALL)
    changes = _changes(given)
    status = given.text("Status")
    redirected = given.text("Url") or given.text("Twiml")
    with network.changed:
        if status is not None:
            if status not in ("canceled", "completed"):
                raise Refused(INVALID, f"Status is not canceled or completed: {status}")
            talking = call.status == "in-progress"
            if call.final or (talking and status == "canceled"):
                message = f"Call is {call.status}. It cannot be {status}."
                raise Refused(21220, message)
            network.move(call, "completed" if talking else "canceled")
        elif redirected:
            source = _source(given)
            if call.status != "in-progress":
                raise Refused(21220, "Call is not in-progress. Cannot redirect.")
            call.replacement = source
            network.changed.notify_all()
        if not call.final:
            call.order = replace(call.order, **changes)


def _changes(given: Parameters) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if given.text("FallbackUrl"):
        changes["fallback"] = _fallback(given)
    if given.text("StatusCallback"):
        changes["status_callback"] = _status_callback(given)
        changes["status_callback_method"] = given.method("StatusCallbackMethod")
    if given.text("TimeLimit"):
        changes["time_limit"] = given.number("TimeLimit", 14400, 1, 86400)
    return changes


def new_message(network: Network, body: str) -> Message:
    """Read the form of a new message; raise Refused."""
    given = Parameters(body, NEW_MESSAGE)
    to, from_ = given.text("To"), given.text("From")
    text, media = given.text("Body") or "", given.list("MediaUrl")
    if to is None:
        raise Refused(21604, "A 'To' phone number is required.")
    if given.text("MessagingServiceSid"):
        raise Refused(21701, "The messaging service does not exist.")
    if from_ is None:
        raise Refused(21603, "A 'From' phone number is required.")
    if not text and not media:
        raise Refused(21602, "Message body is required.")
    if len(text) > LONGEST_BODY:
        raise Refused(21617, f"The message body exceeds {LONGEST_BODY} characters.")
    _magic(to, from_, 0)
    if not e164(to):
        raise Refused(21211, f"The 'To' number {to} is not a valid phone number.")
    if not e164(from_) and not _SENDER.fullmatch(from_):
        raise Refused(21212, f"The 'From' number {from_} is not valid.")
    if to == from_:
        raise Refused(21266, "'To' and 'From' number cannot be the same.")
    if (from_, to) in network.opted_out:
        raise Refused(21610, "Attempt to send to unsubscribed recipient")
    if given.text("SendAt") or given.text("ScheduleType"):
        raise Refused(INVALID, "Scheduling needs a messaging service.")
    given.number("ValidityPeriod", 36000, 1, 36000)
    return Message(
        to=to,
        from_=from_,
        body=text,
        direction="outbound-api",
        status="queued",
        created=datetime.now(UTC),
        media=media,
        status_callback=_status_callback(given),
    )


def _magic(to: str, from_: str, kind: int) -> None:
    for number, table in ((to, MAGIC_TO), (from_, MAGIC_FROM)):
        message_code, call_code, message = table.get(number, (None, None, ""))
        code = (message_code, call_code)[kind]
        if code is not None:
            raise Refused(code, message)


def _source(given: Parameters) -> Source:
    url, twiml = given.text("Url"), given.text("Twiml")
    if url is not None:
        if not web_address(url):
            raise Refused(21205, f"Url is not a valid URL: {url}")
        return Source(url=url, method=given.method("Method"))
    if twiml is not None:
        if len(twiml) > LONGEST_TWIML:
            message = f"Twiml is longer than {LONGEST_TWIML} characters."
            raise Refused(INVALID, message)
        return Source(twiml=twiml)
    if given.text("ApplicationSid"):
        raise Refused(21218, "Invalid ApplicationSid: the account has no applications.")
    raise Refused(21205, "Url parameter is required, or Twiml, or ApplicationSid.")


def _fallback(given: Parameters) -> Source | None:
    url = given.text("FallbackUrl")
    if url is None:
        return None
    if not web_address(url):
        raise Refused(21205, f"FallbackUrl is not a valid URL: {url}")
    return Source(url=url, method=given.method("FallbackMethod"))


def _status_callback(given: Parameters) -> str | None:
    url = given.text("StatusCallback")
    if not callback_address(url):
        raise Refused(21609, f"The StatusCallback URL {url} is not a valid URL.")
    return url


def _events(given: Parameters) -> tuple[str, ...]:
    events = given.list("StatusCallbackEvent") or ("completed",)
    for event in events:
        if event not in EVENTS:
            raise Refused(INVALID, f"StatusCallbackEvent is not known: {event}")
    return events
