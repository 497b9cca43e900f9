"""The state of the network: who is talking, what was texted. One lock over all."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from emergency.simulator.behaviours import Behaviour, NoBehaviour
from emergency.simulator.callbacks import Courier
from emergency.simulator.configuration import Configuration
from emergency.simulator.faults import Faults
from emergency.simulator.letters import signed
from emergency.simulator.phones import Phone, PhoneBook
from emergency.simulator.records import (
    API_VERSION,
    FINAL_CALL,
    Call,
    Line,
    Message,
    Push,
    rfc2822,
)
from emergency.simulator.scripts import KINDS, Scripts

PUSHES_KEPT = 1000
_EVENT_OF = {"in-progress": "answered"}


class NotPossible(Exception):
    """A phone cannot do that now; the text says why.

    `behaviour` is what was taken for a behaviour and is none.
    """

    def __init__(self, reason: str, behaviour: str | None = None) -> None:
        super().__init__(reason)
        self.behaviour = behaviour


class Network:
    """All calls and messages. Changes happen under `changed`, a condition."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.changed = threading.Condition(threading.RLock())
        self.faults = Faults(self.changed)
        self.courier = Courier(self.faults)
        self.book = PhoneBook(configuration.directory)
        self.calls: dict[str, Call] = {}
        self.messages: dict[str, Message] = {}
        self.pushes: deque[Push] = deque(maxlen=PUSHES_KEPT)
        self._scripts = Scripts(self.book.usual)
        self._strangers: dict[str, Phone] = {}
        self.opted_out: set[tuple[str, str]] = set()

    # What is known

    def phones(self) -> list[Phone]:
        """Return the phones of the book, then every other number met so far."""
        with self.changed:
            known = {phone.number: phone for phone in self.book.phones()}
            strangers = [
                phone for phone in self._strangers.values() if phone.number not in known
            ]
            return [*known.values(), *strangers]

    def meet(self, number: str) -> None:
        """Make sure the number has a phone."""
        with self.changed:
            self._strangers.setdefault(number, Phone(number))

    def ahead(self, number: str, kind: str) -> tuple[Behaviour, ...]:
        """Return how this phone will react to calls or messages; the last one stays."""
        with self.changed:
            return self._scripts.ahead(number, kind)

    def play(self, number: str, kind: str, said: str = "") -> Behaviour:
        """Return how the phone reacts to this call or message, and go one on."""
        with self.changed:
            return self._scripts.play(number, kind, said)

    def write_script(self, number: str, script: str, kind: str = "") -> None:
        """Let the phone play the script, for one kind or both; raise NotPossible."""
        with self.changed:
            try:
                self._scripts.write(number, (kind,) if kind else KINDS, script)
            except NoBehaviour as error:
                raise NotPossible(str(error), error.code) from error
            self.meet(number)
            self.changed.notify_all()

    def lend(
        self, cast: str, scripts: Mapping[str, str], about: Iterable[str] = ()
    ) -> None:
        """Let these phones play the cast's scripts for calls, where some words are
        known for calls with one of them; raise NotPossible."""
        with self.changed:
            try:
                for number, script in scripts.items():
                    self._scripts.lend(cast, number, script, time.monotonic())
                    self.meet(number)
                self._scripts.tell(cast, about)
            except NoBehaviour as error:
                self._scripts.end(cast)
                raise NotPossible(str(error), error.code) from error
            self.changed.notify_all()

    def end_cast(self, cast: str) -> list[str]:
        """Let the cast's phones play what they played before it; return who."""
        with self.changed:
            ended = self._scripts.end(cast)
            self.changed.notify_all()
            return ended

    def casts(self) -> dict[str, float]:
        """Return the casts under way, and for how many seconds."""
        with self.changed:
            return self._scripts.casts(time.monotonic())

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait until the condition holds; False when the time was over first."""
        with self.changed:
            return self.changed.wait_for(until, timeout=max(seconds, 0))

    def take(self, seconds: float, unless: Callable[[], bool] = lambda: False) -> None:
        """Let the moment pass that the network itself needs, at its pace."""
        self.wait(unless, seconds * self.configuration.pace)

    # What happens

    def add_call(self, call: Call) -> None:
        """Let the call begin; its phone exists afterwards."""
        with self.changed:
            self.meet(call.order.to)
            self.calls[call.sid] = call
            self.changed.notify_all()

    def add_message(self, message: Message) -> None:
        """Keep the message."""
        with self.changed:
            self.messages[message.sid] = message
            self.changed.notify_all()

    def add_push(self, push: Push) -> None:
        """Keep the notification; the oldest goes when there are too many."""
        with self.changed:
            self.pushes.append(push)
            self.changed.notify_all()

    def note(self, call: Call, kind: str, text: str, language: str = "") -> None:
        """Add one line to what was heard during the call."""
        with self.changed:
            call.transcript.append(Line(datetime.now(UTC), kind, text, language))
            self.changed.notify_all()

    def move(self, call: Call, status: str, *, only_from: str | None = None) -> bool:
        """Bring the call into the status and tell whoever asked to be told.

        False, and nothing changed, when the call is over or not in `only_from`.
        """
        with self.changed:
            if call.final or call.forgotten or only_from not in (None, call.status):
                return False
            now = datetime.now(UTC)
            call.status, call.updated = status, now
            if status == "ringing":
                call.started = now
            elif status == "in-progress":
                call.answered = now
            if status in FINAL_CALL:
                call.started = call.started or now
                call.ended = now
                call.gathering = None
            self.announce(call, _event_of(call), now)
            self.changed.notify_all()
            return True

    def announce(self, call: Call, event: str, now: datetime) -> None:
        """Send the status callback of an event, if it was ordered."""
        order = call.order
        wanted = event in order.status_callback_events and not call.forgotten
        if not order.status_callback or not wanted:
            return
        fields = call_fields(self.configuration.account_sid, call)
        if event == "initiated":
            fields["CallStatus"] = "initiated"
        fields |= {
            "Timestamp": rfc2822(now),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
        }
        if event == "completed":
            fields["CallDuration"] = str(call.seconds)
            fields["Duration"] = str(-(-call.seconds // 60))
            if call.sip_code or call.answered:
                fields["SipResponseCode"] = str(call.sip_code or 200)
        call.sequence += 1
        method = order.status_callback_method
        self.courier.tell(
            signed(
                self.configuration,
                order.status_callback,
                method,
                fields,
                report="calls",
            )
        )

    # What people do with their phones

    def call(self, sid: str) -> Call:
        """Return the call; raise KeyError when there is none."""
        with self.changed:
            return self.calls[sid]

    def answer(self, call: Call) -> None:
        """Pick up a ringing phone."""
        if not self.move(call, "in-progress", only_from="ringing"):
            raise NotPossible(f"the call does not ring, it is {call.status}")

    def reject(self, call: Call) -> None:
        """Decline a ringing call."""
        with self.changed:
            if call.status == "ringing":
                call.sip_code = 486
            if not self.move(call, "busy", only_from="ringing"):
                raise NotPossible(f"the call does not ring, it is {call.status}")

    def hang_up(self, call: Call) -> None:
        """Put the phone down during a call."""
        if not self.move(call, "completed", only_from="in-progress"):
            raise NotPossible(f"nobody is talking, the call is {call.status}")

    def press(self, call: Call, digits: str) -> bool:
        """Press keys during a call; False when nobody listens for keys now."""
        if not digits or any(key not in "0123456789*#" for key in digits):
            raise NotPossible("digits are 0 to 9, * and #")
        with self.changed:
            if call.status != "in-progress":
                raise NotPossible(f"nobody is talking, the call is {call.status}")
            call.pressed += digits
            ends = call.ended_by_star is not None and "*" in digits
            heard = call.gathering is not None or ends
            self.note(call, "key" if heard else "key_unheard", digits)
            if call.gathering is not None:
                call.gathering.keys.extend(digits)
            elif ends and call.ended_by_star is not None:
                self.move(call.ended_by_star, "completed", only_from="in-progress")
                self.move(call.ended_by_star, "canceled")
            self.changed.notify_all()
            return heard

    def reset(self) -> None:
        """Forget every call, message, script and trouble; nobody is told."""
        with self.changed:
            for call in self.calls.values():
                call.forgotten = True
            self.calls.clear()
            self.messages.clear()
            self.pushes.clear()
            self._scripts.clear()
            self._strangers.clear()
            self.opted_out.clear()
            self.faults.clear()
            self.courier.forget()
            self.changed.notify_all()


def call_fields(account_sid: str, call: Call) -> dict[str, str]:
    """Return the fields that every request about a call carries."""
    fields = {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "From": call.order.from_,
        "To": call.order.to,
        "Caller": call.order.from_,
        "Called": call.order.to,
        "CallStatus": call.status,
        "ApiVersion": API_VERSION,
        "Direction": call.order.direction,
    }
    if call.order.parent_sid:
        fields["ParentCallSid"] = call.order.parent_sid
    if call.answered_by and not call.order.async_amd:
        fields["AnsweredBy"] = call.answered_by
    return fields


def _event_of(call: Call) -> str:
    return "completed" if call.final else _EVENT_OF.get(call.status, call.status)
