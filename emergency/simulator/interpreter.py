"""Follows TwiML on a leg: speaks, listens, asks for the next document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from urllib.parse import urljoin

from emergency.simulator.twiml import (
    Dial,
    Gather,
    Hangup,
    MessageReply,
    Pause,
    Play,
    Redirect,
    Say,
    TwimlError,
    Verb,
    web_address,
)

APOLOGY = "We are sorry, an application error has occurred. Goodbye."
MOST_DOCUMENTS = 200


@dataclass(frozen=True)
class Document:
    """Verbs, and the URL they came from; None when they were given inline."""

    verbs: tuple[Verb, ...]
    url: str | None = None


Step = Callable[[], Document | None]


class HungUp(Exception):
    """The call is over; nobody listens any more."""


class Replaced(Exception):
    """The call was given other instructions from outside."""


class Leg(Protocol):
    """The call as the interpreter sees it. Every method may raise HungUp."""

    def say(self, text: str, language: str) -> bool:
        """Speak; return True when a key cut the speech short."""

    def rest(self, seconds: float) -> bool:
        """Be silent; return True when a key cut the silence short."""

    def listen(self, gather: Gather) -> None:
        """From now on keys count."""

    def digits(self, gather: Gather) -> tuple[str, str]:
        """Wait for the keys; return them and the key that finished, if any."""

    def fetch(self, url: str, method: str, fields: Mapping[str, str]) -> Document:
        """Ask for a document; raise TwimlError when there is none."""

    def dial(self, dial: Dial) -> Mapping[str, str]:
        """Ring and connect another phone; return what became of it."""

    def replacement(self) -> Document | None:
        """Return the instructions given from outside, once."""

    def fallback(self, error: TwimlError) -> Document | None:
        """Return the document that helps out after an error, once."""


def perform(leg: Leg, start: Step) -> None:
    """Follow the document that `start` gives, to its end, and what it leads to.

    The caller hangs up afterwards. Raises HungUp when the call ended first. An error
    is answered by the fallback document or spoken as an apology.
    """
    step = start
    for _ in range(MOST_DOCUMENTS):
        try:
            document = step()
            if document is None:
                return
            step = partial(_follow, leg, document)
        except Replaced:
            step = leg.replacement
        except TwimlError as error:
            step = partial(_apologise, leg, error)
    _apologise(leg, TwimlError(11100, "The documents lead in a circle."))


def _apologise(leg: Leg, error: TwimlError) -> Document | None:
    try:
        document = leg.fallback(error)
    except TwimlError:
        document = None
    if document is None:
        leg.say(APOLOGY, "en-US")
    return document


def _follow(leg: Leg, document: Document) -> Document | None:
    for verb in document.verbs:
        match verb:
            case Say() | Play() | Pause():
                _speak(leg, verb)
            case Gather():
                following = _gather(leg, document, verb)
                if following is not None:
                    return following
            case Redirect(url, method):
                return leg.fetch(_absolute(document, url), method, {})
            case Dial():
                outcome = leg.dial(verb)
                if verb.action:
                    address = _absolute(document, verb.action)
                    return leg.fetch(address, verb.method, outcome)
            case Hangup():
                return None
            case MessageReply():
                raise TwimlError(12200, "<Message> does not belong in a call.")
    return None


def _speak(leg: Leg, verb: Say | Play | Pause) -> bool:
    if isinstance(verb, Pause):
        return leg.rest(verb.length)
    if isinstance(verb, Play):
        return leg.say(f"[{verb.url}]", "")
    return any(leg.say(verb.text, verb.language) for _ in range(verb.loop))


def _gather(leg: Leg, document: Document, gather: Gather) -> Document | None:
    leg.listen(gather)
    for prompt in gather.prompts:
        if _speak(leg, prompt):
            break
    digits, finished_by = leg.digits(gather)
    if not digits and not gather.action_on_empty:
        return None
    fields = {"Digits": digits, "msg": "Gather End"}
    if finished_by:
        fields["FinishedOnKey"] = finished_by
    return leg.fetch(_absolute(document, gather.action), gather.method, fields)


def _absolute(document: Document, url: str) -> str:
    address = urljoin(document.url or "", url)
    if not web_address(address):
        message = f"{url!r} is no full address, and an inline document has none."
        raise TwimlError(11100, message)
    return address
