"""The parameters of API requests: which exist, what they may hold."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

from emergency.simulator.twiml import web_address

INVALID = 20001
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# No number in Austria, Germany or Switzerland begins with the trunk zero.
_TRUNK_ZERO = ("+430", "+490", "+410")


class Refused(Exception):
    """The request is answered with an error: Twilio's code, text, HTTP status."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class Parameters:
    """Checked fields of one request, by name; a missing one is None."""

    def __init__(self, encoded: str, kinds: Mapping[str, str]) -> None:
        """Read an encoded form or query; raise Refused for what is not known."""
        self._values: dict[str, list[str]] = {}
        for name, value in parse_qsl(encoded, keep_blank_values=True):
            if name not in kinds:
                raise Refused(INVALID, f"Unknown parameter: {name}")
            self._values.setdefault(name, []).append(value)
        for name, values in self._values.items():
            kind = kinds[name]
            if kind != "list" and len(values) > 1:
                raise Refused(INVALID, f"Parameter {name} is given more than once")
            if values[0] or kind == "text":
                _check(name, kind, values[0])

    def text(self, name: str) -> str | None:
        """Return the value; None when missing or empty."""
        return self._values.get(name, [""])[0] or None

    def list(self, name: str) -> tuple[str, ...]:
        """Return all values of a repeated parameter."""
        return tuple(value for value in self._values.get(name, ()) if value)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds; raise Refused outside them."""
        text = self.text(name)
        value = default if text is None else int(text)
        if not least <= value <= most:
            raise Refused(INVALID, f"{name} is not between {least} and {most}: {value}")
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean; False when missing."""
        return (self.text(name) or "").lower() == "true"

    def method(self, name: str) -> str:
        """Return GET or POST, POST when missing."""
        return (self.text(name) or "POST").upper()

    def moment(self, name: str) -> datetime | None:
        """Return an instant in UTC; a bare date is its midnight."""
        text = self.text(name)
        return None if text is None else _moment(name, text)


def _check(name: str, kind: str, value: str) -> None:
    if kind == "integer" and not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise Refused(INVALID, f"{name} is not a whole number: {value!r}")
    if kind == "boolean" and value.lower() not in ("true", "false"):
        raise Refused(INVALID, f"{name} is neither true nor false: {value!r}")
    if kind == "method" and value.upper() not in ("GET", "POST"):
        raise Refused(INVALID, f"{name} is neither GET nor POST: {value!r}")
    if kind == "url" and not web_address(value):
        raise Refused(INVALID, f"{name} is not a web address: {value!r}")
    if kind == "moment":
        _moment(name, value)
    if kind == "phone" and not e164(value):
        raise Refused(INVALID, f"{name} is not a phone number: {value!r}")
    if kind == "price" and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value):
        raise Refused(INVALID, f"{name} is not a price: {value!r}")
    if "|" in kind and value not in kind.split("|"):
        raise Refused(INVALID, f"{name} is not one of {kind}: {value!r}")
    if len(kind) == 2 and not re.fullmatch(kind + "[0-9a-fA-F]{32}", value):
        raise Refused(INVALID, f"{name} is not an identifier {kind}...: {value!r}")


def _moment(name: str, text: str) -> datetime:
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(INVALID, f"{name} is not a date: {text!r}") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def e164(number: str) -> bool:
    """True for a number in E.164 that can exist."""
    return bool(_E164.fullmatch(number)) and not number.startswith(_TRUNK_ZERO)


def callback_address(value: str | None) -> bool:
    """True when a status callback may go there: no underscore in the host."""
    if value is None:
        return True
    return web_address(value) and "_" not in (urlsplit(value).hostname or "")


def _kinds(text: str) -> dict[str, str]:
    entries = (entry.partition(":") for entry in text.split())
    return {name: kind for name, _, kind in entries}


NEW_CALL = _kinds(
    "To:text From:text Url:free Twiml:text ApplicationSid:AP Method:method "
    "FallbackUrl:free FallbackMethod:method StatusCallback:free "
    "StatusCallbackEvent:list StatusCallbackMethod:method SendDigits:text "
    "Timeout:integer TimeLimit:integer MachineDetection:text "
    "MachineDetectionTimeout:integer MachineDetectionSpeechThreshold:integer "
    "MachineDetectionSpeechEndThreshold:integer "
    "MachineDetectionSilenceTimeout:integer AsyncAmd:boolean "
    "AsyncAmdStatusCallback:url AsyncAmdStatusCallbackMethod:method "
    "Record:boolean RecordingChannels:text RecordingStatusCallback:url "
    "RecordingStatusCallbackMethod:method RecordingStatusCallbackEvent:list "
    "RecordingTrack:text Trim:text CallerId:text CallReason:text CallToken:text "
    "Byoc:BY SipAuthUsername:text SipAuthPassword:text ClientNotificationUrl:url"
)
CHANGED_CALL = _kinds(
    "Url:free Twiml:text Method:method Status:text FallbackUrl:free "
    "FallbackMethod:method StatusCallback:free StatusCallbackMethod:method "
    "TimeLimit:integer"
)
NEW_MESSAGE = _kinds(
    "To:text From:text Body:text MediaUrl:list StatusCallback:free "
    "MessagingServiceSid:MG ApplicationSid:AP MaxPrice:price "
    "ProvideFeedback:boolean Attempt:integer ValidityPeriod:integer "
    "ForceDelivery:boolean ContentRetention:retain|discard "
    "AddressRetention:retain|obfuscate SmartEncoded:boolean "
    "PersistentAction:list TrafficType:free| ShortenUrls:boolean "
    "ScheduleType:fixed| SendAt:moment SendAsMms:boolean "
    "ContentVariables:text RiskCheck:enable|disable FallbackFrom:phone ContentSid:HX"
)
_PAGING = "PageSize:integer Page:integer PageToken:text "
CALL_LIST = _kinds(
    _PAGING + "To:text From:text ParentCallSid:CA "
    "Status:queued|ringing|in-progress|completed|busy|failed|no-answer|canceled "
    "StartTime:moment StartTime<:moment StartTime>:moment "
    "EndTime:moment EndTime<:moment EndTime>:moment"
)
MESSAGE_LIST = _kinds(
    _PAGING + "To:text From:text DateSent:moment DateSent<:moment DateSent>:moment"
)
