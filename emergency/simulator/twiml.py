"""TwiML as data: text in, verbs out. Strict where Twilio would only warn."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

KEYS = frozenset("0123456789*#")


class TwimlError(Exception):
    """The instructions cannot be had or followed; the call ends with an apology."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Say:
    """Speak the text, `loop` times."""

    text: str
    language: str = "en-US"
    loop: int = 1


@dataclass(frozen=True)
class Play:
    """Play a recording; the simulator only names it."""

    url: str


@dataclass(frozen=True)
class Pause:
    """Wait for `length` seconds."""

    length: float = 1.0


@dataclass(frozen=True)
class Gather:
    """Listen for keys while the prompts are spoken and `timeout` seconds more."""

    prompts: tuple["Prompt", ...] = ()
    num_digits: int | None = None
    timeout: float = 5.0
    finish_on_key: str = "#"
    action: str = ""
    method: str = "POST"
    action_on_empty: bool = False


@dataclass(frozen=True)
class Redirect:
    """Go on with the document at the URL."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Dial:
    """Ring another phone for `timeout` seconds and connect the two.

    `send_digits` are keys dialled once it is answered, before the two are connected.
    """

    number: str
    caller_id: str = ""
    timeout: int = 30
    time_limit: int = 14400
    hangup_on_star: bool = False
    send_digits: str = ""
    action: str = ""
    method: str = "POST"
    status_callback: str | None = None
    status_callback_method: str = "POST"
    status_callback_events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True)
class MessageReply:
    """Answer an inbound message with a text."""

    body: str


Prompt = Say | Play | Pause
Verb = Prompt | Gather | Redirect | Hangup | Dial | MessageReply
EVENTS = ("initiated", "ringing", "answered", "completed")


def parse(text: str) -> tuple[Verb, ...]:
    """Return the verbs of a document; raise TwimlError when it is not TwiML."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TwimlError(12100, "A document type is not part of TwiML.")
    try:
        root = ET.fromstring(text.strip())  # noqa: S314 - no entities, see above
    except ET.ParseError as error:
        raise TwimlError(12100, f"Document parse failure: {error}") from error
    if root.tag != "Response":
        raise TwimlError(12102, f"The root is <{root.tag}>, not <Response>.")
    return tuple(_verb(element, _READERS) for element in root)


_V = TypeVar("_V", bound=Verb)


def _verb(element: ET.Element, readers: dict[str, Callable[[ET.Element], _V]]) -> _V:
    reader = readers.get(element.tag)
    if reader is None:
        raise TwimlError(12200, f"<{element.tag}> is not understood here.")
    return reader(element)


def _text(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _say(element: ET.Element) -> Say:
    _only(element, "language", "voice", "loop")
    loop = _number(element, "loop", 1)
    language = element.get("language", "en-US")
    # Twilio repeats 0 without end; nobody can listen to that here.
    return Say(_text(element), language, loop or 1000)


def _play(element: ET.Element) -> Play:
    _only(element, "loop", "digits")
    return Play(_text(element) or element.get("digits", ""))


def _pause(element: ET.Element) -> Pause:
    _only(element, "length")
    return Pause(_number(element, "length", 1))


def _gather(element: ET.Element) -> Gather:
    _only(
        element,
        *("input", "numDigits", "timeout", "finishOnKey", "action", "method"),
        *("actionOnEmptyResult", "language"),
    )
    if element.get("input", "dtmf") != "dtmf":
        raise TwimlError(12200, "The simulator gathers keys only: input='dtmf'.")
    finish = element.get("finishOnKey", "#")
    if finish and (len(finish) != 1 or finish not in KEYS):
        raise TwimlError(12200, f"finishOnKey={finish!r} is not one key.")
    digits = element.get("numDigits")
    if digits is not None and _number(element, "numDigits", 1) < 1:
        raise TwimlError(12200, f"numDigits={digits!r} is not 1 or more.")
    return Gather(
        prompts=tuple(_verb(child, _PROMPTS) for child in element),
        num_digits=None if digits is None else _number(element, "numDigits", 1),
        timeout=_number(element, "timeout", 5),
        finish_on_key=finish,
        action=element.get("action", ""),
        method=_method(element, "method"),
        action_on_empty=element.get("actionOnEmptyResult", "false") == "true",
    )


def _redirect(element: ET.Element) -> Redirect:
    _only(element, "method")
    return Redirect(_text(element), _method(element, "method"))


def _hangup(element: ET.Element) -> Hangup:
    _only(element, "reason")
    return Hangup()


def _dial(element: ET.Element) -> Dial:
    _only(
        element,
        *("callerId", "timeout", "timeLimit", "action", "method", "hangupOnStar"),
        *("answerOnBridge", "record"),
    )
    children = list(element)
    if len(children) > 1 or (children and children[0].tag != "Number"):
        raise TwimlError(12200, "The simulator dials one <Number> only.")
    target = children[0] if children else element
    if children:
        _only(
            target,
            *("statusCallback", "statusCallbackEvent", "statusCallbackMethod"),
            "sendDigits",
        )
    events = tuple(target.get("statusCallbackEvent", "completed").split())
    if any(event not in EVENTS for event in events):
        raise TwimlError(12200, f"statusCallbackEvent={' '.join(events)!r}")
    digits = target.get("sendDigits", "")
    if any(key not in {*KEYS, "w", "W"} for key in digits):
        raise TwimlError(13224, f"sendDigits={digits!r} are no keys.")
    return Dial(
        number=_text(target).replace(" ", ""),
        caller_id=element.get("callerId", ""),
        timeout=_number(element, "timeout", 30),
        time_limit=_number(element, "timeLimit", 14400),
        hangup_on_star=element.get("hangupOnStar", "false") == "true",
        send_digits=digits,
        action=element.get("action", ""),
        method=_method(element, "method"),
        status_callback=target.get("statusCallback"),
        status_callback_method=_method(target, "statusCallbackMethod"),
        status_callback_events=events,
    )


def _message(element: ET.Element) -> MessageReply:
    return MessageReply("".join(element.itertext()).strip())


def _only(element: ET.Element, *known: str) -> None:
    for name in element.attrib:
        if name not in known:
            message = f"<{element.tag}> has no attribute {name!r}."
            raise TwimlError(12200, message)


def _number(element: ET.Element, name: str, default: int) -> int:
    text = element.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()):
        raise TwimlError(12200, f"{name}={text!r} is not a whole number.")
    return int(text)


def _method(element: ET.Element, name: str) -> str:
    method = element.get(name, "POST").upper()
    if method not in ("GET", "POST"):
        raise TwimlError(12200, f"{name}={method!r} is neither GET nor POST.")
    return method


_PROMPTS: dict[str, Callable[[ET.Element], Prompt]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
}
_READERS: dict[str, Callable[[ET.Element], Verb]] = {
    **_PROMPTS,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _hangup,
    "Dial": _dial,
    "Message": _message,
}


def web_address(text: str) -> bool:
    """True for an absolute http or https URL with a host."""
    try:
        parts = urlsplit(text)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port_is_fine
