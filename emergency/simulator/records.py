"""The rows of the network: calls and messages, kept in memory."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from emergency.simulator.behaviours import MANUAL, Behaviour

API_VERSION = "2010-04-01"
FINAL_CALL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def new_sid(prefix: str) -> str:
    """Return a random identifier of 34 characters."""
    return prefix + secrets.token_hex(16)


def rfc2822(at: datetime) -> str:
    """Return the instant as the API writes it, in UTC."""
    return format_datetime(at.astimezone(UTC))


@dataclass(frozen=True)
class Source:
    """Where a call's next instructions are: inline text, or a URL to ask."""

    twiml: str | None = None
    url: str | None = None
    method: str = "POST"


@dataclass(frozen=True)
class CallOrder:
    """What was asked of the network when a call was placed.

    `timeout` (ringing) and `time_limit` (talking) are in seconds.
    """

    to: str
    from_: str
    source: Source = Source()
    fallback: Source | None = None
    status_callback: str | None = None
    status_callback_method: str = "POST"
    status_callback_events: tuple[str, ...] = ("completed",)
    timeout: int = 60
    time_limit: int = 14400
    machine_detection: str | None = None
    async_amd: bool = False
    async_amd_callback: str | None = None
    async_amd_method: str = "POST"
    direction: str = "outbound-api"
    parent_sid: str | None = None
    send_digits: str = ""

    @property
    def said(self) -> str:
        """What tells whom the call is about: its words and where it reports to."""
        parts = (self.source.twiml, self.source.url, self.status_callback)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Line:
    """One thing heard or done during a call."""

    at: datetime
    kind: str
    text: str
    language: str = ""


@dataclass
class Gathering:
    """Keys are being listened for right now."""

    num_digits: int | None
    finish_on_key: str
    timeout: float
    keys: deque[str] = field(default_factory=deque)


@dataclass
class Call:
    """One leg: one phone rung by the network."""

    order: CallOrder
    created: datetime
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: str = "queued"
    updated: datetime | None = None
    started: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    behaviour: Behaviour = MANUAL
    answerer: str = "human"
    sip_code: int | None = None
    sequence: int = 0
    transcript: list[Line] = field(default_factory=list)
    gathering: Gathering | None = None
    pressed: str = ""
    # The leg that the star key ends, while one is dialled that way.
    ended_by_star: "Call | None" = None
    replacement: Source | None = None
    forgotten: bool = False

    @property
    def final(self) -> bool:
        """True when nothing can happen to this call any more."""
        return self.status in FINAL_CALL

    @property
    def seconds(self) -> int:
        """Whole seconds between the answer and the end; 0 when never answered."""
        if self.answered is None or self.ended is None:
            return 0
        return round((self.ended - self.answered).total_seconds())

    @property
    def machine(self) -> bool:
        """True when no person can have picked up."""
        return self.answerer not in ("human", "unknown")

    @property
    def answered_by(self) -> str | None:
        """Who picked up; None unless detection was ordered and has an answer."""
        if not self.order.machine_detection or self.answered is None:
            return None
        waits_for_the_beep = self.order.machine_detection == "DetectMessageEnd"
        if self.answerer == "machine_start" and waits_for_the_beep:
            return "machine_end_beep"
        if self.answerer.startswith("machine_end") and not waits_for_the_beep:
            return "machine_start"
        return self.answerer


@dataclass
class Message:
    """One text message, to or from a phone.

    `network` is twilio or gateway; only the gateway has a `reference` of the sender's.
    """

    to: str
    from_: str
    body: str
    direction: str
    status: str
    created: datetime
    media: tuple[str, ...] = ()
    status_callback: str | None = None
    network: str = "twilio"
    reference: str = ""
    behaviour: Behaviour = MANUAL
    sid: str = ""
    updated: datetime | None = None
    sent: datetime | None = None
    error_code: int | None = None
    # Why nobody took an inbound message: a code of the wording, or plain facts.
    problem: str = ""

    def __post_init__(self) -> None:
        gateway = self.network == "gateway"
        prefix = "GW" if gateway else "MM" if self.media else "SM"
        self.sid = self.sid or new_sid(prefix)


@dataclass(frozen=True)
class Push:
    """One notification that came in under a name, as it was sent."""

    name: str
    at: datetime
    content: object
